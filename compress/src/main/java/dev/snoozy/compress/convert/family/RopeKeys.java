package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.List;
import java.util.Map;

/**
 * Rotary positions: {@code rope_theta} and {@code rope_scaling} of a config.json, or {@code
 * rope_parameters}, which has both since version 5 of the transformers library.
 */
final class RopeKeys {
    /** The tensor that config.json describes by settings. */
    static final String FACTORS = "rope_freqs.weight";

    private static final String THETA = "rope_theta|rotary_emb_base";
    private static final String PARTIAL = "partial_rotary_factor|rotary_pct|rope_pct";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String LENGTH = "rope.scaling.original_context_length";

    /** Read elsewhere, or without effect on a text. */
    private static final List<String> EXPLAINED =
            List.of("rope_theta", "partial_rotary_factor", "mrope_section");

    private RopeKeys() {}

    /** The part of config.json that describes scaling; empty if there is none. */
    static JsonObject scaling(JsonObject config) {
        return config.optionalObject("rope_scaling")
                .or(() -> config.optionalObject("rope_parameters"))
                .orElse(new JsonObject("config.json, rope_scaling", Map.of()));
    }

    private static String type(JsonObject scaling) {
        String type = scaling.string("rope_type", scaling.string("type", "default"));
        return switch (type) {
            case "su" -> "longrope";
            case "mrope" -> "default"; // sections of axes, which in a text are all one
            default -> type;
        };
    }

    /** The base of the frequencies, from either place. */
    static double base(JsonObject config, double otherwise) {
        double within =
                config.optionalObject("rope_parameters")
                        .map(parameters -> parameters.number("rope_theta", otherwise))
                        .orElse(otherwise);
        return config.number(config.named(THETA), within);
    }

    /** Base and scaling of a model that turns by 10 000 where config.json does not say. */
    static Setting rope() {
        return rope(10_000);
    }

    /** Base and scaling, with the configuration class's base. */
    static Setting rope(double base) {
        return Setting.of(
                (config, keys) -> {
                    JsonObject scaling = scaling(config);
                    refuseLlama3(scaling);
                    read(config, keys, base);
                },
                RopeKeys::write);
    }

    /** The same of a family that has {@link #factors}, too. */
    static Setting ropeWithFactors(double base) {
        return Setting.of((config, keys) -> read(config, keys, base), RopeKeys::write);
    }

    private static void refuseLlama3(JsonObject scaling) {
        if (type(scaling).equals("llama3")) {
            throw scaling.wrong("rope_type", "llama3", "default, linear or yarn");
        }
    }

    /**
     * The same of models in which layers with a window turn by the same base and are never
     * stretched; since version 5 of the transformers library each kind has its own parameters.
     */
    static Setting layered(double base) {
        return Setting.of(
                (config, keys) -> {
                    JsonObject both =
                            config.optionalObject("rope_parameters")
                                    .filter(p -> p.has("full_attention"))
                                    .orElse(null);
                    if (both == null) {
                        rope(base).read(config, keys);
                        return;
                    }
                    JsonObject full = both.object("full_attention");
                    JsonObject local = both.object("sliding_attention");
                    double theta = full.number("rope_theta", base);
                    local.require("rope_type", "default");
                    if (local.number("rope_theta", base) != theta) {
                        throw local.wrong("rope_theta", local.get("rope_theta"), "" + theta);
                    }
                    keys.own("rope.freq_base", (float) theta);
                    refuseLlama3(full);
                    readScaling(config, full, keys);
                },
                RopeKeys::write);
    }

    /**
     * The same of models with rope type dynamic: it changes frequencies beyond the context length
     * only, which a model is not run with.
     */
    static Setting withinContext(double base) {
        return Setting.of(
                (config, keys) -> {
                    JsonObject scaling = scaling(config);
                    if (!type(scaling).equals("dynamic")) {
                        rope(base).read(config, keys);
                        return;
                    }
                    keys.own("rope.freq_base", (float) base(config, base));
                    scaling.get("factor");
                    refuseUnread(scaling, "dynamic");
                },
                RopeKeys::write);
    }

    /** Positions that turn by 10 000 and are never stretched, of which config.json says nothing. */
    static Setting fixed() {
        return Setting.of(
                (config, keys) -> {
                    if (config.has("rope_scaling")) {
                        throw config.wrong("rope_scaling", config.get("rope_scaling"), "none");
                    }
                    keys.own("rope.freq_base", 10_000f);
                },
                (keys, config) -> {
                    if (keys.number("rope.freq_base", 10_000) != 10_000) {
                        throw keys.wrong(
                                "rope.freq_base", "checkpoints of this family turn by 10000");
                    }
                    if (keys.number("rope.scaling.factor", 1) != 1) {
                        throw keys.wrong(
                                "rope.scaling.factor", "checkpoints of this family have no other");
                    }
                });
    }

    /** Adds a member to what {@link #rope} writes of the scaling. */
    @SuppressWarnings("unchecked") // written by this class
    static void addTo(Map<String, Object> config, String name, Object value) {
        Object scaling = config.computeIfAbsent("rope_scaling", key -> Common.members());
        ((Map<String, Object>) scaling).put(name, value);
    }

    /** Columns of a head that turn. */
    static int turned(JsonObject config, double otherwise) {
        double inside = scaling(config).number("partial_rotary_factor", otherwise);
        double part = config.number(config.named(PARTIAL), inside);
        return (int) (part * Common.headLength(config));
    }

    /** How many columns turn, by their part of a head. */
    static Setting partial(double otherwise) {
        return Setting.of(
                (config, keys) -> keys.own("rope.dimension_count", turned(config, otherwise)),
                (keys, config) -> {
                    int length = keys.headLength();
                    int turned = keys.integer("rope.dimension_count", length);
                    if (turned != length || otherwise != 1) {
                        config.put("partial_rotary_factor", (double) turned / length);
                    }
                });
    }

    private static void read(JsonObject config, Keys keys, double base) {
        keys.own("rope.freq_base", (float) base(config, base));
        JsonObject scaling = scaling(config);
        readScaling(config, scaling, keys);
    }

    /** What stretches the frequencies, by its own object. */
    static void readScaling(JsonObject config, JsonObject scaling, Keys keys) {
        String type = type(scaling);
        switch (type) {
            case "default", "llama3" -> {}
            case "linear" -> {
                keys.own("rope.scaling.type", "linear");
                keys.own("rope.scaling.factor", (float) scaling.number("factor"));
            }
            case "yarn" -> readYarn(config, scaling, keys);
            default -> throw scaling.wrong("rope_type", type, "default, linear, llama3 or yarn");
        }
        refuseUnread(scaling, type);
    }

    private static void readYarn(JsonObject config, JsonObject scaling, Keys keys) {
        double factor = scaling.number("factor");
        keys.own("rope.scaling.type", "yarn");
        keys.own("rope.scaling.factor", (float) factor);
        keys.own(
                LENGTH,
                scaling.integer(
                        ORIGINAL,
                        config.integer(ORIGINAL, config.size("max_position_embeddings"))));
        if (scaling.has("beta_fast")) {
            keys.own("rope.scaling.yarn_beta_fast", (float) scaling.number("beta_fast"));
        }
        if (scaling.has("beta_slow")) {
            keys.own("rope.scaling.yarn_beta_slow", (float) scaling.number("beta_slow"));
        }
        scaling.require("truncate", true);
        double usual = magnitude(factor, 1);
        double all = scaling.number("mscale_all_dim", 0);
        double own = scaling.number("mscale", 0);
        if (scaling.has("attention_factor")) {
            attentionFactor(keys, scaling.number("attention_factor") / usual);
        } else if (own == 1 && all != 0) {
            keys.own("rope.scaling.yarn_log_multiplier", (float) all);
        } else if (own != 0 && all != 0) {
            attentionFactor(keys, magnitude(factor, own) / magnitude(factor, all) / usual);
        }
    }

    /** The attention factor beside the usual one; config.json has it with many digits. */
    private static void attentionFactor(Keys keys, double factor) {
        if (Math.abs(factor - 1) > 1e-6) {
            keys.own("rope.scaling.attn_factor", (float) factor);
        }
    }

    /** YaRN's attention factor, {@code 0.1 weight ln(s) + 1}. */
    private static double magnitude(double factor, double weight) {
        return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
    }

    private static void refuseUnread(JsonObject scaling, String type) {
        if (type.equals("llama3")) {
            return; // read by factors
        }
        for (String key : EXPLAINED) {
            scaling.get(key);
        }
        if (type.equals("default")) {
            scaling.get("factor");
        }
        scaling.require("mrope_interleaved", true, false);
        for (String key : scaling.unread()) {
            if (scaling.get(key) != null) {
                throw new ConvertException(
                        scaling.what()
                                + ": found "
                                + key
                                + ", which rope type "
                                + type
                                + " is not converted with");
            }
        }
    }

    /**
     * The divisors of the frequencies of Llama 3.1: long waves are stretched by a factor, short
     * ones stay, and between them goes a ramp (Meta's reference code of the model).
     *
     * @param factor of long waves
     * @param low waves that fit fewer times into the original context are long
     * @param high those that fit more often are short
     * @param original context length
     */
    private record Ramp(double factor, double low, double high, double original) {
        float[] divisors(double base, int length) {
            float[] divisors = new float[length / 2];
            for (int i = 0; i < divisors.length; i++) {
                double wave = 2 * Math.PI * Math.pow(base, 2.0 * i / length);
                if (wave < original / high) {
                    divisors[i] = 1;
                } else if (wave > original / low) {
                    divisors[i] = (float) factor;
                } else {
                    double ramp = (original / wave - low) / (high - low);
                    divisors[i] = (float) (1 / ((1 - ramp) / factor + ramp));
                }
            }
            return divisors;
        }
    }

    /** {@link Ramp} of a config.json; empty if it has another rope type. */
    static Map<String, float[]> factors(JsonObject config, double otherwise) {
        JsonObject scaling = scaling(config);
        if (!type(scaling).equals("llama3")) {
            return Map.of();
        }
        Ramp ramp =
                new Ramp(
                        scaling.number("factor", 8),
                        scaling.number("low_freq_factor", 1),
                        scaling.number("high_freq_factor", 4),
                        scaling.number(ORIGINAL, 8192));
        int length = Common.headLength(config);
        return Map.of(FACTORS, ramp.divisors(base(config, otherwise), length));
    }

    private static void write(GgufKeys keys, Map<String, Object> config) {
        double base = keys.number("rope.freq_base", 10_000);
        config.put("rope_theta", base);
        if (keys.hasTensor(FACTORS)) {
            llama3(keys, base).forEach((name, value) -> addTo(config, name, value));
            return;
        }
        String type = keys.string("rope.scaling.type", "none");
        double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
        boolean linear = type.equals("linear") || !keys.has("rope.scaling.type");
        if (!type.equals("yarn") && !(linear && factor != 1)) {
            return;
        }
        Map<String, Object> scaling = Common.members();
        scaling.put("rope_type", linear ? "linear" : type);
        scaling.put("factor", factor);
        if (type.equals("yarn")) {
            writeYarn(keys, factor, scaling);
        }
        scaling.forEach((name, value) -> addTo(config, name, value));
    }

    private static void writeYarn(GgufKeys keys, double factor, Map<String, Object> scaling) {
        scaling.put(ORIGINAL, keys.integer(LENGTH, keys.integer("context_length")));
        if (keys.has("rope.scaling.yarn_beta_fast")) {
            scaling.put("beta_fast", keys.number("rope.scaling.yarn_beta_fast"));
        }
        if (keys.has("rope.scaling.yarn_beta_slow")) {
            scaling.put("beta_slow", keys.number("rope.scaling.yarn_beta_slow"));
        }
        double own = keys.number("rope.scaling.attn_factor", 1);
        if (own != 1) {
            scaling.put("attention_factor", own * magnitude(factor, 1));
        }
        if (keys.number("rope.scaling.yarn_log_multiplier", 0) != 0) {
            scaling.put("mscale", 1.0);
            scaling.put("mscale_all_dim", keys.number("rope.scaling.yarn_log_multiplier"));
        }
    }

    /** The settings of published models, if they give the divisors to the last bit. */
    private static Map<String, Object> llama3(GgufKeys keys, double base) {
        double[] found = keys.values(FACTORS);
        Ramp ramp = new Ramp(found[found.length - 1], 1, 4, 8192);
        float[] divisors = ramp.divisors(base, 2 * found.length);
        for (int i = 0; i < found.length; i++) {
            if (divisors[i] != (float) found[i]) {
                throw new ConvertException(
                        "tensor "
                                + FACTORS
                                + ": the settings of rope type llama3 cannot be told from its"
                                + " divisors, which are not those of Meta's models, so the model"
                                + " is not converted back");
            }
        }
        Map<String, Object> scaling = Common.members();
        scaling.put("rope_type", "llama3");
        scaling.put("factor", ramp.factor());
        scaling.put("low_freq_factor", ramp.low());
        scaling.put("high_freq_factor", ramp.high());
        scaling.put(ORIGINAL, (int) ramp.original());
        return scaling;
    }
}
