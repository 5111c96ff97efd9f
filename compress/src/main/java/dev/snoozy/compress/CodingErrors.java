package dev.snoozy.compress;

import dev.snoozy.compress.RowCoding.Squares;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What each candidate type would lose of each tensor: the sum of the squared errors relative to
 * that of the squares, both times the importance of their columns where it is known. Measured with
 * the encoders themselves; of a large tensor on rows that stand at equal distances in it.
 */
final class CodingErrors {
    /** Elements of a tensor that are tried at most: a thousand blocks of 256, from all over it. */
    private static final int SAMPLE = 1 << 18;

    private final GgufFile source;
    private final QuantizeOptions options;

    CodingErrors(GgufFile source, QuantizeOptions options) {
        this.source = source;
        this.options = options;
    }

    /**
     * The errors by type. A type that a value is too large for is missing.
     *
     * @param types the tensor's own has no error
     */
    Map<TensorType, Double> of(TensorInfo tensor, List<TensorType> types) {
        Map<TensorType, Double> errors = new EnumMap<>(TensorType.class);
        RowCoding coding = new RowCoding(source);
        for (TensorType type : types) {
            if (type == tensor.type()) {
                errors.put(type, 0.0);
                continue;
            }
            Squares sum = Squares.NONE;
            try {
                for (long[] rows : runs(tensor)) {
                    sum = sum.plus(squares(coding, tensor, type, rows));
                }
                errors.put(type, sum.relative());
            } catch (ArithmeticException e) {
                continue; // its scales have no room for the values of this tensor
            }
        }
        if (errors.isEmpty()) {
            throw new FormatException(
                    "tensor %s: found values that %s has no room for; cure: BF16 for this tensor (--tensor-type)"
                            .formatted(tensor.name(), types));
        }
        return errors;
    }

    private Squares squares(RowCoding coding, TensorInfo tensor, TensorType type, long[] rows) {
        int columns = RowCoding.columns(tensor);
        float[] x = new float[rows.length * columns];
        for (int i = 0; i < rows.length; i++) {
            coding.read(tensor, rows[i], x, i * columns);
        }
        float[] importance = RowCoding.importance(options, tensor, rows[0]);
        return RowCoding.squares(x, coding.coded(type, x, importance), importance);
    }

    /** The rows that are tried, those of one matrix together. */
    private static List<long[]> runs(TensorInfo tensor) {
        long all = RowCoding.rows(tensor);
        int tried = (int) Math.clamp(SAMPLE / RowCoding.columns(tensor), 1, all);
        long matrix = tensor.shape().size() > 2 ? tensor.shape().get(1) : all;
        long[] rows = new long[tried];
        for (int i = 0; i < tried; i++) {
            rows[i] = i * all / tried + all / tried / 2;
        }
        List<long[]> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= tried; i++) {
            if (i == tried || rows[i] / matrix != rows[from] / matrix) {
                runs.add(Arrays.copyOfRange(rows, from, i));
                from = i;
            }
        }
        return runs;
    }
}
