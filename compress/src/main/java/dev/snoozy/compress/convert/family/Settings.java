package dev.snoozy.compress.convert.family;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The settings that families are made of. Where a config.json may call one by several names, they
 * stand in one string with bars between, the one that is written first: {@code
 * "num_hidden_layers|n_layer"}. Defaults are those of the configuration class in the transformers
 * library, which leaves out of config.json what has its default.
 */
final class Settings {
    private Settings() {}

    /** One setting of several. */
    static Setting all(Setting... settings) {
        List<Setting> parts = List.of(settings);
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                parts.forEach(part -> part.read(config, keys));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                parts.forEach(part -> part.write(keys, config));
            }
        };
    }

    /** A size that config.json must have. */
    static Setting size(String names, String key) {
        return sized(names, key, 0);
    }

    /** A size with its default. */
    static Setting size(String names, String key, int otherwise) {
        return sized(names, key, otherwise);
    }

    private static Setting sized(String names, String key, int otherwise) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                String name = config.named(names);
                boolean absent = otherwise != 0 && !config.has(name);
                keys.own(key, absent ? otherwise : config.size(name));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put(first(names), keys.integer(key));
            }
        };
    }

    /** A size that may be absent, on both sides. */
    static Setting optionalSize(String names, String key) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                String name = config.named(names);
                if (config.has(name)) {
                    keys.own(key, config.size(name));
                }
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                if (keys.has(key)) {
                    config.put(first(names), keys.integer(key));
                }
            }
        };
    }

    /** A number that config.json must have. */
    static Setting number(String names, String key) {
        return numbered(names, key, Double.NaN);
    }

    /** A number with its default. */
    static Setting number(String names, String key, double otherwise) {
        return numbered(names, key, otherwise);
    }

    private static Setting numbered(String names, String key, double otherwise) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                String name = config.named(names);
                boolean absent = !Double.isNaN(otherwise) && !config.has(name);
                keys.own(key, (float) (absent ? otherwise : config.number(name)));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put(first(names), keys.number(key));
            }
        };
    }

    /** A number that may be absent, on both sides. */
    static Setting optionalNumber(String names, String key) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                String name = config.named(names);
                if (config.has(name)) {
                    keys.own(key, (float) config.number(name));
                }
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                if (keys.has(key)) {
                    config.put(first(names), keys.number(key));
                }
            }
        };
    }

    /** A truth with its default. */
    static Setting flag(String names, String key, boolean otherwise) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own(key, config.flag(config.named(names), otherwise));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put(first(names), keys.flag(key, otherwise));
            }
        };
    }

    /**
     * What the engine computes with, and nothing else.
     *
     * @param allowed values; the first is the default, and what is written
     */
    static Setting only(String names, Object... allowed) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                config.require(config.named(names), allowed);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put(first(names), allowed[0]);
            }
        };
    }

    /** As {@link #only}, of a class whose default is another value: config.json must have it. */
    static Setting stated(String names, Object... allowed) {
        Setting only = only(names, allowed);
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                String name = config.named(names);
                if (!config.has(name)) {
                    throw config.wrong(name, null, Arrays.toString(allowed));
                }
                only.read(config, keys);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                only.write(keys, config);
            }
        };
    }

    /**
     * A key of GGUF that all models of the class have, and config.json does not say. A file with
     * another value is none of the class.
     */
    static Setting constant(String key, Object value) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own(key, value);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                Object found = keys.get(key);
                if (found != null && !Objects.equals(found, value)) {
                    throw keys.wrong(key, "the only one that a checkpoint can say is " + value);
                }
            }
        };
    }

    /** A key of GGUF that a checkpoint cannot say: a file with it is not converted back. */
    static Setting untold(String key) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {}

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                Object found = keys.get(key);
                boolean nothing = found instanceof Number number && number.doubleValue() == 0;
                if (found != null && !nothing) {
                    throw keys.wrong(key, "a checkpoint of this family cannot say that");
                }
            }
        };
    }

    /** Names in config.json that must have no value: the engine computes without them. */
    static Setting none(String... names) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                for (String name : names) {
                    if (config.has(name)) {
                        throw config.wrong(name, config.get(name), "none in this family");
                    }
                }
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {}
        };
    }

    /** Names in config.json that change nothing that is computed. */
    static Setting ignored(String... names) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                for (String name : names) {
                    config.get(name);
                }
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {}
        };
    }

    /** A truth in config.json that the tensors tell. */
    static Setting told(String name, Predicate<GgufKeys> tensors) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                config.get(name);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put(name, tensors.test(keys));
            }
        };
    }

    /** Whether there is a tensor, such as a bias. */
    static Setting told(String name, String tensor) {
        return told(name, keys -> keys.hasTensor(tensor));
    }

    /** Tokens in the vocabulary, and whether the output is their table. */
    static Setting vocabulary() {
        Setting tokens = tokens();
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                keys.own("vocab_size", config.size("vocab_size"));
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                tokens.write(keys, config);
            }
        };
    }

    /** The same where GGUF has no key for it. */
    static Setting tokens() {
        return all(rows(), told("tie_word_embeddings", keys -> !keys.hasTensor("output.weight")));
    }

    /** Rows of the token table. */
    static Setting rows() {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {}

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                config.put("vocab_size", keys.vocabulary());
            }
        };
    }

    static String first(String names) {
        int bar = names.indexOf('|');
        return bar < 0 ? names : names.substring(0, bar);
    }
}
