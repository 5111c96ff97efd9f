package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.x86.Vec.zmm;
import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the steps of attention over a tile for AVX-512, for some queries that share a head of keys
 * and values. The sums have the order of {@code docs/numerics.md}: one accumulator per score, along
 * the head; one accumulator per element of the result, along the positions.
 */
final class Attention512 {
    /** The most queries that go together. */
    static final int QUERIES = 4;

    /** Vectors of a head that a call of {@link #values} takes at most. */
    static final int VECTORS = 4;

    /** Bytes in the parameter block. */
    static final int PARAMETER_BYTES = 8 * Parameter.values().length;

    private static final int VECTOR = 64;
    private static final int TILE_VECTORS = KvPages.PAGE * Float.BYTES / VECTOR;

    private static final Gpr KV = Gpr.RAX;
    private static final Gpr Q = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr STRIDE = Gpr.R10;
    private static final Gpr OTHER = Gpr.R11;

    private Attention512() {}

    /** The parameters of the kernels, eight bytes each, in this order. */
    enum Parameter {
        /** Keys of a tile, {@code [length, 64]}; or values from the first position on. */
        KV(0),
        /** Queries; or the weights of the positions, 64 for each query. */
        QUERY(8),
        /** Scores, 64 for each query; or results. */
        OUT(16),
        /** Length of a key; or number of positions. */
        COUNT(24),
        /** Bytes from a query to the next; or from a position's values to the next ones. */
        STRIDE(32),
        /** One float that scores are multiplied with; or one for each query's earlier result. */
        FACTORS(40),
        /** Bytes from a query's results to the next one's. */
        OUT_STRIDE(48);

        private final int offset;

        Parameter(int offset) {
            this.offset = offset;
        }

        /** Bytes from the start of the block. */
        int offset() {
            return offset;
        }

        /** The parameter, in a kernel. */
        Mem mem() {
            return Abi.PARAMETERS.at(offset);
        }
    }

    /** {@code out[g, p] = factor * sum over d of q[g, d] * k[d, p]}, for a whole tile. */
    static byte[] scores(int queries) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(KV, Parameter.KV.mem());
        a.mov(Q, Parameter.QUERY.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(STRIDE, Parameter.STRIDE.mem());
        for (int i = 0; i < queries * TILE_VECTORS; i++) {
            a.zero(zmm(i));
        }
        Label element = a.label(32);
        for (int v = 0; v < TILE_VECTORS; v++) {
            a.load(zmm(20 + v), KV.at(v * VECTOR));
        }
        a.mov(OTHER, Q);
        for (int g = 0; g < queries; g++) {
            a.op(VBROADCASTSS, zmm(16 + g), OTHER.at(0));
            if (g + 1 < queries) {
                a.add(OTHER, STRIDE);
            }
            for (int v = 0; v < TILE_VECTORS; v++) {
                a.op(VFMADD231PS, zmm(g * TILE_VECTORS + v), zmm(20 + v), zmm(16 + g));
            }
        }
        a.add(KV, TILE_VECTORS * VECTOR);
        a.add(Q, Float.BYTES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(element);
        a.mov(OTHER, Parameter.FACTORS.mem());
        a.op(VBROADCASTSS, zmm(16), OTHER.at(0));
        for (int i = 0; i < queries * TILE_VECTORS; i++) {
            a.op(VMULPS, zmm(i), zmm(i), zmm(16));
            a.store(OUT.at(i * VECTOR), zmm(i));
        }
        Abi.leave(a);
        return a.code();
    }

    /**
     * {@code weight[g, p] = exp(score[g, p] - factor[g])} for a whole tile, in place; and their
     * sums in sixteen lanes, {@code out[g, lane]}. {@code QUERY} are the scores, {@code KV} the
     * constants of {@link ExpCode}.
     */
    static byte[] weights(int queries) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(KV, Parameter.KV.mem());
        a.mov(Q, Parameter.QUERY.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(OTHER, Parameter.FACTORS.mem());
        for (int g = 0; g < queries; g++) {
            Vec sums = zmm(0);
            a.zero(sums);
            for (int v = 0; v < TILE_VECTORS; v++) {
                Mem score = Q.at((g * TILE_VECTORS + v) * VECTOR);
                Vec x = zmm(1 + 3 * v);
                Vec y = zmm(3 + 3 * v);
                a.load(x, score);
                a.op(VSUBPS, x, x, OTHER.at(g * Float.BYTES).toAllLanes());
                ExpCode.write(Isa.VNNI512, a, KV, x, zmm(2 + 3 * v), y, y);
                a.store(score, y);
                a.op(VADDPS, sums, sums, y);
            }
            a.store(OUT.at(g * VECTOR), sums);
        }
        Abi.leave(a);
        return a.code();
    }

    /**
     * {@code out[g, i] = out[g, i] * factor[g] + sum over p of weight[g, p] * v[p, i]}.
     *
     * @param vectors columns divided by 16
     */
    static byte[] values(int queries, int vectors) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(KV, Parameter.KV.mem());
        a.mov(Q, Parameter.QUERY.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(OTHER, Parameter.FACTORS.mem());
        a.mov(STRIDE, Parameter.OUT_STRIDE.mem());
        for (int g = 0; g < queries; g++) {
            for (int v = 0; v < vectors; v++) {
                Vec acc = zmm(g * VECTORS + v);
                a.load(acc, OUT.at(v * VECTOR));
                a.op(VMULPS, acc, acc, OTHER.at(g * Float.BYTES).toAllLanes());
            }
            a.add(OUT, STRIDE);
        }
        a.mov(STRIDE, Parameter.STRIDE.mem());
        Label position = a.label(32);
        for (int v = 0; v < vectors; v++) {
            a.load(zmm(20 + v), KV.at(v * VECTOR));
        }
        for (int g = 0; g < queries; g++) {
            a.op(VBROADCASTSS, zmm(16 + g), Q.at(g * KvPages.PAGE * Float.BYTES));
            for (int v = 0; v < vectors; v++) {
                a.op(VFMADD231PS, zmm(g * VECTORS + v), zmm(20 + v), zmm(16 + g));
            }
        }
        a.add(KV, STRIDE);
        a.add(Q, Float.BYTES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(position);
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(STRIDE, Parameter.OUT_STRIDE.mem());
        for (int g = 0; g < queries; g++) {
            for (int v = 0; v < vectors; v++) {
                a.store(OUT.at(v * VECTOR), zmm(g * VECTORS + v));
            }
            a.add(OUT, STRIDE);
        }
        Abi.leave(a);
        return a.code();
    }
}
