/**
 * Test items that have found their way into training data: the same thirteen words in a row, or the
 * whole of a short item.
 */
@NullMarked
package dev.snoozy.curate.decontaminate;

import org.jspecify.annotations.NullMarked;
