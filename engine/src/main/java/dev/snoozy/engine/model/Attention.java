package dev.snoozy.engine.model;

import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** What the families share of attention. */
final class Attention {
    private Attention() {}

    /** Scores are divided by the root of the key length, if the model does not say otherwise. */
    static AttentionSpec spec(ModelConfig config) {
        float scale = config.number("attention.scale", 0f);
        return spec(config, scale == 0 ? (float) (1 / Math.sqrt(config.keyLength())) : scale, 0);
    }

    static AttentionSpec spec(ModelConfig config, float scale, float softcap) {
        return new AttentionSpec(config.heads(), config.kvHeads(), scale, softcap);
    }

    /** Scores that fall with the distance of the positions (Press et al. 2022, ALiBi). */
    static AttentionSpec alibi(ModelConfig config, float largest) {
        AttentionSpec spec = spec(config);
        return new AttentionSpec(spec.heads(), spec.kvHeads(), spec.scale(), 0, largest);
    }

    /** Every layer remembers everything, or the model's sliding window if it has one. */
    static CachePlan cachePlan(ModelConfig config) {
        int[] windows = new int[config.layers()];
        Arrays.fill(windows, config.integer("attention.sliding_window", 0));
        return cachePlan(config, windows, true);
    }

    /**
     * A plan with a window for each layer.
     *
     * @param causal whether a token sees only itself and what came before, where the file does not
     *     say so: some embedding models are decoders that see both sides
     */
    static CachePlan cachePlan(ModelConfig config, int[] windows, boolean causal) {
        return new CachePlan(
                config.kvHeads(),
                config.keyLength(),
                config.valueLength(),
                windows,
                config.flag("attention.causal", causal));
    }

    /** Queries, keys and values cut off at a size; as they are where that is 0. */
    static Tensor[] clamp(Kernels kernels, Tensor[] qkv, float most) {
        return most <= 0
                ? qkv
                : Arrays.stream(qkv).map(x -> kernels.clamp(x, most)).toArray(Tensor[]::new);
    }

    /** Weights of layer norms of the heads of queries or keys, or null if the file has none. */
    static @Nullable Tensor headWeights(Weights weights, String name, int heads, int length) {
        return weights.has(name) ? weights.table(name, heads, length) : null;
    }

    /** The layer norm of each head of queries or keys, in the models that have one. */
    static Tensor headNorm(Kernels kernels, Tensor x, @Nullable Tensor weight, ModelConfig config) {
        return weight == null ? x : kernels.layerNormHeads(x, weight, config.epsilon());
    }

    /** The norm of x, or of each head of it, in the models that have one. */
    static Tensor norm(Kernels kernels, Tensor x, @Nullable Tensor weight, ModelConfig config) {
        return weight == null ? x : kernels.rmsNorm(x, weight, config.epsilon());
    }
}
