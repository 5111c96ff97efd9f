/** What makes a row unfit for training, as pure functions over records. */
@NullMarked
package dev.snoozy.curate.filter;

import org.jspecify.annotations.NullMarked;
