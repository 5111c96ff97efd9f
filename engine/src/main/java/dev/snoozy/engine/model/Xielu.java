package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * A plain feed-forward network with xIELU (Huang and Schlag 2024, "Deriving Activation Functions
 * Using Integration"), whose numbers are learnt for each layer (Apertus): {@code down(f(up x))}.
 *
 * @param up {@code [feedForward, embedding]}
 * @param down {@code [embedding, feedForward]}
 */
record Xielu(Linear up, Linear down, float alphaP, float alphaN, float beta, float epsilon)
        implements FeedForward {
    private static final String PREFIX = "xielu.";

    /** The learnt numbers stand in the metadata as what their soft-plus is taken of. */
    static Xielu of(Weights weights, ModelConfig config, int layer) {
        String name = "blk." + layer + ".ffn_";
        float beta = number(config, "beta", layer);
        return new Xielu(
                weights.linear(name + "up", config.feedForward(), config.embedding()),
                weights.linear(name + "down", config.embedding(), config.feedForward()),
                softplus(number(config, "alpha_p", layer)),
                beta + softplus(number(config, "alpha_n", layer)),
                beta,
                number(config, "eps", layer));
    }

    /** One for all layers, or one for each, under a key without the architecture's name. */
    private static float number(ModelConfig config, String name, int layer) {
        String key = PREFIX + name;
        if (!(config.metadata().get(key) instanceof float[] each)) {
            return config.metadata().number(key);
        }
        if (each.length < config.layers()) {
            throw new ModelException(
                    key + ": expected " + config.layers() + " layers, found " + each.length);
        }
        return each[layer];
    }

    private static float softplus(float x) {
        return (float) Math.log1p(Math.exp(x));
    }

    @Override
    public Tensor apply(Kernels k, Tensor x) {
        return down.apply(k, k.xielu(up.apply(k, x), alphaP, alphaN, beta, epsilon));
    }
}
