package dev.snoozy.format;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The memory that a model needs, from what its file says and before anything is loaded: the weights
 * and, for one text, the keys and values that the layers remember.
 *
 * @param weights bytes of all tensors
 * @param layers what each layer remembers
 * @param trainedContext positions the model was trained with
 */
public record MemoryNeed(long weights, List<Layer> layers, int trainedContext) {
    /**
     * What a layer remembers.
     *
     * @param bytes of one position, key and value
     * @param window positions it looks back at, its own included; 0 for all
     */
    public record Layer(long bytes, int window) {}

    /** Positions are kept in pages, the last of which is partly empty. */
    private static final int PAGE = 64;

    /**
     * The rows of a prompt that are evaluated at once; a window must last for the first of them.
     */
    private static final int BATCH = 256;

    /** What is set aside at least for a packed model to be larger than its file, in per cent. */
    private static final int PACKED_SHARE = 15;

    /** Bytes of the program itself: code, heap and activations. */
    private static final long PROGRAM = 250_000_000;

    private static final int LONG_CHAT = 4096;

    private static final int MOST_LAYERS = 1024;

    public MemoryNeed {
        layers = List.copyOf(layers);
    }

    /**
     * What a model needs.
     *
     * @param weights bytes of all tensors
     * @param cache bytes that a key or a value of so many elements takes
     * @throws FormatException if the metadata lacks a length, as that of a vocabulary-only file
     *     does, or a length is out of range
     */
    public static MemoryNeed of(Metadata metadata, long weights, IntToLongFunction cache) {
        String prefix = metadata.string("general.architecture") + ".";
        int count = positive(metadata, prefix + "block_count");
        if (count > MOST_LAYERS) {
            throw new FormatException(
                    "%sblock_count: found %d, expected at most %d"
                            .formatted(prefix, count, MOST_LAYERS));
        }
        int heads = positive(metadata, prefix + "attention.head_count");
        int embedding = positive(metadata, prefix + "embedding_length");
        int keys = metadata.integer(prefix + "attention.key_length", embedding / heads);
        int values = metadata.integer(prefix + "attention.value_length", keys);
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            long kvHeads = kvHeads(metadata, prefix, layer, heads);
            long bytes = kvHeads * (cache.applyAsLong(keys) + cache.applyAsLong(values));
            if (keys < 0 || values < 0 || bytes < 0) {
                throw new FormatException("the attention lengths of the metadata are out of range");
            }
            layers.add(new Layer(bytes, window(metadata, prefix, layer)));
        }
        return new MemoryNeed(weights, layers, positive(metadata, prefix + "context_length"));
    }

    /** Bytes of the KV cache of one text of this many tokens. */
    public long cache(int contextLength) {
        long bytes = 0;
        for (Layer layer : layers) {
            long positions = pages(contextLength);
            if (layer.window() > 0) {
                positions = Math.min(positions, pages(layer.window() + (long) BATCH) + PAGE);
            }
            bytes = Math.addExact(bytes, Math.multiplyExact(positions, layer.bytes()));
        }
        return bytes;
    }

    /** Bytes of weights and KV cache for one text of this many tokens. */
    public long total(int contextLength) {
        return Math.addExact(weights, cache(contextLength));
    }

    /**
     * Bytes that running takes when the weights are packed: the units of some types are larger than
     * the blocks of a file, and the program needs room for itself. A text of more tokens than a
     * longer chat has takes the rest as it grows.
     *
     * @param contextLength the most tokens of a text; 0 for that of training
     * @param growth bytes by which the packed weights are larger than those of the file
     */
    public long packed(int contextLength, long growth) {
        int context = contextLength == 0 ? trainedContext : contextLength;
        return running(Math.min(context, LONG_CHAT), growth);
    }

    /**
     * Bytes that running takes when the weights are packed and a text has grown to this many
     * tokens.
     *
     * @param growth bytes by which the packed weights are larger than those of the file
     */
    public long running(int tokens, long growth) {
        long share = Math.max(growth, weights / 100 * PACKED_SHARE);
        try {
            return Math.addExact(weights + share + PROGRAM, cache(tokens));
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // what a file may announce, and no machine has
        }
    }

    private static long pages(long positions) {
        return (positions + PAGE - 1) / PAGE * PAGE;
    }

    private static int positive(Metadata metadata, String key) {
        int value = metadata.integer(key);
        if (value < 1) {
            throw new FormatException("%s: found %d, expected 1 or more".formatted(key, value));
        }
        return value;
    }

    private static long kvHeads(Metadata metadata, String prefix, int layer, int heads) {
        String key = prefix + "attention.head_count_kv";
        if (metadata.get(key) instanceof int[] each) {
            return layer < each.length ? each[layer] : 0;
        }
        return metadata.integer(key, heads);
    }

    /**
     * The window of a layer. Where the file does not say which layers have it, the two families
     * that mix their layers do so in fixed turns.
     */
    private static int window(Metadata metadata, String prefix, int layer) {
        int window = metadata.integer(prefix + "attention.sliding_window", 0);
        String key = prefix + "attention.sliding_window_pattern";
        if (metadata.get(key) instanceof boolean[] each) {
            return layer < each.length && each[layer] ? window : 0;
        }
        int turn =
                switch (prefix) {
                    case "gemma2." -> 2;
                    case "gemma3." -> 6;
                    default -> metadata.integer(key, 0);
                };
        return turn > 0 && layer % turn == turn - 1 ? 0 : window;
    }
}
