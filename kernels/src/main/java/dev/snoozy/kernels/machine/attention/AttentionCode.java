package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VMAXPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Assembler.Skip;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;

import java.util.function.IntConsumer;

/**
 * Writes the kernels of attention for heads of a shape: from the queries of some rows to records
 * ({@link QueryLayout}), with these over the tiles of a segment, from segment to segment, and from
 * the records to the results. The order of the sums is that of {@code docs/numerics.md}.
 */
final class AttentionCode {
    /** What a tile has that not all queries see. */
    enum Sight {
        /** All queries see all of it. */
        ALL,
        /** All queries see the same part. */
        SAME,
        /** Each query sees a part of its own. */
        OWN
    }

    /** Queries that go together through a tile, the most first. */
    private static final int[] GROUPS = {6, 4, 2, 1};

    private static final int[] ALONE = {1};

    /** A row of the tile; or where rows come from. */
    static final Gpr ROW = Gpr.RAX;

    /** What a row is multiplied with; or where rows go to. */
    static final Gpr X = Gpr.RDX;

    /** The record of the present query. */
    static final Gpr RECORD = Gpr.R8;

    static final Gpr STEPS = Gpr.R9;

    /** Queries that are left. */
    static final Gpr LEFT = Gpr.R10;

    static final Gpr OTHER = Gpr.R11;

    private final Isa isa;
    private final CacheLayout layout;
    private final QueryLayout record;

    AttentionCode(Isa isa, CacheLayout layout) {
        this.isa = isa;
        this.layout = layout;
        record = new QueryLayout(layout.keyLength(), layout.valueLength());
    }

    /**
     * Copies queries and the limits of what they see into records, and clears the results: {@code
     * COUNT} rows of {@code HEADS} queries.
     */
    byte[] begin() {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(ROW, AttentionParameter.INPUT.mem());
        a.mov(RECORD, AttentionParameter.QUERIES.mem());
        a.mov(STEPS, AttentionParameter.COUNT.mem());
        Label row = a.label(16);
        a.mov(X, ROW);
        a.mov(LEFT, AttentionParameter.HEADS.mem());
        Label head = a.label(16);
        copy(a, isa, RECORD, QueryLayout.QUERY, X, 0, layout.keyLength());
        a.mov(OTHER, AttentionParameter.LIMITS.mem());
        a.mov(OTHER, OTHER.at(0));
        a.mov(RECORD.at(QueryLayout.LIMITS), OTHER);
        a.mov(OTHER, AttentionParameter.CONSTANTS.mem());
        clear(a, QueryLayout.MAX, QueryLayout.SUM, record.result());
        clear(a, QueryLayout.ALL_MAX, QueryLayout.ALL_SUM, record.all());
        a.add(X, layout.keyLength() * Float.BYTES);
        a.add(RECORD, record.bytes());
        a.sub(LEFT, 1);
        a.jumpIfNotZero(head);
        a.mov(OTHER, AttentionParameter.INPUT_STRIDE.mem());
        a.add(ROW, OTHER);
        increase(a, AttentionParameter.LIMITS, 2 * Integer.BYTES);
        a.sub(STEPS, 1);
        a.jumpIfNotZero(row);
        Abi.leave(a);
        return a.code();
    }

    /** An empty soft-max in the record; {@code OTHER} are the constants. */
    private void clear(Assembler a, int max, int sum, int result) {
        Vec value = isa.vec(0);
        a.op(VBROADCASTSS, value, AttentionConstants.NEGATIVE_INFINITY.at(OTHER));
        a.store(RECORD.at(max), value.as(Width.XMM));
        a.zero(value);
        a.store(RECORD.at(sum), value.as(Width.XMM));
        for (int v = 0; v < vectors(); v++) {
            a.store(RECORD.at(result + v * isa.bytes()), value);
        }
    }

    /**
     * Walks over {@code TILES} tiles of a segment with {@code COUNT} queries, each of which sees
     * some of each tile.
     *
     * @param unpack whether each tile is first turned into floats, in {@code SCRATCH}
     */
    byte[] walk(Sight sight, Bending bending, boolean unpack) {
        Assembler a = new Assembler();
        CacheLayout floats =
                new CacheLayout(
                        CacheType.F32, layout.kvHeads(), layout.keyLength(), layout.valueLength());
        AttentionTileCode products = new AttentionTileCode(isa, unpack ? floats : layout, unpack);
        SoftmaxCode softmax = new SoftmaxCode(isa);
        Abi.enter(a);
        Label tile = a.label(16);
        if (unpack) {
            new UnpackCode(isa, layout).write(a);
        }
        groups(a, GROUPS, queries -> products.scores(a, queries));
        a.mov(OTHER, AttentionParameter.CONSTANTS.mem());
        groups(a, ALONE, query -> softmax.write(a, sight != Sight.ALL, bending));
        int[] together = sight == Sight.OWN ? ALONE : GROUPS;
        groups(a, together, queries -> products.values(a, queries, sight != Sight.ALL));
        increase(a, AttentionParameter.PAGES, Long.BYTES);
        increase(a, AttentionParameter.BASE, CacheLayout.TILE);
        a.mov(OTHER, AttentionParameter.TILES.mem());
        a.sub(OTHER, 1);
        a.mov(AttentionParameter.TILES.mem(), OTHER);
        a.jumpIfNotZero(tile);
        Abi.leave(a);
        return a.code();
    }

    /**
     * Adds the segments in {@code COUNT} records from {@code SOURCE} on to what came before in the
     * records from {@code QUERIES} on, and clears them. Both may be the same.
     */
    byte[] merge() {
        Assembler a = new Assembler();
        Vec all = isa.vec(0);
        Vec next = isa.vec(1);
        Vec max = isa.vec(2);
        Vec mine = isa.vec(3);
        Vec other = isa.vec(4);
        Vec x = isa.vec(5);
        Vec n = isa.vec(6);
        Vec scratch = isa.vec(7);
        Abi.enter(a);
        a.mov(X, AttentionParameter.QUERIES.mem());
        a.mov(RECORD, AttentionParameter.SOURCE.mem());
        a.mov(OTHER, AttentionParameter.CONSTANTS.mem());
        a.mov(LEFT, AttentionParameter.COUNT.mem());
        Label query = a.label(16);
        a.op(VBROADCASTSS, all, X.at(QueryLayout.ALL_MAX));
        a.op(VBROADCASTSS, next, RECORD.at(QueryLayout.MAX));
        a.op(VMAXPS, max, all, next);
        a.store(X.at(QueryLayout.ALL_MAX), max.as(Width.XMM));
        a.op(VSUBPS, x, all, max);
        ExpCode.write(isa, a, OTHER, x, n, mine, scratch);
        a.op(VSUBPS, x, next, max);
        ExpCode.write(isa, a, OTHER, x, n, other, scratch);
        a.op(VBROADCASTSS, all, X.at(QueryLayout.ALL_SUM));
        a.op(VMULPS, all, all, mine);
        a.op(VBROADCASTSS, next, RECORD.at(QueryLayout.SUM));
        a.op(VFMADD213PS, next, other, all);
        a.store(X.at(QueryLayout.ALL_SUM), next.as(Width.XMM));
        for (int v = 0; v < vectors(); v++) {
            a.load(all, X.at(record.all() + v * isa.bytes()));
            a.op(VMULPS, all, all, mine);
            a.load(next, RECORD.at(record.result() + v * isa.bytes()));
            a.op(VFMADD213PS, next, other, all);
            a.store(X.at(record.all() + v * isa.bytes()), next);
        }
        clear(a, QueryLayout.MAX, QueryLayout.SUM, record.result());
        a.add(X, record.bytes());
        a.add(RECORD, record.bytes());
        a.sub(LEFT, 1);
        a.jumpIfNotZero(query);
        Abi.leave(a);
        return a.code();
    }

    /** Divides by the sums and writes the results: {@code COUNT} rows of {@code HEADS} queries. */
    byte[] finish() {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(ROW, AttentionParameter.OUT.mem());
        a.mov(RECORD, AttentionParameter.QUERIES.mem());
        a.mov(STEPS, AttentionParameter.COUNT.mem());
        Label row = a.label(16);
        a.mov(X, ROW);
        a.mov(LEFT, AttentionParameter.HEADS.mem());
        Label head = a.label(16);
        Vec sum = isa.vec(0);
        Vec y = isa.vec(1);
        a.op(VBROADCASTSS, sum, RECORD.at(QueryLayout.ALL_SUM));
        for (int v = 0; v < vectors(); v++) {
            Mem result = RECORD.at(record.all() + v * isa.bytes());
            a.load(y, result);
            a.op(VDIVPS, y, y, sum);
            a.store(result, y);
        }
        copy(a, isa, X, 0, RECORD, record.all(), layout.valueLength());
        a.add(X, layout.valueLength() * Float.BYTES);
        a.add(RECORD, record.bytes());
        a.sub(LEFT, 1);
        a.jumpIfNotZero(head);
        a.mov(OTHER, AttentionParameter.OUT_STRIDE.mem());
        a.add(ROW, OTHER);
        a.sub(STEPS, 1);
        a.jumpIfNotZero(row);
        Abi.leave(a);
        return a.code();
    }

    private int vectors() {
        return layout.columns() / isa.lanes();
    }

    /** All queries in groups: as many of the first size as there are, then of the next. */
    private void groups(Assembler a, int[] sizes, IntConsumer body) {
        a.mov(LEFT, AttentionParameter.COUNT.mem());
        a.mov(RECORD, AttentionParameter.QUERIES.mem());
        for (int size : sizes) {
            Label again = a.label(16);
            a.sub(LEFT, size);
            Skip none = a.skipIfNegative();
            body.accept(size);
            a.add(RECORD, size * record.bytes());
            a.jump(again);
            a.land(none);
            a.add(LEFT, size);
        }
    }

    private static void increase(Assembler a, AttentionParameter parameter, int by) {
        a.mov(OTHER, parameter.mem());
        a.add(OTHER, by);
        a.mov(parameter.mem(), OTHER);
    }

    /** {@code ROW} = a part of the present page. */
    static void place(Assembler a, AttentionParameter part) {
        a.mov(ROW, AttentionParameter.PAGES.mem());
        a.mov(ROW, ROW.at(0));
        a.mov(OTHER, part.mem());
        a.add(ROW, OTHER);
    }

    /** Copies floats, and touches nothing beside them; changes {@code OTHER}. */
    static void copy(Assembler a, Isa isa, Gpr to, int toAt, Gpr from, int fromAt, int count) {
        int i = 0;
        for (; i + isa.lanes() <= count; i += isa.lanes()) {
            a.load(isa.vec(0), from.at(fromAt + i * Float.BYTES));
            a.store(to.at(toAt + i * Float.BYTES), isa.vec(0));
        }
        for (; i < count; i++) {
            a.movInt(OTHER, from.at(fromAt + i * Float.BYTES));
            a.movInt(to.at(toAt + i * Float.BYTES), OTHER);
        }
    }
}
