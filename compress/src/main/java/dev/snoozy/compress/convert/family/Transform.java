package dev.snoozy.compress.convert.family;

/**
 * How the values of a tensor differ between a Hugging Face checkpoint and GGUF. Everything can be
 * undone: rows are only moved, and values changed by what has an inverse.
 *
 * @param order of the rows; GGUF's tensor may be a part of the checkpoint's
 * @param values how each value changes
 * @param transposed whether rows and columns change places: the checkpoint has {@code [in, out]}.
 *     The order is that of GGUF's rows
 */
public record Transform(RowOrder order, Values values, boolean transposed) {
    /** Changes of a value. */
    public enum Values {
        /** None. */
        SAME,
        /** One is added: the checkpoint has {@code w} where the model multiplies by 1 + w. */
        PLUS_ONE;

        /** A value of GGUF from that of the checkpoint. */
        public float toGguf(float value) {
            return switch (this) {
                case SAME -> value;
                case PLUS_ONE -> value + 1;
            };
        }

        /** A value of the checkpoint from that of GGUF. */
        public float toCheckpoint(float value) {
            return switch (this) {
                case SAME -> value;
                case PLUS_ONE -> value - 1;
            };
        }
    }

    /** Nothing changes. */
    public static final Transform SAME = of(RowOrder.ALL);

    static final Transform PLUS_ONE = new Transform(RowOrder.ALL, Values.PLUS_ONE, false);
    static final Transform TRANSPOSED = new Transform(RowOrder.ALL, Values.SAME, true);

    /** Rows in another order, or a part of them. */
    public static Transform of(RowOrder order) {
        return new Transform(order, Values.SAME, false);
    }

    /** {@link RowOrder#pairs}. */
    static Transform pairs(int heads) {
        return of(RowOrder.pairs(heads));
    }

    /** Whether bytes of whole rows can be moved as they are. */
    public boolean movesOnly() {
        return values == Values.SAME && !transposed;
    }

    /** Whether nothing changes at all. */
    public boolean isSame() {
        return movesOnly() && order == RowOrder.ALL;
    }
}
