/**
 * Duplicates: the same text again (exact), nearly the same words (near), the same meaning
 * (semantic). Pure functions over texts and numbers: no files of data sets, so that a cluster can
 * run the same code.
 */
@NullMarked
package dev.snoozy.curate.dedup;

import org.jspecify.annotations.NullMarked;
