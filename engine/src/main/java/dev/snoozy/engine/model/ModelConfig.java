package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.Metadata;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hyper-parameters of a model, read from metadata keys {@code <architecture>.*} (GGUF
 * specification, "LLM").
 *
 * @param metadata the whole metadata, for keys that only some families have
 * @param architecture value of {@code general.architecture}
 * @param contextLength positions that this run may use
 * @param embedding length of a token's state
 * @param layers number of layers that every token goes through; a file may have more ({@link
 *     #ahead})
 * @param heads number of query heads; 1 where there is no attention
 * @param kvHeads number of key and value heads, the largest where layers differ
 * @param keyLength length of a query or key of one head
 * @param valueLength length of a value of one head
 * @param feedForward width of the feed-forward network (of one expert, if there are experts), the
 *     largest where layers differ; 0 where there is none
 * @param epsilon of the norms
 * @param asked the keys of this architecture that somebody has asked for so far, without its name;
 *     {@link Options} looks after the others
 */
public record ModelConfig(
        Metadata metadata,
        String architecture,
        int contextLength,
        int embedding,
        int layers,
        int heads,
        int kvHeads,
        int keyLength,
        int valueLength,
        int feedForward,
        float epsilon,
        Set<String> asked) {
    public ModelConfig {
        long longest = (long) heads * Math.max(keyLength, valueLength);
        if (longest > LARGEST) {
            throw new ModelException(
                    architecture
                            + ".attention.key_length: expected at most "
                            + LARGEST
                            + " columns over all heads, found "
                            + longest);
        }
    }

    /** Larger than any model; keeps products of hostile numbers in range. */
    static final int LARGEST = 1 << 24;

    private static final int MOST_LAYERS = 1024;
    private static final String AHEAD = "nextn_predict_layers";

    /**
     * Reads the hyper-parameters.
     *
     * @param contextLength wanted context length, 0 for the one the model was trained with
     */
    public static ModelConfig of(Metadata metadata, int contextLength) {
        String architecture = metadata.string("general.architecture");
        String prefix = architecture + ".";
        int trained = size(metadata, prefix + "context_length", Integer.MAX_VALUE);
        int embedding = size(metadata, prefix + "embedding_length", LARGEST);
        int layers = size(metadata, prefix + "block_count", MOST_LAYERS);
        int ahead = metadata.integer(prefix + AHEAD, 0);
        if (ahead < 0 || ahead >= layers) {
            throw new ModelException(
                    prefix
                            + AHEAD
                            + ": expected fewer than the "
                            + layers
                            + " layers, found "
                            + ahead);
        }
        int heads = headCount(metadata, prefix + "attention.head_count");
        String kvKey = prefix + "attention.head_count_kv";
        int kvHeads = metadata.has(kvKey) ? headCount(metadata, kvKey) : heads;
        if (heads % kvHeads != 0) {
            throw new ModelException(
                    kvKey + ": expected a divisor of the " + heads + " heads, found " + kvHeads);
        }
        String keyKey = prefix + "attention.key_length";
        String valueKey = prefix + "attention.value_length";
        if (!metadata.has(keyKey) && embedding % heads != 0) {
            throw new ModelException(
                    prefix
                            + "attention.head_count: expected a divisor of the embedding length "
                            + embedding
                            + ", found "
                            + heads);
        }
        int keyLength = metadata.has(keyKey) ? size(metadata, keyKey, LARGEST) : embedding / heads;
        int valueLength = metadata.has(valueKey) ? size(metadata, valueKey, LARGEST) : keyLength;
        String rms = prefix + "attention.layer_norm_rms_epsilon";
        String layerNorm = prefix + "attention.layer_norm_epsilon";
        float epsilon = metadata.number(metadata.has(rms) ? rms : layerNorm);
        if (!(epsilon >= 0 && epsilon < 1)) {
            throw new ModelException(
                    "epsilon of the norms: expected a number from 0 to 1, found " + epsilon);
        }
        return new ModelConfig(
                metadata,
                architecture,
                contextLength == 0 ? trained : contextLength,
                embedding,
                layers - ahead,
                heads,
                kvHeads,
                keyLength,
                valueLength,
                largest(metadata, prefix + "feed_forward_length", 0),
                epsilon,
                ConcurrentHashMap.newKeySet());
    }

    /**
     * Layers after the last one that guess tokens further ahead (multi-token prediction,
     * DeepSeek-AI 2024). What a model says does not depend on them, and this engine does without.
     */
    int ahead() {
        return integer(AHEAD, 0);
    }

    /** Positions that the model was trained with. */
    int trainedLength() {
        return size("context_length", Integer.MAX_VALUE);
    }

    /** Columns of the queries of all heads. */
    public int queryColumns() {
        return heads * keyLength;
    }

    /** Columns of the keys of all heads. */
    public int keyColumns() {
        return kvHeads * keyLength;
    }

    /** Columns of the values of all heads. */
    public int valueColumns() {
        return kvHeads * valueLength;
    }

    /** Columns of what attention gives, all heads. */
    public int attentionColumns() {
        return heads * valueLength;
    }

    /** Whether the model has the key {@code <architecture>.name}. */
    public boolean has(String name) {
        return metadata.has(asked(name));
    }

    /** The raw value of a key of this architecture, or null. */
    public @Nullable Object get(String name) {
        return metadata.get(asked(name));
    }

    /**
     * An integer key of this architecture that may have a value for each layer.
     *
     * @param otherwise where the key has one value, or is missing
     */
    int of(String name, int layer, int otherwise) {
        return get(name) instanceof int[] each && layer < each.length ? each[layer] : otherwise;
    }

    /** An integer key of this architecture, which may be said once for each layer. */
    public int integer(String name, int otherwise) {
        if (get(name) instanceof int[] each
                && each.length > 0
                && Arrays.stream(each).allMatch(value -> value == each[0])) {
            return each[0];
        }
        return metadata.integer(asked(name), otherwise);
    }

    /** A number key of this architecture, which must be finite. */
    public float number(String name, float otherwise) {
        float value = metadata.number(asked(name), otherwise);
        if (!Float.isFinite(value)) {
            throw new ModelException(key(name) + ": expected a finite number, found " + value);
        }
        return value;
    }

    /** A truth key of this architecture. */
    public boolean flag(String name, boolean otherwise) {
        return metadata.flag(asked(name), otherwise);
    }

    /** A string key of this architecture. */
    public String string(String name, String otherwise) {
        return metadata.string(asked(name), otherwise);
    }

    /** The full name of a key. */
    public String key(String name) {
        return architecture + "." + name;
    }

    private String asked(String name) {
        asked.add(name);
        return key(name);
    }

    /** A positive integer key of this architecture. */
    int size(String name, int most) {
        return size(metadata, asked(name), most);
    }

    /** How many heads attention has; 1 where a file says that it has none. */
    private static int headCount(Metadata metadata, String key) {
        return Math.max(1, largest(metadata, key, 0));
    }

    /** Refuses a file in which the value of a key does not divide another number. */
    void requireDivisor(String name, int of) {
        int value = size(name, LARGEST);
        if (of % value != 0) {
            throw new ModelException(
                    key(name) + ": expected a divisor of " + of + ", found " + value);
        }
    }

    /**
     * An integer, or the largest of those that a file has for each layer; a family that does not
     * ask for each by itself finds tensors of other shapes than it expects.
     */
    private static int largest(Metadata metadata, String key, int least) {
        boolean many = metadata.get(key) instanceof int[];
        int[] each =
                metadata.get(key) instanceof int[] list ? list : new int[] {metadata.integer(key)};
        int value = Arrays.stream(each).max().orElse(-1);
        if (value < least || value > LARGEST || Arrays.stream(each).anyMatch(v -> v < 0)) {
            throw new ModelException(
                    key
                            + ": expected "
                            + least
                            + " to "
                            + LARGEST
                            + ", found "
                            + (many ? Arrays.toString(each) : value));
        }
        return value;
    }

    private static int size(Metadata metadata, String key, int most) {
        int value = metadata.integer(key);
        if (value < 1 || value > most) {
            throw new ModelException(key + ": expected 1 to " + most + ", found " + value);
        }
        return value;
    }
}
