package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * Queries grow with the logarithm of their position: {@code 1 + scale * ln(1 + floor((position +
 * offset) / length))} (Llama 4, Ministral 3, Mistral Large 3).
 *
 * @param scale 0 for none
 * @param length positions per step
 * @param offset 1 where positions are counted from 1
 */
record AttentionTemperature(float scale, int length, int offset) {
    static AttentionTemperature of(ModelConfig config) {
        float scale = config.number("attention.temperature_scale", 0f);
        return new AttentionTemperature(scale, Ropes.original(config), 0);
    }

    /** The same with steps whose length the file says. */
    static AttentionTemperature ofLength(ModelConfig config) {
        float scale = config.number("attention.temperature_scale", 0f);
        int length = config.integer("attention.temperature_length", 0);
        if (scale != 0 && length <= 0) {
            throw new ModelException(
                    config.key("attention.temperature_scale")
                            + " needs attention.temperature_length, found "
                            + length);
        }
        return new AttentionTemperature(scale, length, 0);
    }

    Tensor apply(Kernels kernels, Tensor query, int[] positions) {
        if (scale == 0) {
            return query;
        }
        float[] factors = new float[positions.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (1 + scale * Math.log(1 + (positions[i] + offset) / length));
        }
        return kernels.scaleRows(query, factors);
    }
}
