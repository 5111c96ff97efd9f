package dev.snoozy.engine;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a model is loaded. Immutable.
 *
 * @param contextLength the most tokens of a text; 0 for the length the model was trained with. The
 *     memory for it is taken as a text grows
 * @param threads threads that compute, 1 to 1024; by default one for each processor. The results do
 *     not depend on it
 * @param precision of activations beside quantized weights; by default 8 bit where this machine has
 *     fast kernels for it
 * @param cacheType what the keys and values of a text are rounded to; null for F16 beside
 *     activations of 8 bit and F32 beside such of F32
 * @param cacheMemory the most bytes for keys and values of all texts together. Where they are not
 *     enough, texts wait for each other, and one that is too long for them alone fails. By default
 *     as much as the largest heap, which is a quarter of the machine's memory unless Java is told
 *     otherwise
 * @param prefixMemory the most bytes of that for the beginnings of texts that have ended, so that a
 *     text which begins the same need not be evaluated from the start; given up when texts in
 *     progress need them; 0 for none. By default half of {@code cacheMemory}
 * @param weights where they lie
 * @param listener is told how loading goes, and what is slow
 * @param chatTemplate used instead of the one in the file; "" for that. A token for the beginning
 *     of a text, if the model expects one, is added where this template does not write it
 * @param adapters are loaded with the model and used for texts that do not name their own
 * @param speculation who guesses the next tokens, so that several are judged at once; the texts are
 *     the same. Refused for embedding models and for models with recurrent layers
 */
public record LoadOptions(
        int contextLength,
        int threads,
        Precision precision,
        @Nullable CacheType cacheType,
        long cacheMemory,
        long prefixMemory,
        WeightPlacement weights,
        LoadListener listener,
        String chatTemplate,
        List<AdapterSource> adapters,
        Speculation speculation) {
    private static final int MOST_THREADS = 1024;

    public LoadOptions {
        adapters = List.copyOf(adapters);
        if (contextLength < 0) {
            throw new IllegalArgumentException(
                    "contextLength: expected 0 or more, found " + contextLength);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "threads: expected 1 to " + MOST_THREADS + ", found " + threads);
        }
        if (cacheMemory < 1) {
            throw new IllegalArgumentException(
                    "cacheMemory: expected 1 byte or more, found " + cacheMemory);
        }
        if (prefixMemory < 0) {
            throw new IllegalArgumentException(
                    "prefixMemory: expected 0 bytes or more, found " + prefixMemory);
        }
    }

    /** Options without adapters and without speculation. */
    public LoadOptions(
            int contextLength,
            int threads,
            Precision precision,
            @Nullable CacheType cacheType,
            long cacheMemory,
            long prefixMemory,
            WeightPlacement weights,
            LoadListener listener,
            String chatTemplate) {
        this(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                List.of(),
                Speculation.OFF);
    }

    /** The model's own context length, all processors, weights packed if the memory allows it. */
    public static LoadOptions defaults() {
        Runtime machine = Runtime.getRuntime();
        int processors = Math.min(MOST_THREADS, machine.availableProcessors());
        long memory = machine.maxMemory();
        return new LoadOptions(
                0,
                processors,
                Precision.EIGHT_BIT,
                null,
                memory,
                memory / 2,
                WeightPlacement.AUTO,
                LoadListener.SILENT,
                "",
                List.of(),
                Speculation.OFF);
    }

    public LoadOptions withContextLength(int tokens) {
        return new LoadOptions(
                tokens,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withThreads(int count) {
        return new LoadOptions(
                contextLength,
                count,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withPrecision(Precision wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                wanted,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withCacheType(CacheType wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                wanted,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withCacheMemory(long bytes) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                bytes,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withPrefixMemory(long bytes) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                bytes,
                weights,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withWeights(WeightPlacement wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                wanted,
                listener,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withListener(LoadListener wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                wanted,
                chatTemplate,
                adapters,
                speculation);
    }

    public LoadOptions withChatTemplate(String source) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                source,
                adapters,
                speculation);
    }

    public LoadOptions withAdapters(List<AdapterSource> wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                wanted,
                speculation);
    }

    public LoadOptions withSpeculation(Speculation wanted) {
        return new LoadOptions(
                contextLength,
                threads,
                precision,
                cacheType,
                cacheMemory,
                prefixMemory,
                weights,
                listener,
                chatTemplate,
                adapters,
                wanted);
    }

    /** The cache type that is meant. */
    CacheType remembered() {
        return cacheType == null ? CacheType.beside(precision) : cacheType;
    }
}
