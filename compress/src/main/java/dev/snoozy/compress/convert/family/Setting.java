package dev.snoozy.compress.convert.family;

import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A part of a model's description: what config.json says of it, and what the metadata of a GGUF
 * file. {@link Settings} has those that most families are made of.
 */
public interface Setting {
    /** From a config.json to metadata. */
    void read(JsonObject config, Keys keys);

    /** From metadata to a config.json. */
    void write(GgufKeys keys, Map<String, Object> config);

    /** A setting of its two directions. */
    static Setting of(
            BiConsumer<JsonObject, Keys> read, BiConsumer<GgufKeys, Map<String, Object>> write) {
        return new Setting() {
            @Override
            public void read(JsonObject config, Keys keys) {
                read.accept(config, keys);
            }

            @Override
            public void write(GgufKeys keys, Map<String, Object> config) {
                write.accept(keys, config);
            }
        };
    }

    /** A setting that config.json says and GGUF does not. */
    static Setting toGguf(BiConsumer<JsonObject, Keys> read) {
        return of(read, (keys, config) -> {});
    }

    /** A setting that GGUF says and config.json does not. */
    static Setting toCheckpoint(BiConsumer<GgufKeys, Map<String, Object>> write) {
        return of((config, keys) -> {}, write);
    }
}
