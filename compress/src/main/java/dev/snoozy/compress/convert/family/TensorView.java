package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The same numbers in the same order under another shape. Shapes begin with the dimension that lies
 * side by side, as in GGUF.
 *
 * @param toGguf from the checkpoint's shape
 * @param toCheckpoint from GGUF's
 */
public record TensorView(UnaryOperator<List<Long>> toGguf, UnaryOperator<List<Long>> toCheckpoint) {
    /** The shape as it is. */
    public static final TensorView SAME = new TensorView(shape -> shape, shape -> shape);

    /** A convolution of each channel by itself: {@code [width, 1, channels]} without the 1. */
    static final TensorView CONVOLUTION =
            new TensorView(
                    shape -> List.of(dimension(shape, 3, 0), dimension(shape, 3, 2)),
                    shape -> List.of(shape.get(0), 1L, shape.get(1)));

    /** A vector of the checkpoint as the column {@code [1, n]}. */
    static final TensorView COLUMN =
            new TensorView(
                    shape -> List.of(1L, dimension(shape, 1, 0)), shape -> List.of(shape.get(1)));

    /** A table {@code [n, 1]} of the checkpoint as a vector. */
    static final TensorView VECTOR =
            new TensorView(
                    shape -> List.of(dimension(shape, 2, 0)), shape -> List.of(shape.get(0), 1L));

    /** A vector of the checkpoint as a row for each of some groups. */
    static TensorView groups(int groups) {
        return new TensorView(
                shape -> List.of(part(dimension(shape, 1, 0), groups), (long) groups),
                shape -> List.of(shape.get(0) * shape.get(1)));
    }

    /** A matrix of the checkpoint as one for each head. */
    static TensorView heads(int heads) {
        return new TensorView(
                shape ->
                        List.of(
                                dimension(shape, 2, 0),
                                part(dimension(shape, 2, 1), heads),
                                (long) heads),
                shape -> List.of(shape.get(0), shape.get(1) * shape.get(2)));
    }

    private static long dimension(List<Long> shape, int dimensions, int i) {
        if (shape.size() != dimensions) {
            throw new ConvertException("expected " + dimensions + " dimensions, found " + shape);
        }
        return shape.get(i);
    }

    private static long part(long all, int parts) {
        if (all % parts != 0) {
            throw new ConvertException(
                    "expected a number that %d divides, found %d; do the sizes of config.json belong to it?"
                            .formatted(parts, all));
        }
        return all / parts;
    }
}
