package dev.snoozy.compress.convert.family;

import dev.snoozy.compress.convert.ConvertException;

/**
 * Which row of a checkpoint's tensor each row of GGUF's is. Where GGUF has several tensors for one
 * of the checkpoint, each has an order, and together they use every row once; so the way back needs
 * nothing else.
 */
public interface RowOrder {
    /** All rows as they are. */
    RowOrder ALL =
            new RowOrder() {
                @Override
                public long count(long all) {
                    return all;
                }

                @Override
                public long source(long row, long all) {
                    return row;
                }
            };

    /**
     * Rows that GGUF's tensor has.
     *
     * @param all rows of the checkpoint's tensor
     * @throws ConvertException if a tensor with so many cannot be reordered so
     */
    long count(long all);

    /** The row of the checkpoint, of {@code all}, that becomes a row of GGUF. */
    long source(long row, long all);

    /**
     * The rows of each head reordered: rotary positions turn the two halves of a head there and
     * adjacent pairs of rows here.
     */
    static RowOrder pairs(int heads) {
        return new RowOrder() {
            @Override
            public long count(long all) {
                if (all % (2L * heads) != 0) {
                    throw new ConvertException(
                            "expected rows for %d heads of even length, found %d rows; do the head counts of config.json belong to it?"
                                    .formatted(heads, all));
                }
                return all;
            }

            @Override
            public long source(long row, long all) {
                long length = all / heads;
                long within = row % length;
                return row - within + within % 2 * (length / 2) + within / 2;
            }
        };
    }

    /** Some rows one after the other, which then have an order of their own. */
    static RowOrder part(long from, long count, RowOrder then) {
        return new RowOrder() {
            @Override
            public long count(long all) {
                if (all < from + count) {
                    throw new ConvertException(
                            "expected at least %d rows, found %d; do the sizes of config.json belong to it?"
                                    .formatted(from + count, all));
                }
                return then.count(count);
            }

            @Override
            public long source(long row, long all) {
                return from + then.source(row, count);
            }
        };
    }

    /** One of several parts of the same size, which stand one after the other. */
    static RowOrder chunk(int part, int parts) {
        return new RowOrder() {
            @Override
            public long count(long all) {
                return fraction(all, parts);
            }

            @Override
            public long source(long row, long all) {
                return part * (all / parts) + row;
            }
        };
    }

    /** Every so many rows one, from one of the first on. */
    static RowOrder every(int first, int step) {
        return new RowOrder() {
            @Override
            public long count(long all) {
                return fraction(all, step);
            }

            @Override
            public long source(long row, long all) {
                return row * step + first;
            }
        };
    }

    private static long fraction(long all, int parts) {
        if (all % parts != 0) {
            throw new ConvertException(
                    "expected %d parts of the same size, found %d rows".formatted(parts, all));
        }
        return all / parts;
    }

    /** The parts of a {@link #grouped} matrix. */
    enum Part {
        QUERIES,
        KEYS,
        VALUES
    }

    /**
     * One part of a matrix that has for each head of keys its queries, then the key, then the
     * value.
     *
     * @param groups heads of keys
     * @param queries heads of queries that share one of keys
     */
    static RowOrder grouped(int groups, int queries, Part part) {
        return new RowOrder() {
            private long length(long all) {
                long heads = (long) groups * (queries + 2);
                if (all % heads != 0) {
                    throw new ConvertException(
                            "expected rows for %d groups of %d heads, found %d rows; do the head counts of config.json belong to it?"
                                    .formatted(groups, queries + 2, all));
                }
                return all / heads;
            }

            @Override
            public long count(long all) {
                return length(all) * groups * (part == Part.QUERIES ? queries : 1);
            }

            @Override
            public long source(long row, long all) {
                long length = length(all);
                long head = row / length;
                long at =
                        switch (part) {
                            case QUERIES -> head / queries * (queries + 2) + head % queries;
                            case KEYS -> head * (queries + 2) + queries;
                            case VALUES -> head * (queries + 2) + queries + 1;
                        };
                return at * length + row % length;
            }
        };
    }

    /** The same matrix whole: all queries first, then all keys, then all values. */
    static RowOrder ungrouped(int groups, int queries) {
        RowOrder q = grouped(groups, queries, Part.QUERIES);
        RowOrder k = grouped(groups, queries, Part.KEYS);
        RowOrder v = grouped(groups, queries, Part.VALUES);
        return new RowOrder() {
            @Override
            public long count(long all) {
                return q.count(all) + k.count(all) + v.count(all);
            }

            @Override
            public long source(long row, long all) {
                long afterQueries = row - q.count(all);
                if (afterQueries < 0) {
                    return q.source(row, all);
                }
                long afterKeys = afterQueries - k.count(all);
                return afterKeys < 0 ? k.source(afterQueries, all) : v.source(afterKeys, all);
            }
        };
    }

    /** This order of what another gives. */
    default RowOrder then(RowOrder after) {
        RowOrder before = this;
        return new RowOrder() {
            @Override
            public long count(long all) {
                return after.count(before.count(all));
            }

            @Override
            public long source(long row, long all) {
                return before.source(after.source(row, before.count(all)), all);
            }
        };
    }
}
