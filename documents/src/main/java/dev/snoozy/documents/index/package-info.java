/** Collections of documents: chunks, the index over words and vectors, search. */
@NullMarked
package dev.snoozy.documents.index;

import org.jspecify.annotations.NullMarked;
