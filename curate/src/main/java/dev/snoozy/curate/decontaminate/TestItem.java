package dev.snoozy.curate.decontaminate;

import java.util.List;

/**
 * An item that a model will be judged by.
 *
 * @param task the evaluation set
 * @param index its place there
 * @param texts the question or sentence first, then what else belongs to it: choices, a passage, an
 *     answer
 */
public record TestItem(String task, int index, List<String> texts) {
    public TestItem {
        texts = List.copyOf(texts);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(
                    "item " + index + " of " + task + " has no text; cure: give its question");
        }
    }
}
