package dev.snoozy.curate.pipeline;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.text.tokenizer.Tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a model makes of responses: the mean of {@code -ln p} over their tokens, after the prompt
 * and a line end, in nats. Little tells what the model knows already, much what is hard, or broken.
 * Used by one thread; closed by who made it.
 */
final class ResponseLoss implements AutoCloseable {
    /** Rows of scores that are in memory at a time: each has a number for every token there is. */
    private static final int TOKENS_AT_A_TIME = 64;

    private final LanguageModel model;

    private ResponseLoss(LanguageModel model) {
        this.model = model;
    }

    /**
     * Loads a model that writes text.
     *
     * @throws IOException if it cannot be read, or writes no text
     */
    static ResponseLoss of(Path model, int threads) throws IOException {
        try {
            LoadOptions options = LoadOptions.defaults().withThreads(threads);
            return new ResponseLoss(LanguageModel.load(model, options));
        } catch (FormatException | ModelException e) {
            throw new IOException(
                    "map: the model " + model.getFileName() + " gives no loss: " + e.getMessage(),
                    e);
        }
    }

    /**
     * The loss of a response, of as much as the context has room for.
     *
     * @return 0 or more; NaN if the prompt leaves no room, or the response has no token
     */
    double of(String prompt, String response) {
        Tokenizer tokenizer = model.tokenizer();
        int[] before = tokenizer.encode(prompt + "\n", true, false);
        int[] after = tokenizer.encode(response, false, false);
        int scored = Math.min(after.length, model.contextLength() - before.length);
        if (scored <= 0 || before.length == 0) {
            return Double.NaN;
        }
        double sum = 0;
        try (Evaluation text = model.evaluation()) {
            List<float[]> rows = text.append(before, false);
            for (int done = 0; done < scored; ) {
                int n = Math.min(scored - done, TOKENS_AT_A_TIME);
                sum += surprise(rows.getLast(), after[done]);
                rows = text.append(Arrays.copyOfRange(after, done, done + n), true);
                for (int i = 1; i < n; i++) {
                    sum += surprise(rows.get(i - 1), after[done + i]);
                }
                done += n;
            }
        }
        return sum / scored;
    }

    /** {@code -ln p} of a token by the scores {@code [vocabulary]} before any soft-max. */
    private static double surprise(float[] scores, int token) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score - (double) largest);
        }
        return largest + Math.log(sum) - scores[token];
    }

    @Override
    public void close() {
        model.close();
    }
}
