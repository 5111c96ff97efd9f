package dev.snoozy.compress;

import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.ValueType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Quantizes a model file.
 *
 * <p>Streams: parts of tensors are read, quantized by a few threads and written in their order, so
 * the memory it takes does not grow with the model. The result does not depend on the number of
 * threads.
 */
public final class Quantizer {
    private static final int QUANTIZATION_VERSION = 2;

    private final GgufFile source;
    private final QuantizeOptions options;
    private final QuantizePlan plan;

    /**
     * Plans the work.
     *
     * @param source open as long as this is used
     * @throws FormatException if it cannot be done, see {@link QuantizePlan#of}
     */
    public Quantizer(GgufFile source, QuantizeOptions options) {
        this.source = source;
        this.options = options;
        List<TensorInfo> tensors = List.copyOf(source.tensors());
        this.plan = QuantizePlan.of(tensors, ModelShape.of(source.metadata()), options);
    }

    /** What will be done. */
    public QuantizePlan plan() {
        return plan;
    }

    /** Bytes of the whole file that {@link #write} makes. */
    public long fileBytes() {
        return GgufWriter.size(metadata(), targets());
    }

    private List<TensorInfo> targets() {
        return plan.choices().stream().map(QuantizePlan.Choice::target).toList();
    }

    /**
     * Refuses what {@link #write} would refuse for its types: weights that are quantized already,
     * and types that need an importance matrix.
     *
     * @throws FormatException with the name of the tensor
     */
    public void check() {
        plan.check(options);
    }

    /**
     * Writes the quantized model. The file is there as a whole or not at all: after an error or a
     * crash an older file of that name is untouched.
     *
     * @param progress is told how many of the plan's elements are done
     * @throws FormatException if a weight is not finite, or too large for its type
     * @throws IOException if it cannot be written, or there is no room for it
     */
    public void write(Path target, LongConsumer progress) throws IOException {
        write(target, new Unmeasured(progress), false);
    }

    /**
     * As {@link #write(Path, LongConsumer)}; besides, what is written is decoded again to tell the
     * error of each tensor.
     */
    public void write(Path target, QuantizeListener listener) throws IOException {
        write(target, listener, true);
    }

    /** Wants no more than the progress. */
    private record Unmeasured(LongConsumer told) implements QuantizeListener {
        @Override
        public void progress(long done) {
            told.accept(done);
        }

        @Override
        public void tensor(QuantizePlan.Choice choice, double error) {}
    }

    private void write(Path target, QuantizeListener listener, boolean measures)
            throws IOException {
        check();
        DiskSpace.require(target, plan.targetBytes());
        try (ChunkPipeline pipeline =
                new ChunkPipeline(source, plan, options, listener, measures)) {
            GgufWriter.stream(target, metadata(), targets(), pipeline::write);
        }
    }

    /** The metadata of the source, with what is new behind it. */
    private Metadata metadata() {
        ImportanceMatrix importance = options.importance();
        Map<String, Object> keys = new LinkedHashMap<>();
        source.metadata()
                .values()
                .forEach((key, value) -> {
                    boolean old = importance != null && key.startsWith("quantize.imatrix.");
                    if (!old && !key.startsWith("split.")) {
                        keys.put(key, value);
                    }
                });
        set(keys, "general.quantization_version", QUANTIZATION_VERSION);
        set(keys, "general.file_type", options.mixture().fileType());
        if (importance != null) {
            keys.put("quantize.imatrix.file", options.importanceFile());
            if (!importance.dataset().isEmpty()) {
                keys.put("quantize.imatrix.dataset", importance.dataset());
            }
            set(keys, "quantize.imatrix.entries_count", importance.values().size());
            if (importance.chunks() > 0) {
                set(keys, "quantize.imatrix.chunks_count", importance.chunks());
            }
        }
        return new Metadata(keys);
    }

    private static void set(Map<String, Object> keys, String key, int value) {
        keys.remove(key); // to the end, where the reference has it
        keys.put(key, new MetadataValue(ValueType.UINT32, value));
    }
}
