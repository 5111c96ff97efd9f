package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * Both ends of a decoder.
 *
 * @param tokens {@code [vocabulary, embedding]}
 * @param outputNorm {@code [embedding]}
 * @param output {@code [vocabulary, embedding]}; the token table where the file has no other
 */
record Embeddings(Tensor tokens, Tensor outputNorm, Tensor output) {
    static Embeddings of(ModelConfig config, Weights weights) {
        long vocabulary = weights.rowsOf("token_embd.weight");
        int n = config.embedding();
        Tensor tokens = weights.matrix("token_embd.weight", vocabulary, n);
        boolean tied = !weights.has("output.weight");
        return new Embeddings(
                tokens,
                weights.vector("output_norm.weight", n),
                tied ? tokens : weights.matrix("output.weight", vocabulary, n));
    }

    /** {@code [tokens, embedding]}. */
    Tensor embed(Kernels kernels, int[] ids) {
        return kernels.embed(tokens, ids);
    }

    /** A table of learnt positions, which bounds the context. */
    static Tensor positions(ModelConfig config, Weights weights) {
        long rows = weights.rowsOf("position_embd.weight");
        if (config.contextLength() > rows) {
            throw new ModelException(
                    "context length: expected at most "
                            + rows
                            + ", the positions the model has learnt, found "
                            + config.contextLength());
        }
        return weights.matrix("position_embd.weight", rows, config.embedding());
    }
}
