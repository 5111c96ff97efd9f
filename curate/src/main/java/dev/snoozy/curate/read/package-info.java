/** Files of instruction data, row by row: containers, formats and what is broken in them. */
@NullMarked
package dev.snoozy.curate.read;

import org.jspecify.annotations.NullMarked;
