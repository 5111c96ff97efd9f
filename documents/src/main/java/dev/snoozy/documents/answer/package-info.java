/** Answers from documents: the question, the passages, the prompt, the citations; summaries. */
@NullMarked
package dev.snoozy.documents.answer;

import org.jspecify.annotations.NullMarked;
