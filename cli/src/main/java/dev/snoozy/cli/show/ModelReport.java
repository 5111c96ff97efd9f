package dev.snoozy.cli.show;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.cli.Progress;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.Sha256;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.ValueType;
import dev.snoozy.kernels.CacheType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@code show} says of a file; {@code --json} prints it as it is. */
record ModelReport(
        String file,
        int version,
        @JsonProperty("byte_order") String byteOrder,
        int shards,
        @Nullable String architecture,
        @Nullable String name,
        long parameters,
        long bytes,
        Map<String, Share> types,
        @JsonProperty("context_length") @Nullable Integer contextLength,
        @JsonProperty("cache_type") CacheType cacheType,
        List<Memory> memory,
        @JsonProperty("memory_free") @Nullable Long free,
        @JsonProperty("longest_context") @Nullable Integer longest,
        Map<String, Object> metadata,
        List<Entry> tensors) {

    /** The tensors of one number format. */
    record Share(int tensors, long parameters, long bytes) {
        Share plus(TensorInfo tensor) {
            return new Share(tensors + 1, parameters + tensor.elements(), bytes + tensor.bytes());
        }
    }

    /** What running with one text of a length takes, in bytes, and whether it is there. */
    record Memory(
            @JsonProperty("context_length") int contextLength,
            long weights,
            @JsonProperty("kv_cache") long cache,
            long compute,
            long program,
            long total,
            Fit.Verdict verdict) {
        static Memory of(Fit fit) {
            return new Memory(
                    fit.contextLength(),
                    fit.weights(),
                    fit.kvCache() + fit.remembered(),
                    fit.compute(),
                    fit.program(),
                    fit.total(),
                    fit.verdict());
        }
    }

    /** A tensor; the shape is that of the file, the digest that of the data, little endian. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(String name, String type, List<Long> shape, long bytes, @Nullable String sha256) {}

    private static final int SHORTEST_CONTEXT = 2048;

    /**
     * Reads a file.
     *
     * @param context a context length to tell the memory of besides the usual ones, or 0
     * @param options with which the model would be loaded
     * @param digests whether to read all data and tell its digests
     */
    static ModelReport of(
            Path path, GgufFile file, int context, LoadOptions options, boolean digests) {
        long parameters = 0;
        long bytes = 0;
        Map<String, Share> types = new TreeMap<>();
        for (TensorInfo tensor : file.tensors()) {
            parameters += tensor.elements();
            bytes += tensor.bytes();
            String type = tensor.type().name();
            types.put(type, types.getOrDefault(type, new Share(0, 0, 0)).plus(tensor));
        }
        MemoryNeed need = MemoryReckoning.of(file, options).orElse(null);
        MemoryLimits limits = MemoryReckoning.limits(options);
        return new ModelReport(
                path.toString(),
                file.version(),
                file.byteOrder() == ByteOrder.BIG_ENDIAN ? "big" : "little",
                file.shards(),
                string(file, "general.architecture"),
                string(file, "general.name"),
                parameters,
                bytes,
                types,
                need == null ? null : need.trainedContext(),
                Objects.requireNonNullElse(options.cacheType(), CacheType.F16),
                need == null ? List.of() : memory(need, limits, context),
                limits.available().isPresent() ? limits.available().getAsLong() : null,
                need == null ? null : need.longest(limits),
                values(file),
                entries(file, bytes, digests));
    }

    /**
     * Powers of two up to the length the model was trained with, that length, and the asked one.
     */
    private static List<Memory> memory(MemoryNeed need, MemoryLimits limits, int asked) {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (long n = SHORTEST_CONTEXT; n < need.trainedContext(); n *= 2) {
            lengths.add((int) n);
        }
        lengths.add(need.trainedContext());
        if (asked > 0) {
            lengths.add(asked);
        }
        return lengths.stream().map(n -> Memory.of(need.at(n, limits))).toList();
    }

    private static @Nullable String string(GgufFile file, String key) {
        return file.metadata().get(key) instanceof String text ? text : null;
    }

    private static Map<String, Object> values(GgufFile file) {
        Map<String, Object> values = new LinkedHashMap<>();
        file.metadata().values().forEach((key, value) -> values.put(key, unsigned(value)));
        return values;
    }

    /** A u64 above 2^63-1 is kept as its 64 bits; people are told the number. */
    private static Object unsigned(MetadataValue value) {
        boolean huge =
                value.type() == ValueType.UINT64 && value.value() instanceof Long bits && bits < 0;
        return huge ? new BigInteger(Long.toUnsignedString((Long) value.value())) : value.value();
    }

    private static List<Entry> entries(GgufFile file, long total, boolean digests) {
        List<Entry> entries = new ArrayList<>();
        long done = 0;
        try (Progress progress = Progress.of("reading", total)) {
            for (TensorInfo tensor : file.tensors()) {
                String digest = digests ? sha256(file.data(tensor)) : null;
                done += tensor.bytes();
                progress.done(done);
                entries.add(
                        new Entry(
                                tensor.name(),
                                tensor.type().name(),
                                tensor.shape(),
                                tensor.bytes(),
                                digest));
            }
        }
        return entries;
    }

    private static String sha256(MemorySegment data) {
        MessageDigest digest = Sha256.digest();
        long step = 1L << 30; // a byte buffer holds less than 2 GiB
        for (long from = 0; from < data.byteSize(); from += step) {
            long length = Math.min(step, data.byteSize() - from);
            digest.update(data.asSlice(from, length).asByteBuffer());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
