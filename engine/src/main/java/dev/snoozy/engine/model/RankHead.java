package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Optional;

/**
 * The end of a model that judges how well a document answers a query (RoBERTa's classification
 * head, Liu et al. 2019, with one class): a layer with tanh and a linear map to one number, over
 * the state of the first token.
 */
public final class RankHead {
    private static final String DENSE = "cls";
    private static final String OUTPUT = "cls.output";

    private final Linear dense; // [embedding, embedding]
    private final float[] output; // [embedding]
    private final float bias;

    private RankHead(Linear dense, float[] output, float bias) {
        this.dense = dense;
        this.output = output;
        this.bias = bias;
    }

    /** The head of a file; empty if it has none. */
    static Optional<RankHead> of(ModelConfig config, Weights weights) {
        if (!weights.has(DENSE + ".weight")) {
            return Optional.empty();
        }
        int n = config.embedding();
        long types = weights.rowsOf("token_types.weight");
        if (types > 1) {
            throw new ModelException(
                    "tensor token_types.weight: expected one type of token in a model that judges"
                            + " pairs, found "
                            + types
                            + ": such a model is told by types which of two texts is which, and"
                            + " this version does not tell it");
        }
        Linear dense = weights.linear(DENSE, n, n);
        float[] bias =
                weights.has(OUTPUT + ".bias") ? weights.values(OUTPUT + ".bias", 1) : new float[1];
        return Optional.of(new RankHead(dense, weights.row(OUTPUT + ".weight", n), bias[0]));
    }

    /**
     * The first layer before tanh: {@code hidden [rows, embedding]} → {@code [rows, embedding]}.
     */
    public Tensor dense(Kernels kernels, Tensor hidden) {
        return dense.apply(kernels, hidden);
    }

    /**
     * The rest of it.
     *
     * @param row of {@link #dense}, {@code [embedding]}
     * @return the score; the higher, the better the answer; a logit
     */
    public float score(float[] row) {
        double sum = bias;
        for (int i = 0; i < row.length; i++) {
            sum += output[i] * Math.tanh(row[i]);
        }
        return (float) sum;
    }
}
