package dev.snoozy.tune;

import dev.snoozy.engine.AdapterMatrices;
import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes a model with adapters worked into its weights: {@code W + scale B A}. What no adapter
 * changes is copied. A changed matrix becomes F16, or F32 if it was, since the deltas would be lost
 * in coarser blocks; to quantize the result is another step.
 */
public final class Merge {
    private static final int CHUNK = 1 << 20; // elements

    private final Path base;
    private final List<AdapterSource> adapters;

    /** An adapter and its scale. */
    private record Part(AdapterMatrices matrices, float scale) {}

    /**
     * A merge.
     *
     * @param base a model in GGUF
     * @param adapters in this order
     */
    public Merge(Path base, List<AdapterSource> adapters) {
        this.base = base;
        this.adapters = List.copyOf(adapters);
    }

    /**
     * Writes the model.
     *
     * @param target is there as a whole or not at all
     * @param type of the changed matrices, F32, F16 or BF16; null for F16, or F32 where it was
     * @param done is told of each tensor its bytes
     * @return how many matrices were changed
     * @throws ModelException if an adapter does not fit
     */
    public int write(Path target, @Nullable TensorType type, LongConsumer done) throws IOException {
        if (type != null
                && type != TensorType.F32
                && type != TensorType.F16
                && type != TensorType.BF16) {
            throw new IllegalArgumentException(
                    "type of merged matrices: expected F32, F16 or BF16, found " + type);
        }
        try (GgufFile file = GgufFile.open(base)) {
            List<Part> parts = new ArrayList<>();
            for (AdapterSource adapter : adapters) {
                AdapterMatrices matrices = AdapterMatrices.read(adapter.file(), file);
                if (matrices.hasMagnitudes() && (adapter.scale() != 1 || adapters.size() > 1)) {
                    throw new ModelException(
                            adapter.file()
                                    + " has magnitudes (DoRA), which are right for its base alone"
                                    + " and for a scale of 1; cure: merge it by itself");
                }
                parts.add(new Part(matrices, adapter.scale()));
            }
            List<TensorInfo> tensors = new ArrayList<>();
            int changed = 0;
            for (TensorInfo tensor : file.tensors()) {
                boolean mine = isChanged(tensor, parts);
                changed += mine ? 1 : 0;
                tensors.add(mine ? changed(tensor, type) : tensor);
            }
            GgufWriter.stream(
                    target,
                    file.metadata(),
                    tensors,
                    (tensor, channel) -> {
                        TensorInfo source = source(file, tensor);
                        if (isChanged(source, parts)) {
                            rows(file, source, tensor.type(), parts, channel);
                        } else {
                            copy(file, source, channel);
                        }
                        done.accept(tensor.bytes());
                    });
            return changed;
        }
    }

    private static boolean isChanged(TensorInfo tensor, List<Part> parts) {
        return parts.stream().anyMatch(part -> part.matrices.changes(tensor.name()));
    }

    private static TensorInfo changed(TensorInfo tensor, @Nullable TensorType wanted) {
        TensorType usual = tensor.type() == TensorType.F32 ? TensorType.F32 : TensorType.F16;
        TensorType type = wanted == null ? usual : wanted;
        return TensorInfo.of(tensor.name(), type, tensor.shape());
    }

    private static TensorInfo source(GgufFile file, TensorInfo target) {
        TensorInfo source = file.tensor(target.name());
        if (source == null) {
            throw new IllegalStateException("the base has had " + target.name());
        }
        return source;
    }

    private static void copy(GgufFile file, TensorInfo tensor, WritableByteChannel channel)
            throws IOException {
        for (long at = 0; at < tensor.bytes(); at += CHUNK) {
            long count = Math.min(CHUNK, tensor.bytes() - at);
            writeAll(channel, file.data(tensor).asSlice(at, count).asByteBuffer());
        }
    }

    private static void rows(
            GgufFile file,
            TensorInfo tensor,
            TensorType type,
            List<Part> parts,
            WritableByteChannel channel)
            throws IOException {
        int in = Math.toIntExact(tensor.shape().get(0));
        int out = Math.toIntExact(tensor.shape().get(1));
        int most = Math.max(1, CHUNK / in);
        long rowBytes = tensor.type().bytes(in);
        BlockCodec codec = BlockCodec.of(tensor.type());
        for (int first = 0; first < out; first += most) {
            int count = Math.min(most, out - first);
            float[] rows = new float[count * in];
            codec.decode(file.data(tensor), first * rowBytes, rows, 0, rows.length);
            for (Part part : parts) {
                part.matrices.addTo(tensor.name(), first, count, rows, part.scale);
            }
            writeAll(channel, encoded(rows, type));
        }
    }

    private static ByteBuffer encoded(float[] values, TensorType type) {
        int size = type == TensorType.F32 ? Float.BYTES : Short.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                default -> bytes.putShort(bfloat16(value));
            }
        }
        return bytes.flip();
    }

    /** The upper half of a float, rounded half to even. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
