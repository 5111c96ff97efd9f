package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.GgufKeys;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.Keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the vectors of a text's tokens become one, where a model is for that: {@code
 * 1_Pooling/config.json} of the sentence-transformers library.
 */
final class PoolingFile {
    private static final String FOLDER = "1_Pooling";
    private static final String PREFIX = "pooling_mode_";

    /** Their names there by their numbers in {@code pooling_type}. */
    private static final Map<Integer, String> NAMES =
            Map.of(1, "mean_tokens", 2, "cls_token", 3, "lasttoken");

    private PoolingFile() {}

    private static Path file(Path folder) {
        return folder.resolve(FOLDER).resolve("config.json");
    }

    /** Puts what a folder says, if it does, into metadata. */
    static void read(Path folder, Keys keys) throws IOException {
        if (!Files.exists(file(folder))) {
            return;
        }
        JsonObject pooling = JsonObject.read(file(folder));
        for (int type : new int[] {2, 1, 3}) {
            if (pooling.flag(PREFIX + NAMES.get(type), false)) {
                keys.own("pooling_type", type);
                return;
            }
        }
        throw new ConvertException(
                "1_Pooling/config.json: expected pooling by cls_token, mean_tokens or lasttoken");
    }

    /** Writes what metadata says, if they do, into a folder. */
    static void write(GgufKeys keys, Path folder) throws IOException {
        int type = keys.integer("pooling_type", 0);
        if (!NAMES.containsKey(type)) {
            return;
        }
        Map<String, Object> pooling = new LinkedHashMap<>();
        pooling.put("word_embedding_dimension", keys.integer("embedding_length"));
        NAMES.forEach((each, name) -> pooling.put(PREFIX + name, each == type));
        Files.createDirectories(folder.resolve(FOLDER));
        TokenizerFiles.write(file(folder), JsonText.of(pooling));
    }
}
