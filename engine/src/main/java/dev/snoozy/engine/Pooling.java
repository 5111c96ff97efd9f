package dev.snoozy.engine;

import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.run.EmbeddingJob;

import java.util.List;

/**
 * How the vectors of the tokens become the vector of a text ({@code <architecture>.pooling_type}).
 */
public enum Pooling {
    /** They do not: every token keeps its own. */
    NONE,
    /** The mean of all tokens. */
    MEAN,
    /** The first token, which some models train for this. */
    CLS,
    /** The last token, which in a decoder has seen all others. */
    LAST,
    /** A score of a pair of texts, which the head of the model makes of the first token. */
    RANK;

    private static final int NONE_ID = 0;
    private static final int MEAN_ID = 1;
    private static final int CLS_ID = 2;
    private static final int LAST_ID = 3;
    private static final int RANK_ID = 4;

    static Pooling of(ModelConfig config) {
        int id = config.integer("pooling_type", NONE_ID);
        return switch (id) {
            // A file that does not say is pooled as most models are.
            case NONE_ID, MEAN_ID -> MEAN;
            case CLS_ID -> CLS;
            case LAST_ID -> LAST;
            case RANK_ID -> RANK;
            default ->
                    throw new ModelException(
                            config.key("pooling_type")
                                    + ": expected 0 (none), 1 (mean), 2 (cls), 3 (last) or 4"
                                    + " (rank), found "
                                    + id);
        };
    }

    /** The tokens whose vectors it needs. */
    EmbeddingJob.Rows rows() {
        return switch (this) {
            case NONE, MEAN -> EmbeddingJob.Rows.ALL;
            case CLS, RANK -> EmbeddingJob.Rows.FIRST;
            case LAST -> EmbeddingJob.Rows.LAST;
        };
    }

    /** The vector of a text, of the vectors that it needs. */
    float[] apply(List<float[]> tokens) {
        return switch (this) {
            case MEAN -> mean(tokens);
            case CLS, RANK -> tokens.getFirst();
            case LAST -> tokens.getLast();
            case NONE ->
                    throw new ModelException(
                            "pooling none: expected a pooling that makes one vector of a text;"
                                    + " cure: mean, cls or last, or ask for the vectors of the"
                                    + " tokens");
        };
    }

    private static float[] mean(List<float[]> tokens) {
        double[] sums = new double[tokens.getFirst().length];
        for (float[] token : tokens) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += token[i];
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sums[i] / tokens.size());
        }
        return mean;
    }

    /** The vector divided by its length; a vector of zeros stays. */
    static float[] normalize(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        double length = Math.sqrt(squares);
        float[] normal = new float[vector.length];
        for (int i = 0; i < normal.length; i++) {
            normal[i] = length == 0 ? 0 : (float) (vector[i] / length);
        }
        return normal;
    }
}
