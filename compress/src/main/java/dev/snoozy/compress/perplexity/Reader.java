package dev.snoozy.compress.perplexity;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/** Lets a model read chunk after chunk, each from its beginning, and gives its scores in parts. */
final class Reader implements AutoCloseable {
    private final LanguageModel model;
    private final TextChunks text;
    private @Nullable Evaluation evaluation;

    Reader(LanguageModel model, TextChunks text) {
        this.model = model;
        this.text = text;
    }

    /**
     * The scores after some tokens of a chunk; parts of a chunk are asked for in their order.
     *
     * @param first of the scored tokens; 0 begins the chunk
     * @return {@code [count, vocabulary]}
     */
    List<float[]> rows(int chunk, int first, int count) {
        int[] tokens = text.read(chunk);
        int at = text.firstScored() + first;
        if (first == 0 || evaluation == null) {
            close();
            evaluation = model.evaluation();
            evaluation.append(Arrays.copyOf(tokens, at), false);
        }
        return evaluation.append(Arrays.copyOfRange(tokens, at, at + count), true);
    }

    @Override
    public void close() {
        if (evaluation != null) {
            evaluation.close();
            evaluation = null;
        }
    }
}
