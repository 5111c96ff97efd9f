package dev.snoozy.format;

import dev.snoozy.format.Fit.Verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The memory that a model needs, from what its file says and before anything is loaded: weights,
 * what the layers remember of a text, what evaluating takes, and the program. It follows what the
 * engine allocates; {@code docs/performance.md} has what processes were seen to take. Immutable.
 */
public final class MemoryNeed {
    /** Positions are kept in pages, the last of which is partly empty. */
    public static final int PAGE = 64;

    /** Tokens of a longer chat, for which there is to be room when a model is loaded. */
    private static final int LONG_CHAT = 4096;

    private static final int MOST_LAYERS = 1024;
    private static final int LARGEST = 1 << 24;
    private static final int LANES = 16;
    private static final int LLAMA4_CHUNK = 8192;
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.");

    /** What is allocated at once from this size on takes memory when it is used, by as much. */
    private static final long HUGE_PAGE = 2 << 20;

    /** Java itself: its code, classes, compiled methods, threads and the smallest heap. */
    private static final long JAVA = 130_000_000;

    /** Tokens of a vocabulary that the smallest heap has room for. */
    private static final int SMALL_VOCABULARY = 64_000;

    /** Bytes of the heap for each token beyond them, while the vocabulary is read. */
    private static final long TOKEN = 400;

    /**
     * What a layer remembers: bytes of a page, and the positions it looks back at, 0 for all; or
     * bytes of a state, whatever the length of the text.
     */
    private record Layer(long page, int window, long state) {}

    private final long inFile;
    private final long packed;
    private final List<Layer> layers;
    private final ComputeMemory compute;
    private final long program;
    private final int trainedContext;

    private MemoryNeed(
            long inFile,
            long packed,
            List<Layer> layers,
            ComputeMemory compute,
            long program,
            int trainedContext) {
        this.inFile = inFile;
        this.packed = packed;
        this.layers = layers;
        this.compute = compute;
        this.program = program;
        this.trainedContext = trainedContext;
    }

    /**
     * What a model needs.
     *
     * @param tensors all of the file
     * @param kernels those that are to run it
     * @throws FormatException if the metadata lacks a length, as that of a vocabulary-only file
     *     does, or a length is out of range
     */
    public static MemoryNeed of(
            Metadata metadata, Collection<TensorInfo> tensors, KernelMemory kernels) {
        String prefix = metadata.string("general.architecture") + ".";
        int all = positive(metadata, prefix + "block_count", MOST_LAYERS);
        // Layers that only guess ahead are not run, and stay in the file.
        int count = all - Math.clamp(metadata.integer(prefix + "nextn_predict_layers", 0), 0, all);
        int heads = heads(metadata, prefix);
        int embedding = positive(metadata, prefix + "embedding_length", LARGEST);
        int keys = metadata.integer(prefix + "attention.key_length", embedding / heads);
        int values = metadata.integer(prefix + "attention.value_length", keys);
        int localKeys = metadata.integer(prefix + "attention.key_length_swa", keys);
        int localValues = metadata.integer(prefix + "attention.value_length_swa", values);
        int mostKvHeads = 0;
        List<Layer> layers = new ArrayList<>();
        int stored = count - metadata.integer(prefix + "attention.shared_kv_layers", 0);
        for (int layer = 0; layer < Math.min(count, stored); layer++) {
            int kvHeads = kvHeads(metadata, prefix, layer, heads);
            int window = window(metadata, prefix, layer);
            if (Math.min(Math.min(keys, values), Math.min(localKeys, localValues)) < 0
                    || kvHeads < 0) {
                throw new FormatException("the attention lengths of the metadata are out of range");
            }
            mostKvHeads = Math.max(mostKvHeads, kvHeads);
            long state = RecurrentState.bytes(metadata, prefix, layer, kvHeads);
            if (state > 0) {
                layers.add(new Layer(0, 0, state));
                continue;
            }
            long length = Math.max(Math.max(keys, values), Math.max(localKeys, localValues));
            long longest = Math.max(heads, kvHeads) * length;
            if (longest > LARGEST) {
                throw new FormatException("the attention lengths of the metadata are out of range");
            }
            layers.add(
                    new Layer(
                            window > 0
                                    ? kernels.page(kvHeads, localKeys, localValues)
                                    : kernels.page(kvHeads, keys, values),
                            window,
                            0));
        }
        int vocabulary =
                metadata.get("tokenizer.ggml.tokens") instanceof String[] tokens
                        ? tokens.length
                        : Math.clamp(metadata.integer(prefix + "vocab_size", 0), 0, LARGEST);
        Set<String> names = tensors.stream().map(TensorInfo::name).collect(Collectors.toSet());
        boolean encoder = ComputeMemory.isEncoder(prefix) || names.contains("token_types.weight");
        ComputeMemory compute =
                new ComputeMemory(
                        metadata,
                        prefix,
                        new ComputeMemory.Lengths(embedding, heads, mostKvHeads, keys, values),
                        vocabulary,
                        names,
                        kernels.threads());
        return new MemoryNeed(
                tensors.stream().mapToLong(TensorInfo::bytes).sum(),
                tensors.stream()
                        .filter(tensor -> layer(tensor.name()) < count)
                        .mapToLong(t -> packed(t, names, encoder, kernels))
                        .sum(),
                List.copyOf(layers),
                compute,
                JAVA + TOKEN * Math.max(0, vocabulary - SMALL_VOCABULARY),
                positive(metadata, prefix + "context_length", Integer.MAX_VALUE));
    }

    /**
     * The same network with its weights in other number formats, of which only the size is known:
     * what is packed is larger or smaller as they are.
     *
     * @param bytes of all tensors in the other file, about
     */
    public MemoryNeed ofSize(long bytes) {
        double ratio = (double) bytes / Math.max(1, inFile);
        return new MemoryNeed(
                bytes, Math.round(packed * ratio), layers, compute, program, trainedContext);
    }

    /** Positions the model was trained with. */
    public int trainedContext() {
        return trainedContext;
    }

    /** Bytes of all tensors, as they are in the file. */
    public long inFile() {
        return inFile;
    }

    /** Bytes of the weights when they are packed. */
    public long packed() {
        return packed;
    }

    /**
     * The tokens that a text is reckoned with when a model is loaded: those of a longer chat, if
     * the context is not shorter. What a text has beyond them is taken as it grows.
     *
     * @param contextLength the most tokens of a text; 0 for that of training
     */
    public int usual(int contextLength) {
        return Math.min(contextLength == 0 ? trainedContext : contextLength, LONG_CHAT);
    }

    /** What one text of this many tokens takes. */
    public Fit at(int contextLength, MemoryLimits limits) {
        return at(contextLength, 1, limits);
    }

    /** What some texts of this many tokens each take, evaluated together. */
    public Fit at(int contextLength, int sequences, MemoryLimits limits) {
        try {
            long cache = Math.multiplyExact(cache(contextLength), (long) sequences);
            long remembered =
                    Math.multiplyExact(remembered(contextLength, limits), (long) sequences);
            long work = compute.bytes(contextLength, sequences);
            Fit fit =
                    new Fit(
                            contextLength,
                            packed,
                            cache,
                            Math.min(remembered, limits.prefixes()),
                            work,
                            program,
                            Verdict.TOO_LARGE);
            return judged(fit, limits);
        } catch (ArithmeticException e) { // what a file may announce, and no machine has
            return new Fit(contextLength, packed, Long.MAX_VALUE, 0, 0, program, Verdict.TOO_LARGE);
        }
    }

    private static Fit judged(Fit fit, MemoryLimits limits) {
        Verdict verdict = Verdict.TOO_LARGE;
        long remembered = fit.remembered();
        if (fit.kvCache() <= limits.cache()) {
            if (limits.hasRoom(fit.needed())) {
                verdict = Verdict.FITS;
                remembered =
                        Math.min(
                                remembered,
                                limits.available().orElse(Long.MAX_VALUE) - fit.needed());
            } else if (limits.hasRoom(fit.neededMapped())) {
                verdict = Verdict.MAPPED;
                remembered = 0;
            }
        }
        return new Fit(
                fit.contextLength(),
                fit.weights(),
                fit.kvCache(),
                verdict == Verdict.TOO_LARGE ? 0 : remembered,
                fit.compute(),
                fit.program(),
                verdict);
    }

    /**
     * The most tokens, in whole pages, of a text that fits as well as possible: with packed weights
     * if any does, else with mapped ones; at most those of training, and 0 if none fits.
     */
    public int longest(MemoryLimits limits) {
        for (Verdict verdict : List.of(Verdict.FITS, Verdict.MAPPED)) {
            if (at(trainedContext, limits).verdict() == verdict) {
                return trainedContext;
            }
            int fits = 0;
            int fails = (trainedContext + PAGE - 1) / PAGE;
            while (fails - fits > 1) {
                int middle = (fits + fails) >>> 1;
                boolean good = at(middle * PAGE, limits).verdict().compareTo(verdict) <= 0;
                fits = good ? middle : fits;
                fails = good ? fails : middle;
            }
            if (fits > 0) {
                return fits * PAGE;
            }
        }
        return 0;
    }

    // ---- weights

    /** The layer that a tensor belongs to; -1 for none. */
    private static int layer(String name) {
        Matcher matcher = LAYER.matcher(name);
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /**
     * Whether products are asked of a tensor; else it is a vector, or a table whose rows are looked
     * up.
     *
     * @param names of all tensors
     * @param encoder whether there are no scores of tokens
     */
    private static boolean isMultiplied(TensorInfo tensor, Set<String> names, boolean encoder) {
        return switch (tensor.name()) {
            case "token_embd.weight" -> !names.contains("output.weight") && !encoder;
            case "position_embd.weight", "token_types.weight", "per_layer_token_embd.weight" ->
                    false;
            default ->
                    tensor.shape().size() > 1
                            && !tensor.name().endsWith(".bias") // of experts, one row for each
                            && !RecurrentState.isParameter(tensor.name());
        };
    }

    private static long packed(
            TensorInfo tensor, Set<String> names, boolean encoder, KernelMemory kernels) {
        List<Long> shape = tensor.shape();
        if (shape.size() < 2) {
            long columns = shape.isEmpty() ? 1 : shape.getFirst();
            return (columns + LANES - 1) / LANES * LANES * Float.BYTES;
        }
        if (!isMultiplied(tensor, names, encoder)) {
            return 0; // pages of the file, given back every now and then
        }
        long experts = shape.size() > 2 ? shape.get(2) : 1;
        long bytes = kernels.packed(tensor.type(), experts, shape.get(1), shape.get(0));
        return bytes > 0 ? bytes : tensor.bytes();
    }

    // ---- keys and values

    /** Pages that a pool has when it has grown beyond so many: what is asked for next is near. */
    public static int grown(int pages) {
        return pages + Math.max(4, pages / 8);
    }

    /** Bytes of the KV cache of one text of this many tokens. */
    private long cache(int contextLength) {
        long bytes = 0;
        for (Layer layer : layers) {
            bytes = Math.addExact(bytes, layer.state());
            long pages = pages(contextLength);
            if (layer.window() > 0
                    && compute.isCausal()) { // an encoder keeps its text in one batch
                pages = Math.min(pages, pages(layer.window() + (long) ComputeMemory.BATCH) + 1);
            }
            bytes = Math.addExact(bytes, resident(pages, layer.page()));
        }
        return bytes;
    }

    /** Bytes of what windows have left and is remembered. */
    private long remembered(int contextLength, MemoryLimits limits) {
        if (limits.prefixes() == 0 || !compute.isCausal()) {
            return 0;
        }
        long page = layers.stream().mapToLong(Layer::page).sum(); // of all layers
        long pages = Math.min(pages(contextLength), limits.prefixes() / Math.max(1, page));
        long bytes = 0;
        for (Layer layer : layers) {
            if (layer.window() > 0) {
                long ring = pages(layer.window() + (long) ComputeMemory.BATCH) + 1;
                long more = resident(pages, layer.page()) - resident(ring, layer.page());
                bytes = Math.addExact(bytes, Math.max(0, more));
            }
        }
        return bytes;
    }

    /** Bytes in memory of a pool of pages, so many of which are in use. */
    private static long resident(long pages, long page) {
        long bytes = 0;
        for (int size = 0; size < pages; size = grown(size)) {
            long piece = Math.multiplyExact((long) grown(size) - size, page);
            long used = Math.multiplyExact(Math.min(pages, grown(size)) - size, page);
            long touched = (used + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
            bytes = Math.addExact(bytes, piece < HUGE_PAGE ? piece : Math.min(piece, touched));
        }
        return bytes;
    }

    private static long pages(long positions) {
        return (positions + PAGE - 1) / PAGE;
    }

    // ---- metadata

    private static int positive(Metadata metadata, String key, int most) {
        int value = metadata.integer(key);
        if (value < 1 || value > most) {
            throw new FormatException(
                    most == Integer.MAX_VALUE
                            ? "%s: found %d, expected 1 or more".formatted(key, value)
                            : "%s: found %d, expected 1 to %d".formatted(key, value, most));
        }
        return value;
    }

    /** Heads of attention; 1 where a file says that it has none. */
    private static int heads(Metadata metadata, String prefix) {
        String key = prefix + "attention.head_count";
        if (metadata.get(key) instanceof int[] each) {
            return Math.clamp(Arrays.stream(each).max().orElse(1), 1, LARGEST);
        }
        return metadata.integer(key) == 0 ? 1 : positive(metadata, key, LARGEST);
    }

    private static int kvHeads(Metadata metadata, String prefix, int layer, int heads) {
        String key = prefix + "attention.head_count_kv";
        if (metadata.get(key) instanceof int[] each) {
            return layer < each.length ? each[layer] : 0;
        }
        return metadata.integer(key, heads);
    }

    /**
     * The window of a layer. Where the file does not say which layers have it, the families that
     * mix their layers do so in fixed turns.
     */
    private static int window(Metadata metadata, String prefix, int layer) {
        int usual = prefix.equals("llama4.") ? LLAMA4_CHUNK : 0;
        int window = metadata.integer(prefix + "attention.sliding_window", usual);
        String key = prefix + "attention.sliding_window_pattern";
        if (metadata.get(key) instanceof boolean[] each) {
            return layer < each.length && each[layer] ? window : 0;
        }
        int turn =
                metadata.integer(
                        key,
                        switch (prefix) {
                            case "gemma2.", "gpt-oss." -> 2;
                            case "cohere2.", "exaone4.", "llama4.", "olmo2." -> 4;
                            case "gemma3.", "gemma4.", "gemma-embedding." -> 6;
                            default -> 0;
                        });
        return turn > 0 && layer % turn == turn - 1 ? 0 : window;
    }
}
