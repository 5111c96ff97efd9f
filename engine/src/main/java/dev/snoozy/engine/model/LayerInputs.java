package dev.snoozy.engine.model;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * What a token means to each layer (per-layer embeddings of Gemma 3n and 4): a row of a table of
 * its own, added to a map of the token's state.
 *
 * @param table {@code [vocabulary, layers * length]}
 * @param map {@code [layers * length, embedding]}
 * @param norm {@code [length]}
 * @param length columns for each layer
 * @param epsilon of the norm
 */
record LayerInputs(Tensor table, Linear map, Tensor norm, int length, float epsilon) {
    /** Those of a file, or null if its layers have none. */
    static @Nullable LayerInputs of(ModelConfig config, Weights weights) {
        if (config.integer("embedding_length_per_layer_input", 0) == 0) {
            return null;
        }
        return required(config, weights);
    }

    /** Those of a file that must have them. */
    static LayerInputs required(ModelConfig config, Weights weights) {
        int length = config.size("embedding_length_per_layer_input", 1 << 16);
        int columns = Math.multiplyExact(length, config.layers());
        String table = "per_layer_token_embd.weight";
        return new LayerInputs(
                weights.table(table, weights.rowsOf(table), columns),
                weights.linear("per_layer_model_proj", columns, config.embedding()),
                weights.vector("per_layer_proj_norm.weight", length),
                length,
                config.epsilon());
    }

    /** {@code x [tokens, embedding]} → {@code [tokens, layers * length]}. */
    Tensor of(Kernels k, int[] tokens, Tensor x) {
        Tensor own = k.scale(k.embed(table, tokens), (float) Math.sqrt(length));
        Tensor mapped = k.scale(map.apply(k, x), (float) (1 / Math.sqrt(x.columns())));
        mapped = k.rmsNorm(mapped, norm, epsilon);
        return k.scale(k.add(mapped, own), (float) Math.sqrt(0.5));
    }
}
