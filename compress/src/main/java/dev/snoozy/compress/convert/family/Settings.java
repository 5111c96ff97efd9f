package dev.snoozy.compress.convert.family;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The settings that families are made of. Where a config.json may call one by several names, they
 * stand in one string with bars between, the one that is written first: {@code
 * "num_hidden_layers|n_layer"}. What config.json leaves out has the value of {@link
 * Family#defaults}.
 */
final class Settings {
    private Settings() {}

    /** One setting of several. */
    static Setting all(Setting... settings) {
        List<Setting> parts = List.of(settings);
        return Setting.of(
                (config, keys) -> parts.forEach(part -> part.read(config, keys)),
                (keys, config) -> parts.forEach(part -> part.write(keys, config)));
    }

    /** A setting of an object within config.json. */
    static Setting within(String name, Setting setting) {
        return Setting.of(
                (config, keys) -> setting.read(config.object(name), keys),
                (keys, config) -> {
                    Map<String, Object> members = Common.members();
                    setting.write(keys, members);
                    config.put(name, members);
                });
    }

    /** A size. */
    static Setting size(String names, String key) {
        return Setting.of(
                (config, keys) -> keys.own(key, config.size(config.named(names))),
                (keys, config) -> config.put(first(names), keys.integer(key)));
    }

    /** A size with its default. */
    static Setting size(String names, String key, int otherwise) {
        return Setting.of(
                (config, keys) -> {
                    String name = config.named(names);
                    keys.own(key, config.has(name) ? config.size(name) : otherwise);
                },
                size(names, key)::write);
    }

    /** A size that may be absent, on both sides. */
    static Setting optionalSize(String names, String key) {
        Setting size = size(names, key);
        return Setting.of(
                (config, keys) -> {
                    if (config.has(config.named(names))) {
                        size.read(config, keys);
                    }
                },
                (keys, config) -> {
                    if (keys.has(key)) {
                        size.write(keys, config);
                    }
                });
    }

    /** A number. */
    static Setting number(String names, String key) {
        return Setting.of(
                (config, keys) -> keys.own(key, (float) config.number(config.named(names))),
                (keys, config) -> config.put(first(names), keys.number(key)));
    }

    /** A number with its default. */
    static Setting number(String names, String key, double otherwise) {
        return Setting.of(
                (config, keys) ->
                        keys.own(key, (float) config.number(config.named(names), otherwise)),
                number(names, key)::write);
    }

    /**
     * A number with its default.
     *
     * @param ofGguf what it is where GGUF does not say
     */
    static Setting number(String names, String key, double otherwise, double ofGguf) {
        return Setting.of(
                number(names, key, otherwise)::read,
                (keys, config) -> config.put(first(names), keys.number(key, ofGguf)));
    }

    /** A truth with its default, on both sides. */
    static Setting flag(String names, String key, boolean otherwise) {
        return Setting.of(
                (config, keys) -> keys.own(key, config.flag(config.named(names), otherwise)),
                (keys, config) -> config.put(first(names), keys.flag(key, otherwise)));
    }

    /** A number that may be absent, on both sides. */
    static Setting optionalNumber(String names, String key) {
        Setting number = number(names, key);
        return Setting.of(
                (config, keys) -> {
                    if (config.has(config.named(names))) {
                        number.read(config, keys);
                    }
                },
                (keys, config) -> {
                    if (keys.has(key)) {
                        number.write(keys, config);
                    }
                });
    }

    /**
     * What the engine computes with, and nothing else.
     *
     * @param allowed values; the first is what is written
     */
    static Setting only(String names, Object... allowed) {
        return Setting.of(
                (config, keys) -> config.require(config.named(names), allowed),
                (keys, config) -> config.put(first(names), allowed[0]));
    }

    /** As {@link #only}, of a class whose default is another value: config.json must have it. */
    static Setting stated(String names, Object... allowed) {
        Setting only = only(names, allowed);
        return Setting.of(
                (config, keys) -> {
                    String name = config.named(names);
                    if (!config.has(name)) {
                        throw config.wrong(name, null, Arrays.toString(allowed));
                    }
                    only.read(config, keys);
                },
                only::write);
    }

    /**
     * A key of GGUF that all models of the class have, and config.json does not say. A file with
     * another value is none of the class.
     */
    static Setting constant(String key, Object value) {
        return Setting.of(
                (config, keys) -> keys.own(key, value),
                (keys, config) -> {
                    Object found = keys.get(key);
                    if (found != null && !Objects.equals(found, value)) {
                        throw keys.wrong(key, "the only one that a checkpoint can say is " + value);
                    }
                });
    }

    /** A key of GGUF that a checkpoint cannot say: a file with it is not converted back. */
    static Setting untold(String key) {
        return Setting.toCheckpoint((keys, config) -> {
            Object found = keys.get(key);
            boolean nothing = found instanceof Number number && number.doubleValue() == 0;
            if (found != null && !nothing) {
                throw keys.wrong(key, "a checkpoint of this family cannot say that");
            }
        });
    }

    /** Names in config.json that must have no value: the engine computes without them. */
    static Setting none(String... names) {
        return Setting.toGguf((config, keys) -> {
            for (String name : names) {
                if (config.has(name)) {
                    throw config.wrong(name, config.get(name), "none in this family");
                }
            }
        });
    }

    /** Names in config.json that change nothing that is computed. */
    static Setting ignored(String... names) {
        return Setting.toGguf((config, keys) -> List.of(names).forEach(config::get));
    }

    /** A truth in config.json that the tensors tell. */
    static Setting told(String name, Predicate<GgufKeys> tensors) {
        return Setting.of(
                (config, keys) -> config.get(name),
                (keys, config) -> config.put(name, tensors.test(keys)));
    }

    /** Whether there is a tensor, such as a bias. */
    static Setting told(String name, String tensor) {
        return told(name, keys -> keys.hasTensor(tensor));
    }

    /** Tokens in the vocabulary, and whether the output is their table. */
    static Setting vocabulary() {
        Setting tokens = tokens();
        return Setting.of(
                (config, keys) -> keys.own("vocab_size", config.size("vocab_size")), tokens::write);
    }

    /** The same where GGUF has no key for it. */
    static Setting tokens() {
        return all(rows(), told("tie_word_embeddings", keys -> !keys.hasTensor("output.weight")));
    }

    /** Rows of the token table. */
    static Setting rows() {
        return Setting.toCheckpoint((keys, config) -> config.put("vocab_size", keys.vocabulary()));
    }

    static String first(String names) {
        int bar = names.indexOf('|');
        return bar < 0 ? names : names.substring(0, bar);
    }
}
