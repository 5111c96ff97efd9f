package dev.snoozy.documents.answer;

import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.engine.GenerationOptions;

import java.util.Objects;

/**
 * How a question is answered from documents. Immutable.
 *
 * @param search where passages are looked for; its question is replaced
 * @param generation how the answer is written
 * @param passageTokens for all passages together, or 0 for what the model's context has room for,
 *     at most {@value #USUAL_TOKENS}
 * @param rewrite whether a question within a conversation is first written anew, so that it can be
 *     understood, and searched for, without it
 * @param drops whether the oldest turns of a conversation that is too long may be left out, so that
 *     there is room for passages all the same
 */
public record AnswerOptions(
        SearchRequest search,
        GenerationOptions generation,
        int passageTokens,
        boolean rewrite,
        boolean drops) {
    /** More passages than these make answers slower and no better. */
    public static final int USUAL_TOKENS = 4096;

    /** Passages that are looked for; as many of them as fit are shown. */
    private static final int USUAL_COUNT = 16;

    public AnswerOptions {
        Objects.requireNonNull(search, "search");
        Objects.requireNonNull(generation, "generation");
        if (passageTokens < 0) {
            throw new IllegalArgumentException(
                    "passageTokens: expected 0 or more, found " + passageTokens);
        }
    }

    /** All documents, the default options of generation. */
    public static AnswerOptions defaults() {
        return new AnswerOptions(
                SearchRequest.of("", USUAL_COUNT), GenerationOptions.defaults(), 0, true, false);
    }

    public AnswerOptions withSearch(SearchRequest wanted) {
        return new AnswerOptions(wanted, generation, passageTokens, rewrite, drops);
    }

    public AnswerOptions withGeneration(GenerationOptions wanted) {
        return new AnswerOptions(search, wanted, passageTokens, rewrite, drops);
    }

    public AnswerOptions withPassageTokens(int wanted) {
        return new AnswerOptions(search, generation, wanted, rewrite, drops);
    }

    public AnswerOptions withRewrite(boolean wanted) {
        return new AnswerOptions(search, generation, passageTokens, wanted, drops);
    }

    public AnswerOptions withDropping(boolean wanted) {
        return new AnswerOptions(search, generation, passageTokens, rewrite, wanted);
    }
}
