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

    /**
     * A tensor of this type and shape.
     *
     * @throws FormatException if a dimension is negative, a row is no whole number of blocks, or
     *     the size does not fit 63 bits
     */
    public static TensorInfo of(String name, TensorType type, List<Long> shape) {
        return new TensorInfo(name, type, shape, bytes(name, type, shape));
    }

    /** Number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    static long bytes(String name, TensorType type, List<Long> shape) {
        long elements = 1;
        try {
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new FormatException(
                            "tensor %s: found the dimension %d, expected none below 0"
                                    .formatted(name, dimension));
                }
                elements = Math.multiplyExact(elements, dimension);
            }
            long row = shape.isEmpty() ? 1 : shape.getFirst();
            if (row % type.blockSize() != 0) {
                throw new FormatException(
                        "tensor %s: found rows of %d elements, expected a multiple of %d, the block of %s"
                                .formatted(name, row, type.blockSize(), type));
            }
            return type.bytes(elements);
        } catch (ArithmeticException e) {
            throw new FormatException(
                    "tensor %s: found the shape %s, expected one whose size fits 63 bits"
                            .formatted(name, shape),
                    e);
        }
    }
}
