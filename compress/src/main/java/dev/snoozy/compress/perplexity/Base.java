package dev.snoozy.compress.perplexity;

import dev.snoozy.engine.LanguageModel;

import java.util.List;

/**
 * What a model is compared with: the logits that another model gave for the same text. Used by one
 * thread at a time; whoever made it closes it.
 */
public sealed interface Base extends AutoCloseable permits Base.Live, Base.Kept, LogitsFile {
    /**
     * Another model, which reads the text beside the first. It belongs to its owner.
     *
     * @param model with the same vocabulary
     */
    record Live(LanguageModel model) implements Base {
        @Override
        public void close() {
            // The model is its owner's.
        }
    }

    /**
     * What another model gave, kept in memory: for a short text that is read again and again.
     *
     * @param rows logarithms of probabilities after each scored token of all chunks, {@code
     *     [tokens, vocabulary]}
     * @param own how well that model foresaw the text
     */
    record Kept(List<float[]> rows, PerplexityResult own) implements Base {
        public Kept {
            rows = List.copyOf(rows);
        }

        @Override
        public void close() {
            // Memory only.
        }
    }

    @Override
    void close();
}
