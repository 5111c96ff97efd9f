package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.Map;

/**
 * Rotary positions: {@code rope_theta} and {@code rope_scaling} of a config.json, or {@code
 * rope_parameters}, which has both since version 5 of the transformers library.
 */
final class RopeKeys {
    private static final String FACTORS = "rope_freqs.weight";

    private RopeKeys() {}

    /** The part of config.json that describes scaling; empty if there is none. */
    static JsonObject scaling(JsonObject config) {
        return config.optionalObject("rope_scaling")
                .or(() -> config.optionalObject("rope_parameters"))
                .orElse(new JsonObject("config.json, rope_scaling", Map.of()));
    }

    private static String type(JsonObject scaling) {
        String type = scaling.string("rope_type", scaling.string("type", "default"));
        return type.equals("su") ? "longrope" : type;
    }

    /** The base of the frequencies, from either place. */
    static double base(JsonObject config, double otherwise) {
        double within =
                config.optionalObject("rope_parameters")
                        .map(parameters -> parameters.number("rope_theta", otherwise))
                        .orElse(otherwise);
        return config.number("rope_theta", within);
    }

    /** Base and scaling of a model that turns by 10 000 where config.json does not say. */
    static Setting rope() {
        return rope(10_000);
    }

    /** Base and scaling, with the configuration class's base. */
    static Setting rope(double base) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                describe(config, keys, base);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                describe(keys, config);
            }
        };
    }

    /** Columns of a head that turn. */
    static int turned(JsonObject config, double otherwise) {
        double inside = scaling(config).number("partial_rotary_factor", otherwise);
        double part = config.number(config.named("partial_rotary_factor|rotary_pct"), inside);
        return (int) (part * Common.headLength(config));
    }

    /** How many columns turn, by their part of a head. */
    static Setting partial(double otherwise) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own("rope.dimension_count", turned(config, otherwise));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                int length = keys.headLength();
                int turned = keys.integer("rope.dimension_count", length);
                if (turned != length || otherwise != 1) {
                    config.put("partial_rotary_factor", (double) turned / length);
                }
            }
        };
    }

    private static void describe(JsonObject config, Keys keys, double base) {
        keys.own("rope.freq_base", (float) base(config, base));
        JsonObject scaling = scaling(config);
        String type = type(scaling);
        switch (type) {
            case "default", "llama3" -> {}
            case "linear" -> {
                keys.own("rope.scaling.type", "linear");
                keys.own("rope.scaling.factor", (float) scaling.number("factor"));
            }
            case "yarn" -> {
                keys.own("rope.scaling.type", "yarn");
                keys.own("rope.scaling.factor", (float) scaling.number("factor"));
                keys.own(
                        "rope.scaling.original_context_length",
                        scaling.integer(
                                "original_max_position_embeddings",
                                config.size("max_position_embeddings")));
                if (scaling.has("beta_fast")) {
                    keys.own("rope.scaling.yarn_beta_fast", (float) scaling.number("beta_fast"));
                }
                if (scaling.has("beta_slow")) {
                    keys.own("rope.scaling.yarn_beta_slow", (float) scaling.number("beta_slow"));
                }
            }
            default -> throw scaling.wrong("rope_type", type, "default, linear, llama3 or yarn");
        }
        refuseUnread(scaling, type);
    }

    private static void refuseUnread(JsonObject scaling, String type) {
        if (type.equals("llama3")) {
            return; // read by factors
        }
        scaling.get("rope_theta");
        scaling.get("partial_rotary_factor");
        if (type.equals("default")) {
            scaling.get("factor");
        }
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
     */
    static Map<String, float[]> factors(JsonObject config) {
        JsonObject scaling = scaling(config);
        if (!type(scaling).equals("llama3")) {
            return Map.of();
        }
        double base = base(config, 10_000);
        double factor = scaling.number("factor", 8);
        double low = scaling.number("low_freq_factor", 1);
        double high = scaling.number("high_freq_factor", 4);
        double original = scaling.number("original_max_position_embeddings", 8192);
        int length = Common.headLength(config);
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
        return Map.of(FACTORS, divisors);
    }

    /** A config.json's part from the metadata. */
    private static void describe(GgufKeys keys, Map<String, Object> config) {
        config.put("rope_theta", keys.number("rope.freq_base", 10_000));
        if (keys.hasTensor(FACTORS)) {
            throw new ConvertException(
                    "tensor "
                            + FACTORS
                            + ": the settings of rope type llama3 cannot be told from its divisors,"
                            + " so the model is not converted back");
        }
        String type = keys.string("rope.scaling.type", "none");
        if (!type.equals("none")) {
            Map<String, Object> scaling = Common.members();
            scaling.put("rope_type", type);
            scaling.put("factor", keys.number("rope.scaling.factor", 1));
            if (keys.has("rope.scaling.original_context_length")) {
                scaling.put(
                        "original_max_position_embeddings",
                        keys.integer("rope.scaling.original_context_length"));
            }
            if (keys.has("rope.scaling.yarn_beta_fast")) {
                scaling.put("beta_fast", keys.number("rope.scaling.yarn_beta_fast", 32));
            }
            if (keys.has("rope.scaling.yarn_beta_slow")) {
                scaling.put("beta_slow", keys.number("rope.scaling.yarn_beta_slow", 1));
            }
            config.put("rope_scaling", scaling);
        }
    }
}
