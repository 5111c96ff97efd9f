package dev.snoozy.engine;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.jspecify.annotations.Nullable;

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
 */
public record LoadOptions(
        int contextLength, int threads, Precision precision, @Nullable CacheType cacheType) {
    private static final int MOST_THREADS = 1024;

    public LoadOptions {
        if (contextLength < 0) {
            throw new IllegalArgumentException(
                    "contextLength: expected 0 or more, found " + contextLength);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(
                    "threads: expected 1 to " + MOST_THREADS + ", found " + threads);
        }
    }

    /** The model's own context length, all processors. */
    public static LoadOptions defaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new LoadOptions(0, Math.min(MOST_THREADS, processors), Precision.EIGHT_BIT, null);
    }

    public LoadOptions withContextLength(int tokens) {
        return new LoadOptions(tokens, threads, precision, cacheType);
    }

    public LoadOptions withThreads(int count) {
        return new LoadOptions(contextLength, count, precision, cacheType);
    }

    public LoadOptions withPrecision(Precision wanted) {
        return new LoadOptions(contextLength, threads, wanted, cacheType);
    }

    public LoadOptions withCacheType(CacheType wanted) {
        return new LoadOptions(contextLength, threads, precision, wanted);
    }

    /** The cache type that is meant. */
    CacheType remembered() {
        return cacheType == null ? CacheType.beside(precision) : cacheType;
    }
}
