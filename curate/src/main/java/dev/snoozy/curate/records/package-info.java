/** The one form that instruction data of every layout is brought into. */
@NullMarked
package dev.snoozy.curate.records;

import org.jspecify.annotations.NullMarked;
