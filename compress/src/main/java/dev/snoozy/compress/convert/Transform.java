package dev.snoozy.compress.convert;

/**
 * How the values of a tensor differ between a Hugging Face checkpoint and GGUF. Each has an
 * inverse.
 *
 * @param kind of difference
 * @param heads whose rows are reordered, for {@link Kind#PAIRS}
 */
record Transform(Kind kind, int heads) {
    enum Kind {
        /** None. */
        SAME,
        /** One is added: the checkpoint has {@code w} where the model multiplies by 1 + w. */
        PLUS_ONE,
        /** Rows and columns change places: the checkpoint has {@code [in, out]}. */
        TRANSPOSED,
        /**
         * The rows of each head are reordered: rotary positions turn the two halves of a head there
         * and adjacent pairs of rows here.
         */
        PAIRS
    }

    static final Transform SAME = new Transform(Kind.SAME, 0);
    static final Transform PLUS_ONE = new Transform(Kind.PLUS_ONE, 0);
    static final Transform TRANSPOSED = new Transform(Kind.TRANSPOSED, 0);

    static Transform pairs(int heads) {
        return new Transform(Kind.PAIRS, heads);
    }

    /**
     * The row of the checkpoint that becomes a row of GGUF.
     *
     * @param rows of the tensor
     */
    long checkpointRow(long row, long rows) {
        if (kind != Kind.PAIRS) {
            return row;
        }
        long length = rows / heads;
        long within = row % length;
        return row - within + within % 2 * (length / 2) + within / 2;
    }

    /** The row of GGUF that becomes a row of the checkpoint. */
    long ggufRow(long row, long rows) {
        if (kind != Kind.PAIRS) {
            return row;
        }
        long length = rows / heads;
        long within = row % length;
        long half = length / 2;
        return row - within + within % half * 2 + within / half;
    }

    /** Refuses a tensor that cannot be reordered so. */
    void check(String name, long rows) {
        if (kind == Kind.PAIRS && rows % (2L * heads) != 0) {
            throw new ConvertException(
                    "tensor %s: expected rows for %d heads of even length, found %d rows; do the head counts of config.json belong to it?"
                            .formatted(name, heads, rows));
        }
    }
}
