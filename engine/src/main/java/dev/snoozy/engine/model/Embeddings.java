package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Both ends of a network.
 *
 * @param tokens {@code [vocabulary, embedding]}
 * @param outputNorm {@code [embedding]}
 * @param output {@code [vocabulary, embedding]}; the token table where the file has no other
 * @param outputBias {@code [vocabulary]}, or null
 */
record Embeddings(Tensor tokens, Tensor outputNorm, Tensor output, @Nullable Tensor outputBias) {
    static Embeddings of(ModelConfig config, Weights weights) {
        return of(config, weights, weights.vector("output_norm.weight", config.embedding()));
    }

    /** Those of an encoder, which asks for no scores. */
    static Embeddings ofEncoder(ModelConfig config, Weights weights) {
        int n = config.embedding();
        String name = "token_embd.weight";
        Tensor table = weights.table(name, weights.rowsOf(name), n);
        return new Embeddings(table, weights.vector("output_norm.weight", n), table, null);
    }

    /** Those of a file that has no weights for its last norm, or others. */
    static Embeddings of(ModelConfig config, Weights weights, Tensor outputNorm) {
        long vocabulary = weights.rowsOf("token_embd.weight");
        int n = config.embedding();
        boolean tied = !weights.has("output.weight");
        String output = tied ? "token_embd.weight" : "output.weight";
        return new Embeddings(
                weights.table("token_embd.weight", vocabulary, n),
                outputNorm,
                weights.matrix(output, vocabulary, n),
                weights.optionalVector("output.bias", vocabulary));
    }

    /** {@code [tokens, embedding]}. */
    Tensor embed(Kernels kernels, int[] ids) {
        return kernels.embed(tokens, ids);
    }

    /** {@code hidden [rows, embedding]} → {@code [rows, vocabulary]}. */
    Tensor scores(Kernels kernels, Tensor hidden) {
        return kernels.linear(hidden, output, outputBias);
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
