package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * The first step of an encoder: token and token type.
 *
 * @param tokens {@code [vocabulary, embedding]}
 * @param types {@code [types, embedding]}; only type 0 is used, that of a single text
 * @param norm of the sum
 */
record EncoderInput(Tensor tokens, Tensor types, LayerNorm norm) {
    static EncoderInput of(ModelConfig config, Weights weights) {
        int n = config.embedding();
        if (config.heads() != config.kvHeads() || config.queryColumns() != n) {
            throw new ModelException(
                    config.architecture()
                            + " needs as many key heads as heads, and heads that fill the embedding");
        }
        return new EncoderInput(
                weights.table("token_embd.weight", weights.rowsOf("token_embd.weight"), n),
                weights.table("token_types.weight", weights.rowsOf("token_types.weight"), n),
                LayerNorm.of(weights, config, "token_embd_norm"));
    }

    /** {@code [tokens, embedding]}, before the norm. */
    Tensor embed(Kernels kernels, int[] ids) {
        return kernels.add(kernels.embed(tokens, ids), kernels.embed(types, new int[ids.length]));
    }
}
