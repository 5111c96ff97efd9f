/** A whole curation: from files to a training set with its manifest and report. */
@NullMarked
package dev.snoozy.curate.pipeline;

import org.jspecify.annotations.NullMarked;
