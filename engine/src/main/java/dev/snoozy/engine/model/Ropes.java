package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Rope.Pairing;

/**
 * Rotary position embeddings with their scalings, from the metadata keys {@code rope.*}: the
 * frequency of pair {@code i} of {@code n} is {@code base^(-i/n)}, divided by its factor where the
 * model has a table of them, and then stretched as the scaling type says.
 */
final class Ropes {
    private Ropes() {}

    /** The model's rotary embedding. */
    static Rope of(ModelConfig config, Pairing pairing, float[] factors) {
        return of(config, pairing, factors, config.number("rope.freq_base", 10_000f), true);
    }

    /** That of the layers with a sliding window, which may turn by a base of their own. */
    static Rope sliding(ModelConfig config, Pairing pairing, float[] factors) {
        return of(config, pairing, factors, slidingBase(config), true);
    }

    private static float slidingBase(ModelConfig config) {
        return config.number("rope.freq_base_swa", config.number("rope.freq_base", 10_000f));
    }

    /**
     * That of the layers with a sliding window, in models whose windows turn by a base of their
     * own; the model's scaling does not apply to them (Gemma 3).
     */
    static Rope local(ModelConfig config, Pairing pairing) {
        float base = config.number("rope.freq_base_swa", 10_000f);
        return of(config, pairing, new float[0], base, false);
    }

    /** As {@link #sliding}, without the model's scaling (OLMo 3). */
    static Rope unscaled(ModelConfig config, Pairing pairing) {
        return of(config, pairing, new float[0], slidingBase(config), false);
    }

    /** One without scaling over so many columns of a head. */
    static Rope plain(Pairing pairing, int dimensions, float base) {
        float[] frequencies = new float[dimensions / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) Math.pow(base, -2.0 * i / dimensions);
        }
        return new Rope(pairing, frequencies, 1);
    }

    /**
     * A rotary embedding.
     *
     * @param factors divisors of the frequencies, one per pair, or empty
     * @param base base of the frequencies
     * @param scaled whether the model's {@code rope.scaling} applies (it does not to the local
     *     layers of Gemma 3)
     */
    static Rope of(
            ModelConfig config, Pairing pairing, float[] factors, float base, boolean scaled) {
        int dimensions = dimensions(config);
        int pairs = dimensions / 2;
        if (!(base > 0)) {
            throw new ModelException(config.key("rope.freq_base") + ": found " + base);
        }
        // A factor without a type is linear, as it was before there were types.
        String type = scaled ? config.string("rope.scaling.type", "linear") : "none";
        float factor = factor(config);
        float interpolation = type.equals("none") ? 1 : 1 / factor;
        float[] frequencies = new float[pairs];
        for (int i = 0; i < pairs; i++) {
            double frequency = Math.pow(base, -2.0 * i / dimensions);
            frequency /= factors.length == 0 ? 1 : factors[i];
            double keep = type.equals("yarn") ? Yarn.of(config, base, dimensions).keep(i) : 0;
            frequencies[i] = (float) (frequency * (interpolation * (1 - keep) + keep));
        }
        float magnitude = scaled ? config.number("rope.scaling.attn_factor", 1f) : 1;
        return switch (type) {
            case "none", "linear", "longrope" -> new Rope(pairing, frequencies, magnitude);
            case "yarn" ->
                    new Rope(pairing, frequencies, magnitude * Yarn.magnitude(config, factor));
            default ->
                    throw new ModelException(
                            config.key("rope.scaling.type")
                                    + ": expected none, linear, yarn or longrope, found "
                                    + type);
        };
    }

    /** By how much positions are stretched; 0 stands for not at all. */
    private static float factor(ModelConfig config) {
        float factor = config.number("rope.scaling.factor", config.number("rope.scale_linear", 1f));
        if (!(factor >= 0)) {
            throw new ModelException(
                    config.key("rope.scaling.factor") + ": expected more than 0, found " + factor);
        }
        return factor == 0 ? 1 : factor;
    }

    /** The context length before it was stretched; the trained one where the file does not say. */
    static int original(ModelConfig config) {
        int original =
                config.integer("rope.scaling.original_context_length", config.trainedLength());
        if (original < 1) {
            throw new ModelException(
                    config.key("rope.scaling.original_context_length")
                            + ": expected 1 or more, found "
                            + original);
        }
        return original;
    }

    /**
     * The divisors of the frequencies that a file has, one per pair: {@code rope_freqs}, or of the
     * two tables of LongRoPE (Ding et al. 2024) the long one as soon as the context of the run is
     * longer than the original one. Empty where there are none.
     */
    static float[] factors(ModelConfig config, Weights weights) {
        int pairs = dimensions(config) / 2;
        if (weights.has("rope_freqs.weight")) {
            return weights.values("rope_freqs.weight", pairs);
        }
        if (!weights.has("rope_factors_long.weight")) {
            return new float[0];
        }
        float[] longFactors = weights.values("rope_factors_long.weight", pairs);
        float[] shortFactors = weights.values("rope_factors_short.weight", pairs);
        return config.contextLength() > original(config) ? longFactors : shortFactors;
    }

    /** Number of turned columns of a head. */
    static int dimensions(ModelConfig config) {
        return dimensions(config, "rope.dimension_count", config.keyLength());
    }

    /** Number of turned columns of a head of some layers, by a key that says so. */
    static int dimensions(ModelConfig config, String key, int headLength) {
        int dimensions = config.integer(key, headLength);
        if (dimensions < 2 || dimensions % 2 != 0 || dimensions > headLength) {
            throw new ModelException(
                    config.key(key)
                            + ": expected an even number up to the key length "
                            + headLength
                            + ", found "
                            + dimensions);
        }
        return dimensions;
    }

    /**
     * YaRN (Peng et al. 2023, "NTK-by-parts"): pairs that turn often within the original context
     * keep their frequency, those that turn less than once are interpolated, between them a ramp.
     */
    private record Yarn(double low, double high) {
        private static final float FAST = 32;
        private static final float GROK_FAST = 8;

        static Yarn of(ModelConfig config, float base, int dimensions) {
            int original = original(config);
            float usual = config.architecture().equals("grok") ? GROK_FAST : FAST;
            float fast = config.number("rope.scaling.yarn_beta_fast", usual);
            float slow = config.number("rope.scaling.yarn_beta_slow", 1f);
            double low = Math.floor(pairThatTurns(fast, base, dimensions, original));
            double high = Math.ceil(pairThatTurns(slow, base, dimensions, original));
            return new Yarn(Math.max(0, low), Math.min(dimensions - 1, high));
        }

        private static double pairThatTurns(float times, float base, int dimensions, int context) {
            return dimensions * Math.log(context / (times * 2 * Math.PI)) / (2 * Math.log(base));
        }

        /** How much of its own frequency a pair keeps, 0 to 1. */
        double keep(int pair) {
            double ramp = (pair - low) / Math.max(0.001, high - low);
            return 1 - Math.min(1, Math.max(0, ramp));
        }

        /** The attention factor {@code 0.1 ln(s) + 1}, weighted where the model says so. */
        static float magnitude(ModelConfig config, float factor) {
            float weight = config.number("rope.scaling.yarn_log_multiplier", 0f);
            float plain = scale(factor, 1);
            return weight == 0 ? plain : plain / scale(factor, weight);
        }

        private static float scale(float factor, float weight) {
            return factor <= 1 ? 1 : (float) (0.1 * weight * Math.log(factor) + 1);
        }
    }
}
