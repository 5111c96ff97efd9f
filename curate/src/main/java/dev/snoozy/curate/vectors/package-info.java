/** Many vectors, and which of them are near each other. */
@NullMarked
package dev.snoozy.curate.vectors;

import org.jspecify.annotations.NullMarked;
