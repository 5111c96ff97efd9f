package dev.snoozy.format;

import java.util.List;

/**
 * What a file says of one tensor.
 *
 * @param name unique in the file
 * @param type number format
 * @param shape as in the file: the first dimension is the one whose elements lie side by side
 *     (GGUF's {@code ne}), so a matrix that maps {@code in} to {@code out} features has the shape
 *     {@code [in, out]}
 * @param bytes size of the data
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long bytes) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
