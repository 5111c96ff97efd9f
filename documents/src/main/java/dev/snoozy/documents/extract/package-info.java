/**
 * Text of files, with its structure. Whatever reads a file runs in a process of its own, with
 * bounds on memory, time and output.
 */
@NullMarked
package dev.snoozy.documents.extract;

import org.jspecify.annotations.NullMarked;
