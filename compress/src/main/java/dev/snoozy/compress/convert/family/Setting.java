package dev.snoozy.compress.convert.family;

import java.util.Map;

/**
 * A part of a model's description: what config.json says of it, and what the metadata of a GGUF
 * file. {@link Settings} has those that most families are made of.
 */
public interface Setting {
    /** From a config.json to metadata. */
    void read(JsonObject config, Keys keys);

    /** From metadata to a config.json. */
    void write(GgufKeys keys, Map<String, Object> config);
}
