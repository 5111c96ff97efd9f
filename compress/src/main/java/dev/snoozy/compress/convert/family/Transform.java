package dev.snoozy.compress.convert.family;

/**
 * How the values of a tensor differ between a Hugging Face checkpoint and GGUF. Everything can be
 * undone: rows and columns are only moved, and values changed by what has an inverse.
 *
 * @param order of the rows; GGUF's tensor may be a part of the checkpoint's
 * @param columns order of the columns of each row, or a part of them
 * @param values how each value changes
 * @param transposed whether rows and columns change places: the checkpoint has {@code [in, out]}.
 *     The orders are those of GGUF's rows and columns
 * @param view of the checkpoint's tensor before anything else
 */
public record Transform(
        RowOrder order, RowOrder columns, Values values, boolean transposed, TensorView view) {
    /** A change of each value. */
    public interface Values {
        /** None. */
        Values SAME = of(value -> value, value -> value);

        /** One is added: the checkpoint has {@code w} where the model multiplies by 1 + w. */
        Values PLUS_ONE = of(value -> value + 1, value -> value - 1);

        /** The checkpoint has the logarithm of how fast a state fades. */
        Values FADING =
                of(
                        value -> (float) -Math.exp(value),
                        // What does not fade at all has no logarithm: nearly nothing does for it.
                        value -> (float) Math.log(value == 0 ? Float.MIN_VALUE : -(double) value));

        /** A value of GGUF from that of the checkpoint, in a row of GGUF. */
        float toGguf(float value, long row);

        /** A value of the checkpoint from that of GGUF. */
        float toCheckpoint(float value, long row);

        /** A factor for each row, by which the model multiplies what the checkpoint has. */
        static Values times(Factor factor) {
            return new Values() {
                @Override
                public float toGguf(float value, long row) {
                    return value * factor.of(row);
                }

                @Override
                public float toCheckpoint(float value, long row) {
                    return value / factor.of(row);
                }
            };
        }

        private static Values of(Change toGguf, Change toCheckpoint) {
            return new Values() {
                @Override
                public float toGguf(float value, long row) {
                    return toGguf.of(value);
                }

                @Override
                public float toCheckpoint(float value, long row) {
                    return toCheckpoint.of(value);
                }
            };
        }
    }

    /** A function of a value. */
    interface Change {
        float of(float value);
    }

    /** A number for each row. */
    interface Factor {
        float of(long row);
    }

    /** Nothing changes. */
    public static final Transform SAME = of(RowOrder.ALL);

    static final Transform PLUS_ONE = SAME.with(Values.PLUS_ONE);
    static final Transform TRANSPOSED = SAME.turned();

    /** Rows in another order, or a part of them. */
    public static Transform of(RowOrder order) {
        return new Transform(order, RowOrder.ALL, Values.SAME, false, TensorView.SAME);
    }

    /** Another shape. */
    static Transform of(TensorView view) {
        return SAME.with(view);
    }

    /** {@link RowOrder#pairs}. */
    static Transform pairs(int heads) {
        return of(RowOrder.pairs(heads));
    }

    /** The same with columns in another order, or a part of them. */
    Transform columns(RowOrder other) {
        return new Transform(order, other, values, transposed, view);
    }

    /** The same with values that change. */
    Transform with(Values other) {
        return new Transform(order, columns, other, transposed, view);
    }

    /** The same of another shape. */
    Transform with(TensorView other) {
        return new Transform(order, columns, values, transposed, other);
    }

    /** The same with rows and columns that change places. */
    Transform turned() {
        return new Transform(order, columns, values, true, view);
    }

    /** Whether bytes of whole rows can be moved as they are. */
    public boolean movesOnly() {
        return values == Values.SAME && columns == RowOrder.ALL && !transposed;
    }

    /** Whether nothing changes at all, but perhaps the shape. */
    public boolean isSame() {
        return movesOnly() && order == RowOrder.ALL;
    }
}
