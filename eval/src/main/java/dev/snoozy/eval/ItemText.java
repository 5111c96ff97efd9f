package dev.snoozy.eval;

import java.util.List;

/**
 * The words of an item.
 *
 * @param question what stands before the answers, or the sentence with the gap {@code _}
 * @param answers that a model chooses from
 */
public record ItemText(String question, List<String> answers) {
    public ItemText {
        answers = List.copyOf(answers);
    }
}
