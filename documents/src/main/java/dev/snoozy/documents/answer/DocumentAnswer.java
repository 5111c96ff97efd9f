package dev.snoozy.documents.answer;

import java.util.List;

/**
 * An answer from documents. Immutable.
 *
 * @param text the answer
 * @param question that was searched for
 * @param found whether there were passages; if not, no model was asked
 * @param citations passages that the answer refers to, in the order in which it does
 * @param shown all passages that the model has seen
 */
public record DocumentAnswer(
        String text,
        String question,
        boolean found,
        List<Citation> citations,
        List<Citation> shown) {
    public DocumentAnswer {
        citations = List.copyOf(citations);
        shown = List.copyOf(shown);
    }
}
