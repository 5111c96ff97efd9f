package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * Fixed factors that keep the sizes of a network's parts apart from its width (maximal update
 * parametrization, Yang et al. 2022), in the families that were trained so.
 *
 * @param embedding of the token's state before the first layer
 * @param residual of what each half of a layer adds
 * @param logits of the scores
 */
record Multipliers(float embedding, float residual, float logits) {
    private static final float MINICPM_EMBEDDING = 12;
    private static final float MINICPM_DEPTH = 1.4f;
    private static final float MINICPM_WIDTH = 256;

    /**
     * The factors of a file; 1 where it has none, but for old files of MiniCPM, which have those of
     * its first model. The scores are divided by {@code logit_scale} (Granite, MiniCPM).
     */
    static Multipliers of(ModelConfig config) {
        boolean mini = config.architecture().equals("minicpm");
        double depth = MINICPM_DEPTH / Math.sqrt(config.layers());
        float logits = config.number("logit_scale", mini ? config.embedding() / MINICPM_WIDTH : 1);
        if (logits == 0) {
            throw new ModelException(
                    config.key("logit_scale")
                            + ": the scores are divided by it;"
                            + " expected another number than 0");
        }
        return new Multipliers(
                config.number("embedding_scale", mini ? MINICPM_EMBEDDING : 1),
                config.number("residual_scale", mini ? (float) depth : 1),
                1 / logits);
    }

    /** {@code x} times a factor, itself where that is 1. */
    static Tensor scale(Kernels kernels, Tensor x, float factor) {
        return factor == 1 ? x : kernels.scale(x, factor);
    }
}
