package dev.snoozy.engine;

import java.nio.file.Path;

/**
 * Who guesses the next tokens of a text, so that the model judges several of them in one batch
 * (speculative decoding, Leviathan et al. 2023). A guess counts only where it is the token that the
 * model would have chosen anyway, with the same random numbers: the text is the one that would have
 * come without. Guessing stops by itself where it does not pay, and begins again to try later; the
 * model's {@link LoadListener} is told once.
 */
public sealed interface Speculation {
    /** The most tokens that may be guessed at a time. */
    int MOST = 16;

    /** Nobody guesses. */
    Speculation OFF = new Off();

    /** The most tokens that are guessed at a time. */
    int tokens();

    /** Nobody guesses. */
    record Off() implements Speculation {
        @Override
        public int tokens() {
            return 0;
        }
    }

    /**
     * The text itself: where its last few tokens stand earlier in it, what came after them there is
     * guessed (prompt lookup, Saxena 2023). Costs nothing where there is nothing to be guessed, and
     * pays for answers that repeat their prompt: summaries, changed code, extracted facts.
     *
     * @param tokens the most that are guessed at a time, 1 to {@link #MOST}
     */
    record PromptLookup(int tokens) implements Speculation {
        public PromptLookup {
            check(tokens);
        }
    }

    /**
     * A smaller model with the same vocabulary.
     *
     * @param file its weights in GGUF
     * @param tokens the most that are guessed at a time, 1 to {@link #MOST}
     */
    record DraftModel(Path file, int tokens) implements Speculation {
        public DraftModel {
            check(tokens);
        }
    }

    private static void check(int tokens) {
        if (tokens < 1 || tokens > MOST) {
            throw new IllegalArgumentException(
                    "tokens to guess: expected 1 to " + MOST + ", found " + tokens);
        }
    }
}
