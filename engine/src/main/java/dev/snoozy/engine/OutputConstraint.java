package dev.snoozy.engine;

import dev.snoozy.text.grammar.Grammar;

import java.util.List;

/**
 * What a generated text must look like. Immutable.
 *
 * <p>With an empty {@code startAfter} the grammar rules from the first token on. Otherwise the text
 * is free until one of these texts was written, for example {@code </think>} or {@code
 * <tool_call>}: the grammar rules what follows the first of them, and does not contain it. It is
 * found also inside a token, across tokens, and as the name of a control token. A text may end
 * without any of them.
 *
 * <p>A text that nothing can follow ends with {@link FinishReason#STOP}, without the model's token
 * for the end. When the tokens that are left only just suffice for the shortest end of the text,
 * these are taken without asking the model, which ends with {@code STOP}, too. Where they do not
 * suffice, the text is cut off with {@link FinishReason#LENGTH}.
 *
 * @param grammar which texts are allowed
 * @param startAfter texts after which the grammar starts; at most 64, none empty
 */
public record OutputConstraint(Grammar grammar, List<String> startAfter) {
    private static final int MOST_STARTS = 64;

    public OutputConstraint {
        startAfter = List.copyOf(startAfter);
        if (startAfter.size() > MOST_STARTS) {
            throw new IllegalArgumentException(
                    "startAfter: expected at most "
                            + MOST_STARTS
                            + " texts, found "
                            + startAfter.size());
        }
        if (startAfter.contains("")) {
            throw new IllegalArgumentException(
                    "startAfter: expected texts, found an empty one; cure: no texts at all for a"
                            + " grammar from the first token on");
        }
    }

    /** A grammar from the first token on. */
    public static OutputConstraint of(Grammar grammar) {
        return new OutputConstraint(grammar, List.of());
    }
}
