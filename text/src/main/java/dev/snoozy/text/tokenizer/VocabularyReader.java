package dev.snoozy.text.tokenizer;

import dev.snoozy.format.Metadata;
import dev.snoozy.text.TextException;

import java.util.Arrays;

/** Reads the {@code tokenizer.ggml.*} keys of a file (GGUF specification) and checks them. */
final class VocabularyReader {
    static final String PREFIX = "tokenizer.ggml.";

    private final Metadata metadata;

    VocabularyReader(Metadata metadata) {
        this.metadata = metadata;
    }

    Metadata metadata() {
        return metadata;
    }

    boolean has(String key) {
        return metadata.has(PREFIX + key);
    }

    boolean flag(String key, boolean otherwise) {
        return metadata.flag(PREFIX + key, otherwise);
    }

    String string(String key, String otherwise) {
        return metadata.string(PREFIX + key, otherwise);
    }

    String[] strings(String key) {
        return metadata.strings(PREFIX + key);
    }

    /** A list of bytes, one in each element; empty if the key is missing. */
    int[] bytes(String key) {
        return has(key) ? metadata.integers(PREFIX + key) : new int[0];
    }

    /** The tokens' texts. An empty one gets a name, as in llama.cpp. */
    String[] tokens() {
        String[] tokens = strings("tokens").clone();
        if (tokens.length == 0) {
            throw new TextException(PREFIX + "tokens: found no token, expected at least one");
        }
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].isEmpty()) {
                tokens[i] = "[EMPTY_" + i + "]";
            }
        }
        return tokens;
    }

    /** The tokens' scores; all 0 if there are none. */
    float[] scores(int tokens) {
        String key = PREFIX + "scores";
        if (!metadata.has(key)) {
            return new float[tokens];
        }
        if (metadata.get(key) instanceof int[] whole) {
            float[] scores = new float[whole.length];
            for (int i = 0; i < whole.length; i++) {
                scores[i] = whole[i];
            }
            return atLeast(tokens, scores.length, key, scores);
        }
        float[] scores = metadata.floats(key);
        return atLeast(tokens, scores.length, key, scores);
    }

    /** The tokens' types, by their numbers in the GGUF specification; all normal if missing. */
    int[] types(int tokens) {
        String key = PREFIX + "token_type";
        if (!metadata.has(key)) {
            int[] types = new int[tokens];
            Arrays.fill(types, 1);
            return types;
        }
        int[] types = metadata.integers(key);
        return atLeast(tokens, types.length, key, types);
    }

    /**
     * The id under a key.
     *
     * @param otherwise the id if the key is missing
     * @return -1 for none: the key is missing and the default lies outside the vocabulary, or the
     *     file says -1 or 2^32-1
     */
    int id(String key, int tokens, int otherwise) {
        Object value = metadata.get(PREFIX + key);
        if (value == null) {
            return otherwise < tokens ? otherwise : -1;
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw new TextException(
                    PREFIX + key + ": found " + value + ", expected the id of a token");
        }
        long id = ((Number) value).longValue();
        if (id == -1 || id == 0xFFFF_FFFFL) {
            return -1;
        }
        if (id < 0 || id >= tokens) {
            throw new TextException(
                    PREFIX
                            + key
                            + ": found id "
                            + id
                            + ", expected one below "
                            + tokens
                            + ", the number of tokens");
        }
        return (int) id;
    }

    private static <T> T atLeast(int tokens, int found, String key, T values) {
        if (found < tokens) {
            throw new TextException(
                    key
                            + ": found "
                            + found
                            + " values, expected "
                            + tokens
                            + ", one for each token");
        }
        return values;
    }
}
