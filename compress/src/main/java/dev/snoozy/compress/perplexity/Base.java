package dev.snoozy.compress.perplexity;

import dev.snoozy.engine.LanguageModel;

/**
 * What a model is compared with: the logits that another model gave for the same text. Used by one
 * thread at a time; whoever made it closes it.
 */
public sealed interface Base extends AutoCloseable permits Base.Live, LogitsFile {
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

    @Override
    void close();
}
