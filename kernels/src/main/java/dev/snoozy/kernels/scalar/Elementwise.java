package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.Activation;

/** Functions of single elements. */
public final class Elementwise {
    private static final float SQRT_2_OVER_PI = 0.79788456080286535587989211986876f;

    private Elementwise() {}

    static float apply(Activation activation, float x) {
        return switch (activation) {
            case SILU -> x / (1f + (float) Math.exp(-x));
            case RELU_SQUARED -> {
                float positive = Math.max(x, 0);
                yield positive * positive;
            }
            case GELU_TANH -> {
                float inner = SQRT_2_OVER_PI * x * (1f + 0.044715f * x * x);
                yield 0.5f * x * (1f + (float) Math.tanh(inner));
            }
        };
    }

    /** {@code cap * tanh(x / cap)}. */
    public static float softcap(float x, float cap) {
        return cap * (float) Math.tanh(x / cap);
    }
}
