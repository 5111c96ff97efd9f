package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.machine.attention.AttentionCode.OTHER;
import static dev.snoozy.kernels.machine.attention.AttentionCode.RECORD;
import static dev.snoozy.kernels.machine.attention.AttentionCode.ROW;
import static dev.snoozy.kernels.machine.attention.AttentionCode.STEPS;
import static dev.snoozy.kernels.machine.attention.AttentionCode.X;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the products of queries with a tile of keys, and of their weights with a tile of values.
 * Both are the same loop: of some queries the next element, times a row of the tile. Accumulators
 * are one for each output, and stay in registers.
 */
final class AttentionTileCode {
    /** Steps that a loop takes at once, if their number allows it. */
    private static final int UNROLLED = 4;

    private final Isa isa;
    private final CacheLayout layout;
    private final QueryLayout record;
    private final CacheLoads loads;
    private final boolean unpacked;

    /**
     * Products with tiles that lie in a way.
     *
     * @param unpacked whether the tile is in the scratch memory, values after keys
     */
    AttentionTileCode(Isa isa, CacheLayout layout, boolean unpacked) {
        this.isa = isa;
        this.layout = layout;
        this.unpacked = unpacked;
        record = new QueryLayout(layout.keyLength(), layout.valueLength());
        loads = new CacheLoads(isa, layout);
    }

    /** Loads a vector of a row of the tile, which is {@code further} rows after the next one. */
    @FunctionalInterface
    private interface Load {
        void write(Vec to, Vec scratch, int further, int vector);
    }

    /** Registers of a loop over so many queries and vectors. */
    private final class Registers {
        private final int queries;
        private final int vectors;
        private final int rows;
        private final int elements;

        Registers(int queries, int vectors) {
            this.queries = queries;
            this.vectors = vectors;
            rows = vectors <= queries ? vectors : 1;
            elements = vectors <= queries ? 1 : queries;
        }

        Vec sum(int query, int vector) {
            return isa.vec(query * vectors + vector);
        }

        Vec row(int vector) {
            return isa.vec(queries * vectors + vector % rows);
        }

        Vec element(int query) {
            return isa.vec(queries * vectors + rows + query % elements);
        }

        Vec scratch() {
            return isa.vec(queries * vectors + rows + elements);
        }
    }

    /** How many vectors go together with so many queries: as many as there are registers for. */
    private int vectors(int queries) {
        if (isa.broadcasts()) {
            return 4;
        }
        return switch (queries) {
            case 1 -> 8;
            case 2 -> 4;
            default -> 2;
        };
    }

    /** Scores of queries whose records begin at {@code RECORD}; {@code ROW} are the keys. */
    void scores(Assembler a, int queries) {
        int all = CacheLayout.TILE / isa.lanes();
        int together = vectors(queries);
        for (int from = 0; from < all; from += together) {
            Registers r = new Registers(queries, together);
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < together; v++) {
                    a.zero(r.sum(q, v));
                }
            }
            int first = from;
            keys(a);
            a.mov(X, RECORD);
            elements(
                    a,
                    r,
                    QueryLayout.QUERY,
                    (to, scratch, further, v) ->
                            loads.key(a, to, scratch, ROW, further, OTHER, first + v));
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < together; v++) {
                    int at = QueryLayout.SCORES + (from + v) * isa.bytes();
                    a.store(RECORD.at(q * record.bytes() + at), r.sum(q, v));
                }
            }
        }
    }

    /** All elements of a head; where they have scales, block by block. */
    private void elements(Assembler a, Registers r, int at, Load load) {
        int length = layout.keyLength();
        if (layout.type() != CacheType.Q8_0) {
            loop(a, r, length, at, layout.keyRow(), load);
            return;
        }
        for (int d = 0; d < length; d += CacheType.BLOCK) {
            a.mov(OTHER, ROW);
            a.add(ROW, CacheLayout.KEY_SCALES);
            loop(a, r, Math.min(CacheType.BLOCK, length - d), at, layout.keyRow(), load);
        }
    }

    /**
     * Adds the weighted values of a tile to the results of queries.
     *
     * @param ranged whether only those positions count that the first of the queries sees
     */
    void values(Assembler a, int queries, boolean ranged) {
        int all = layout.columns() / isa.lanes();
        int most = vectors(queries);
        int passes = (all + most - 1) / most;
        for (int pass = 0; pass < passes; pass++) {
            int from = pass * all / passes;
            Registers r = new Registers(queries, (pass + 1) * all / passes - from);
            for (int q = 0; q < queries; q++) {
                int at = q * record.bytes();
                a.op(VBROADCASTSS, r.scratch(), RECORD.at(at + QueryLayout.FACTOR));
                for (int v = 0; v < r.vectors; v++) {
                    a.load(r.sum(q, v), result(q, from + v));
                    a.op(VMULPS, r.sum(q, v), r.sum(q, v), r.scratch());
                }
            }
            rows(a);
            Load load =
                    (to, scratch, further, v) ->
                            loads.value(a, to, scratch, ROW, further, from + v);
            if (ranged) {
                range(a);
                Label step = a.label(16);
                steps(a, r, 1, QueryLayout.SCORES, layout.valueRow(), load);
                a.sub(STEPS, 1);
                a.jumpIfNotZero(step);
            } else {
                a.mov(X, RECORD);
                loop(a, r, CacheLayout.TILE, QueryLayout.SCORES, layout.valueRow(), load);
            }
            for (int q = 0; q < queries; q++) {
                for (int v = 0; v < r.vectors; v++) {
                    a.store(result(q, from + v), r.sum(q, v));
                }
            }
        }
    }

    private Mem result(int query, int vector) {
        return RECORD.at(query * record.bytes() + record.result() + vector * isa.bytes());
    }

    /** {@code STEPS}, {@code X} and {@code ROW} for what the first query sees of the tile. */
    private void range(Assembler a) {
        a.movInt(OTHER, RECORD.at(QueryLayout.RANGE));
        a.movInt(STEPS, RECORD.at(QueryLayout.RANGE + Integer.BYTES));
        a.sub(STEPS, OTHER);
        a.add(STEPS, 1);
        a.mov(X, OTHER);
        a.multiply(X, Float.BYTES);
        a.add(X, RECORD);
        a.multiply(OTHER, layout.valueRow());
        a.add(ROW, OTHER);
    }

    /** A known number of steps, of which some are written out. */
    private void loop(Assembler a, Registers r, int count, int at, int rowBytes, Load load) {
        int unrolled = Math.min(UNROLLED, Integer.lowestOneBit(count));
        a.mov(STEPS, count / unrolled);
        Label step = a.label(16);
        steps(a, r, unrolled, at, rowBytes, load);
        a.sub(STEPS, 1);
        a.jumpIfNotZero(step);
    }

    private void steps(Assembler a, Registers r, int count, int at, int rowBytes, Load load) {
        for (int step = 0; step < count; step++) {
            if (r.rows == r.vectors) {
                for (int v = 0; v < r.vectors; v++) {
                    load.write(r.row(v), r.scratch(), step, v);
                }
                for (int q = 0; q < r.queries; q++) {
                    element(a, r, q, at + step * Float.BYTES);
                    for (int v = 0; v < r.vectors; v++) {
                        a.op(VFMADD231PS, r.sum(q, v), r.row(v), r.element(q));
                    }
                }
            } else {
                for (int q = 0; q < r.queries; q++) {
                    element(a, r, q, at + step * Float.BYTES);
                }
                for (int v = 0; v < r.vectors; v++) {
                    load.write(r.row(v), r.scratch(), step, v);
                    for (int q = 0; q < r.queries; q++) {
                        a.op(VFMADD231PS, r.sum(q, v), r.row(v), r.element(q));
                    }
                }
            }
        }
        a.add(ROW, count * rowBytes);
        a.add(X, count * Float.BYTES);
    }

    private void element(Assembler a, Registers r, int query, int at) {
        a.op(VBROADCASTSS, r.element(query), X.at(query * record.bytes() + at));
    }

    /** {@code ROW} = the keys of the head in the present tile. */
    private void keys(Assembler a) {
        if (unpacked) {
            a.mov(ROW, AttentionParameter.SCRATCH.mem());
        } else {
            AttentionCode.place(a, AttentionParameter.KEYS);
        }
    }

    /** {@code ROW} = the values of the head in the present tile. */
    private void rows(Assembler a) {
        if (unpacked) {
            a.mov(ROW, AttentionParameter.SCRATCH.mem());
            a.add(ROW, layout.keyBytes());
        } else {
            AttentionCode.place(a, AttentionParameter.VALUES);
        }
    }
}
