package dev.snoozy.compress;

import dev.snoozy.compress.quantize.BlockEncoder;
import dev.snoozy.compress.quantize.Encoders;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Takes rows of tensors to a type and back, and says what was lost. Used by one thread. */
final class RowCoding {
    private final GgufFile source;
    private final Map<TensorType, BlockEncoder> encoders = new EnumMap<>(TensorType.class);
    private final RowReader reader = new RowReader();

    /**
     * The squares that an error is measured by.
     *
     * @param error of the elements that came back, each times the importance of its column
     * @param all of the elements, each times the importance of its column
     */
    record Squares(double error, double all) {
        static final Squares NONE = new Squares(0, 0);

        Squares plus(Squares other) {
            return new Squares(error + other.error, all + other.all);
        }

        /** The error relative to the elements. */
        double relative() {
            return all == 0 ? 0 : error / all;
        }
    }

    RowCoding(GgufFile source) {
        this.source = source;
    }

    /**
     * Reads a row.
     *
     * @throws FormatException if an element is not finite
     */
    void read(TensorInfo tensor, long row, float[] target, int at) {
        int columns = columns(tensor);
        float[] elements = new float[columns];
        MemorySegment data = source.data(tensor);
        reader.read(tensor.type(), data, tensor.type().bytes(row * columns), elements, columns);
        int bad = RowReader.firstNotFinite(elements, columns);
        if (bad >= 0) {
            throw new FormatException(
                    "tensor %s: found %s in row %d, column %d, expected a finite number; the model is damaged: get or convert it again"
                            .formatted(tensor.name(), elements[bad], row, bad));
        }
        System.arraycopy(elements, 0, target, at, columns);
    }

    /**
     * What comes back of elements.
     *
     * @param importance of the columns, for the encoder
     * @throws ArithmeticException if an element is too large for the type
     */
    float[] coded(TensorType type, float[] x, float @Nullable [] importance) {
        byte[] blocks = new byte[Math.toIntExact(type.bytes(x.length))];
        encoders.computeIfAbsent(type, Encoders::of).encode(x, x.length, importance, blocks);
        float[] back = new float[x.length];
        BlockCodec.of(type).decode(MemorySegment.ofArray(blocks), 0, back, 0, x.length);
        return back;
    }

    /** The squares of rows and of what came back of them. */
    static Squares squares(float[] x, float[] back, float @Nullable [] importance) {
        return squares(x, back, x.length, importance);
    }

    /** The same of so many elements. */
    static Squares squares(float[] x, float[] back, int count, float @Nullable [] importance) {
        double error = 0;
        double all = 0;
        for (int i = 0; i < count; i++) {
            double weight = importance == null ? 1 : importance[i % importance.length];
            double difference = (double) x[i] - back[i];
            error += weight * difference * difference;
            all += weight * x[i] * x[i];
        }
        return new Squares(error, all);
    }

    static int columns(TensorInfo tensor) {
        return Math.toIntExact(tensor.shape().getFirst());
    }

    /** Rows of all matrices of a tensor. */
    static long rows(TensorInfo tensor) {
        return tensor.elements() / tensor.shape().getFirst();
    }

    /** The importance of the columns in the matrix of a row. */
    static float @Nullable [] importance(QuantizeOptions options, TensorInfo tensor, long row) {
        float[] all = QuantizePlan.importance(options.importance(), tensor);
        int columns = columns(tensor);
        if (all == null || all.length == columns) {
            return all;
        }
        int matrix = (int) (row / tensor.shape().get(1));
        return Arrays.copyOfRange(all, matrix * columns, (matrix + 1) * columns);
    }
}
