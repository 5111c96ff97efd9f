package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.RowOrder;
import dev.snoozy.compress.convert.family.Transform;

import java.util.List;

/**
 * A tensor of GGUF as tables of rows, which a {@link Transform} moves within each table.
 *
 * @param columns elements of a row; 1 in a vector whose elements are moved
 * @param rows of a table
 * @param tables one below the other, such as those of experts
 */
record RowGrid(int columns, long rows, long tables) {
    /** The grid of a tensor whose shape begins with the dimension that lies side by side. */
    static RowGrid of(List<Long> shape, Transform transform) {
        if (shape.size() > 1) {
            long tables = shape.stream().skip(2).reduce(1L, Math::multiplyExact);
            return new RowGrid(Math.toIntExact(shape.getFirst()), shape.get(1), tables);
        }
        return transform.order() == RowOrder.ALL
                ? new RowGrid(Math.toIntExact(shape.getFirst()), 1, 1)
                : new RowGrid(1, shape.getFirst(), 1);
    }

    /** The same after rows and columns have changed places. */
    RowGrid turned() {
        return new RowGrid(Math.toIntExact(rows), columns, tables);
    }

    long elements() {
        return columns * rows * tables;
    }

    /**
     * Where the checkpoint has an element of GGUF.
     *
     * @param table it is in
     * @param row of the checkpoint's tensor, of which this is the whole, turned as GGUF has it
     * @param column likewise
     */
    long place(long table, long row, int column, boolean transposed) {
        long within = transposed ? column * rows + row : row * columns + column;
        return table * rows * columns + within;
    }
}
