package dev.snoozy.cli;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.Fit;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The memory that a model of a file would take if it were loaded now, on this machine. */
public final class MemoryReckoning {
    /** What was asked of kernels already: a list asks for each of its models. */
    private static final Map<Wanted, KernelMemory> KNOWN = new ConcurrentHashMap<>();

    /** Kernels of which only the memory is wanted. */
    private record Wanted(int threads, Precision precision, CacheType cache) {
        KernelMemory ask() {
            try (Kernels kernels = Kernels.create(threads, precision)) {
                return kernels.memory(cache);
            }
        }
    }

    private MemoryReckoning() {}

    /**
     * What a model needs, or nothing if the file does not describe a whole network.
     *
     * @param options with which it would be loaded
     */
    public static Optional<MemoryNeed> of(GgufFile file, LoadOptions options) {
        return of(file.metadata(), file.tensors(), options);
    }

    /**
     * What a model needs whose header is known; else as {@link #of(GgufFile, LoadOptions)}.
     *
     * @param tensors all of the model
     */
    public static Optional<MemoryNeed> of(
            Metadata metadata, Collection<TensorInfo> tensors, LoadOptions options) {
        if (tensors.isEmpty()) {
            return Optional.empty();
        }
        CacheType cache =
                Objects.requireNonNullElse(
                        options.cacheType(), CacheType.beside(options.precision()));
        KernelMemory kernels =
                KNOWN.computeIfAbsent(
                        new Wanted(options.threads(), options.precision(), cache), Wanted::ask);
        try {
            return Optional.of(MemoryNeed.of(metadata, tensors, kernels));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** Bytes that running a file takes with a chat of usual length; 0 if that is unknown. */
    static long usual(GgufFile file) {
        return of(file, LoadOptions.defaults()).map(MemoryReckoning::usual).orElse(0L);
    }

    /** Bytes that running a model takes with a chat of usual length. */
    public static long usual(MemoryNeed need) {
        return need.at(need.usual(0), MemoryLimits.NONE).needed();
    }

    /** What there is for a model that is loaded now. */
    public static MemoryLimits limits(LoadOptions options) {
        return new MemoryLimits(
                AvailableMemory.here(), options.cacheMemory(), options.prefixMemory());
    }

    /**
     * What to say of a model that fits with a shorter text, but not with one that fills its
     * context. Where the context is the model's own, a cache that ends before it is not worth a
     * word: who wants such texts is told when it is full.
     */
    static Optional<String> warning(MemoryNeed need, MemoryLimits limits, int contextLength) {
        boolean asked = contextLength != need.trainedContext();
        long cache = asked ? limits.cache() : Long.MAX_VALUE;
        MemoryLimits bounds = new MemoryLimits(limits.available(), cache, limits.prefixes());
        Fit whole = need.at(contextLength, bounds);
        Fit usual = need.at(need.usual(contextLength), bounds);
        if (whole.verdict().compareTo(usual.verdict()) <= 0) {
            return Optional.empty();
        }
        String lacks =
                whole.kvCache() > cache
                        ? Printable.bytes(whole.kvCache())
                                + " of KV cache, which may take "
                                + Printable.bytes(cache)
                        : Printable.bytes(whole.needed())
                                + " of memory, of which "
                                + Printable.bytes(limits.available().orElse(0))
                                + " are free";
        int longest = Math.min(need.longest(bounds), contextLength);
        return Optional.of(
                "a text that fills the context of "
                        + contextLength
                        + " tokens needs "
                        + lacks
                        + "; texts up to "
                        + longest
                        + " tokens fit; cure: a smaller context (--ctx), --cache-type q8_0, or a"
                        + " smaller model or number format");
    }
}
