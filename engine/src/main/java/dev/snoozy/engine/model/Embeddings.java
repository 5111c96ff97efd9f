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
        boolean tied = !weights.has("output.weight");
        String output = tied ? "token_embd.weight" : "output.weight";
        return new Embeddings(
                weights.table("token_embd.weight", vocabulary, n),
                weights.vector("output_norm.weight", n),
                weights.matrix(output, vocabulary, n));
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
        return weights.table("position_embd.weight", rows, config.embedding());
    }
}
