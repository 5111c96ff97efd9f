package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.machine.Vec.zmm;
import static dev.snoozy.kernels.machine.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.machine.VectorOp.VCVTPH2PS;
import static dev.snoozy.kernels.machine.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.machine.VectorOp.VMULPS;
import static dev.snoozy.kernels.machine.VectorOp.VPAND;
import static dev.snoozy.kernels.machine.VectorOp.VPBROADCASTD;
import static dev.snoozy.kernels.machine.VectorOp.VPDPBUSD;
import static dev.snoozy.kernels.machine.VectorOp.VPSRLW;

import dev.snoozy.kernels.machine.Assembler.Label;

/**
 * Writes the product kernels for AVX-512 VNNI. Each block of 32 elements gives an exact sum of
 * integers by eight VPDPBUSD; then {@code acc = fma(float(sum), scale of w * scale of x, acc)}, one
 * accumulator per output, blocks ascending ({@code docs/numerics.md}). A vector-matrix and a
 * matrix-matrix kernel do the same arithmetic, so their results are equal bit for bit.
 *
 * <p>On a core with one 512-bit multiplier a block of 16 rows and one token takes 10 of its slots:
 * 8 VPDPBUSD, a multiplication and a multiply-add; the matrix kernel reaches that bound.
 */
final class Vnni512 {
    /** The most tokens of a tile: two accumulators each, and eight registers for the rest. */
    static final int TILE = 12;

    /** Bytes of a block of sixteen rows in a decoded panel: the codes, and the float scales. */
    static final int PANEL_CODES = 512;

    static final int PANEL_SCALES = 64;

    /** Bytes in the parameter block. */
    static final int PARAMETER_BYTES = 8 * Parameter.values().length;

    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr STRIDE = Gpr.R10;
    private static final Gpr SCALES = Gpr.R11;
    private static final Vec MASK = zmm(31);

    private Vnni512() {}

    /** The parameters of the kernels, eight bytes each, in this order. */
    enum Parameter {
        /** Packed units, or the codes of a panel. */
        WEIGHT(0),
        /** A tile of activations. */
        ACTIVATIONS(8),
        /** Float results: sixteen rows of each token; or the codes of a panel to write. */
        OUT(16),
        /** Units of a row, or blocks of a panel. */
        COUNT(24),
        /** Bytes from the results of a token to those of the next; or groups of sixteen rows. */
        STRIDE(32),
        /** The scales of a panel. */
        SCALES(40),
        /** 64 bytes of 0x0F. */
        NIBBLES(48);

        private final int offset;

        Parameter(int offset) {
            this.offset = offset;
        }

        /** Bytes from the start of the block. */
        int offset() {
            return offset;
        }

        private Mem mem() {
            return Abi.PARAMETERS.at(offset);
        }
    }

    /** Does something with a vector of codes, elements {@code k .. k + 3} of sixteen rows. */
    private interface Use {
        void of(Vec codes, int k);
    }

    /** One token with groups of sixteen rows, straight from the packed units. */
    static byte[] vector(Format16 format) {
        Gpr start = Gpr.R11; // of the activations: every group reads them again
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(start, Parameter.ACTIVATIONS.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(STRIDE, Parameter.STRIDE.mem());
        loadNibbleMask(a);
        Label group = a.label(32);
        a.mov(X, start);
        a.mov(COUNT, Parameter.COUNT.mem());
        Vec acc = zmm(0);
        a.zero(acc);
        Label unit = a.label(32);
        for (int block = 0; block < format.blocks(); block++) {
            int x = block * Activations8.RECORD;
            Vec sum = zmm(1 + block % 2);
            Vec scale = zmm(3 + block % 2);
            a.op(VPBROADCASTD, sum, X.at(x + Format16.BLOCK + Float.BYTES));
            codes(
                    a,
                    format,
                    block,
                    (codes, k) -> a.op(VPDPBUSD, sum, codes, X.at(x + k).toAllLanes()));
            scale(a, format, block, scale);
            a.op(VMULPS, scale, scale, X.at(x + Format16.BLOCK).toAllLanes());
            a.op(VCVTDQ2PS, sum, sum);
            a.op(VFMADD231PS, acc, sum, scale);
        }
        a.add(W, format.unitBytes());
        a.add(X, format.blocks() * Activations8.RECORD);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(unit);
        a.store(OUT.at(0), acc);
        a.add(OUT, Format16.ROWS * Float.BYTES);
        a.sub(STRIDE, 1);
        a.jumpIfNotZero(group);
        Abi.leave(a);
        return a.code();
    }

    /** Decodes packed units of sixteen rows to a panel: codes in {@code OUT}, scales. */
    static byte[] panel(Format16 format) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(SCALES, Parameter.SCALES.mem());
        loadNibbleMask(a);
        Label unit = a.label(32);
        for (int block = 0; block < format.blocks(); block++) {
            int to = block * PANEL_CODES;
            codes(a, format, block, (codes, k) -> a.store(OUT.at(to + k * Format16.ROWS), codes));
            Vec scale = zmm(3);
            scale(a, format, block, scale);
            a.store(SCALES.at(block * PANEL_SCALES), scale);
        }
        a.add(W, format.unitBytes());
        a.add(OUT, format.blocks() * PANEL_CODES);
        a.add(SCALES, format.blocks() * PANEL_SCALES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(unit);
        Abi.leave(a);
        return a.code();
    }

    /**
     * A tile of tokens with a panel of sixteen rows.
     *
     * @param tokens 1 to {@link #TILE}
     * @param goOn whether the results are added to what stands there, in a row that is taken in
     *     parts
     */
    static byte[] matrix(int tokens, boolean goOn) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(X, Parameter.ACTIVATIONS.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(STRIDE, Parameter.STRIDE.mem());
        a.mov(SCALES, Parameter.SCALES.mem());
        a.mov(OUT, Parameter.OUT.mem());
        for (int t = 0; t < tokens; t++) {
            if (goOn) {
                a.load(zmm(t), OUT.at(0));
                a.add(OUT, STRIDE);
            } else {
                a.zero(zmm(t));
            }
        }
        int scales = tokens * Format16.BLOCK;
        int corrections = scales + tokens * Float.BYTES;
        Label block = a.label(64);
        for (int t = 0; t < tokens; t++) {
            a.op(VPBROADCASTD, zmm(TILE + t), X.at(corrections + t * Integer.BYTES));
        }
        for (int k = 0; k < Format16.BLOCK; k += 4) {
            Vec codes = zmm(2 * TILE + k / 4 % 4);
            a.load(codes, W.at(k * Format16.ROWS));
            for (int t = 0; t < tokens; t++) {
                a.op(VPDPBUSD, zmm(TILE + t), codes, X.at(t * Format16.BLOCK + k).toAllLanes());
            }
        }
        Vec scale = zmm(2 * TILE + 4);
        a.load(scale, SCALES.at(0));
        for (int t = 0; t < tokens; t++) {
            Vec both = zmm(2 * TILE + 5 + t % 3);
            a.op(VMULPS, both, scale, X.at(scales + t * Float.BYTES).toAllLanes());
            a.op(VCVTDQ2PS, zmm(TILE + t), zmm(TILE + t));
            a.op(VFMADD231PS, zmm(t), zmm(TILE + t), both);
        }
        a.add(W, PANEL_CODES);
        a.add(X, tokens * Activations8.RECORD);
        a.add(SCALES, PANEL_SCALES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(block);
        a.mov(OUT, Parameter.OUT.mem());
        for (int t = 0; t < tokens; t++) {
            a.store(OUT.at(0), zmm(t));
            a.add(OUT, STRIDE);
        }
        Abi.leave(a);
        return a.code();
    }

    private static void loadNibbleMask(Assembler a) {
        a.mov(X, Parameter.NIBBLES.mem());
        a.load(MASK, X.at(0));
    }

    /** Makes the codes of a block of the present unit, ascending in memory. */
    private static void codes(Assembler a, Format16 format, int block, Use use) {
        int from = format.codesAt(block);
        switch (format.bits()) {
            case 4 -> {
                for (int j = 0; j < 4; j++) {
                    Vec low = zmm(8 + 2 * j);
                    Vec high = zmm(9 + 2 * j);
                    a.load(low, W.at(from + 64 * j));
                    a.shift(VPSRLW, high, low, 4);
                    a.op(VPAND, low, low, MASK);
                    a.op(VPAND, high, high, MASK);
                    use.of(low, 4 * j);
                    use.of(high, 16 + 4 * j);
                }
            }
            case 8 -> {
                for (int j = 0; j < 8; j++) {
                    Vec codes = zmm(8 + j);
                    a.load(codes, W.at(from + 64 * j));
                    use.of(codes, 4 * j);
                }
            }
            default -> throw new IllegalArgumentException("codes of " + format.bits() + " bits");
        }
    }

    private static void scale(Assembler a, Format16 format, int block, Vec to) {
        a.op(VCVTPH2PS, to, W.at(format.scalesAt(block)));
    }
}
