package dev.snoozy.format;

import java.util.List;

/**
 * What a safetensors file says of one tensor.
 *
 * @param name unique in the file, or in the checkpoint if it is sharded
 * @param type number format
 * @param shape as in the file: the last dimension is the one whose elements lie side by side, the
 *     reverse of {@link TensorInfo#shape()}; empty for a scalar
 * @param begin first byte of the data, counted from the end of the header of its file
 * @param end byte after the last of the data
 */
public record SafetensorInfo(
        String name, SafetensorType type, List<Long> shape, long begin, long end) {
    /** More dimensions than any tensor library makes. */
    static final int MOST_DIMENSIONS = 64;

    public SafetensorInfo {
        shape = List.copyOf(shape);
    }

    /**
     * A tensor that is to be written; the writer gives it its place.
     *
     * @throws FormatException if a dimension is negative, there are too many, the elements do not
     *     fill whole bytes, or the size does not fit 63 bits
     */
    public static SafetensorInfo of(String name, SafetensorType type, List<Long> shape) {
        return new SafetensorInfo(name, type, shape, 0, bytes(name, type, shape));
    }

    /** Size of the data. */
    public long bytes() {
        return end - begin;
    }

    /** Number of elements. */
    public long elements() {
        return elements(shape);
    }

    /** The size of a tensor of this type and shape. */
    static long bytes(String name, SafetensorType type, List<Long> shape) {
        if (shape.size() > MOST_DIMENSIONS) {
            throw new FormatException(
                    "tensor %s: found %d dimensions, expected at most %d"
                            .formatted(name, shape.size(), MOST_DIMENSIONS));
        }
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new FormatException(
                        "tensor %s: found the dimension %d, expected none below 0"
                                .formatted(name, dimension));
            }
        }
        try {
            return type.bytes(elements(shape));
        } catch (ArithmeticException e) {
            throw new FormatException(
                    "tensor %s: found the shape %s, expected one whose %s elements fill whole bytes, fewer than 2^60"
                            .formatted(name, shape, type),
                    e);
        }
    }

    /** The product. An overflow is one wherever the zero stands that would undo it. */
    private static long elements(List<Long> shape) {
        long elements = 1;
        boolean empty = false;
        for (long dimension : shape) {
            empty |= dimension == 0;
            elements = dimension == 0 ? elements : Math.multiplyExact(elements, dimension);
        }
        return empty ? 0 : elements;
    }
}
