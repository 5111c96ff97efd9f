package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VFNMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Operand;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the product kernels that read packed units; {@link TileCode} writes those over panels.
 * Each part of a block of 32 elements, which is mostly the whole of it, gives an exact sum of
 * integers; then {@code acc = fma(float(sum), scale of w * d of x, acc)} and, where the weights
 * have minima, {@code acc = fma(-minimum, d * sum of q, acc)}: one accumulator per output, blocks
 * ascending ({@code docs/numerics.md}). All kernels on all sets of instructions do the same
 * arithmetic, so their results are equal bit for bit.
 */
final class ProductCode {
    /** Bytes of the codes of a block of sixteen rows in a decoded panel. */
    static final int PANEL_CODES = 512;

    /** Groups of four elements in a block. */
    static final int GROUPS = Format16.BLOCK / Format16.GROUP;

    /** Bytes in the parameter block. */
    static final int PARAMETER_BYTES = 8 * Parameter.values().length;

    private static final int VECTOR = Isa.VECTOR;

    private static final Gpr W = Gpr.RAX;
    private static final Gpr X = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr ROWS = Gpr.R10; // groups of them
    private static final Gpr SCALES = Gpr.R10;
    private static final Gpr CONSTANTS = Gpr.R11;

    private final Assembler a = new Assembler();
    private final Isa isa;
    private final Format16 format;
    private final UnitCode unit;

    private ProductCode(Isa isa, Format16 format) {
        this.isa = isa;
        this.format = format;
        unit = new UnitCode(a, isa, format, W, CONSTANTS);
    }

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
        /** The scales of a panel, and its minima. */
        SCALES(40),
        /** What {@link UnitCode#constants} gives for the format. */
        CONSTANTS(48);

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

    /** Bytes of a block of sixteen rows in the scales of a panel. */
    static int panelScales(Format16 format) {
        return format.parts() * (format.hasMinima() ? 2 : 1) * VECTOR;
    }

    /** One token with groups of sixteen rows, straight from the packed units. */
    static byte[] vector(Isa isa, Format16 format) {
        return new ProductCode(isa, format).vector();
    }

    /** Decodes packed units of sixteen rows to a panel: codes in {@code OUT}, scales, minima. */
    static byte[] panel(Isa isa, Format16 format) {
        return new ProductCode(isa, format).panel();
    }

    private Vec free(int index) {
        return isa.vec(UnitCode.FREE + index);
    }

    private byte[] vector() {
        int record = Activations8.of(format).record();
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(ROWS, Parameter.STRIDE.mem());
        a.mov(CONSTANTS, Parameter.CONSTANTS.mem());
        unit.loadConstants();
        Label group = a.label(32);
        a.mov(X, Parameter.ACTIVATIONS.mem()); // every group reads them again
        a.mov(COUNT, Parameter.COUNT.mem());
        for (int piece = 0; piece < isa.parts(); piece++) {
            a.zero(free(piece));
        }
        Label next = a.label(32);
        unit.superScales();
        for (int block = 0; block < format.blocks(); block++) {
            for (int part = 0; part < format.parts(); part++) {
                vectorPart(block, part, block * record);
            }
        }
        a.add(W, format.unitBytes());
        a.add(X, format.blocks() * record);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(next);
        for (int piece = 0; piece < isa.parts(); piece++) {
            a.store(OUT.at(piece * isa.bytes()), free(piece));
        }
        a.add(OUT, VECTOR);
        a.sub(ROWS, 1);
        a.jumpIfNotZero(group);
        Abi.leave(a);
        return a.code();
    }

    /**
     * One part of a block with one token.
     *
     * @param at where the block of the activations begins
     */
    private void vectorPart(int block, int part, int at) {
        Vec[] sums = {free(2), free(3)};
        Vec[] codes = {free(4), free(5)};
        IntegerSums integers =
                new IntegerSums(a, isa, format, UnitCode.ones(CONSTANTS), free(7), free(8));
        Mem correction = X.at(at + Activations8.sumsAt(1, part));
        Mem d = X.at(at + Activations8.scalesAt(1));
        for (int piece = 0; piece < isa.parts(); piece++) {
            integers.start(sums[piece], correction);
        }
        int groups = GROUPS / format.parts();
        for (int g = part * groups; g < (part + 1) * groups; g++) {
            Operand[] x = {isa.all(a, X.at(at + Format16.GROUP * g), free(6))};
            for (int piece = 0; piece < isa.parts(); piece++) {
                unit.codes(block, g, piece, codes[0], codes[1]);
                integers.prepare(codes);
                integers.add(sums[piece], codes, x);
            }
        }
        for (int piece = 0; piece < isa.parts(); piece++) {
            Vec scale = codes[0];
            Vec minimum = codes[0];
            integers.finish(sums[piece], correction);
            unit.scale(block, part, piece, scale);
            isa.all(a, VMULPS, scale, scale, d, codes[1]);
            a.op(VCVTDQ2PS, sums[piece], sums[piece]);
            a.op(VFMADD231PS, free(piece), sums[piece], scale);
            if (format.hasMinima()) {
                unit.minimum(block, part, piece, minimum);
                isa.all(a, VFNMADD231PS, free(piece), minimum, correction, codes[1]);
            }
        }
    }

    private byte[] panel() {
        Abi.enter(a);
        a.mov(W, Parameter.WEIGHT.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(SCALES, Parameter.SCALES.mem());
        a.mov(CONSTANTS, Parameter.CONSTANTS.mem());
        unit.loadConstants();
        Label next = a.label(32);
        unit.superScales();
        for (int block = 0; block < format.blocks(); block++) {
            for (int piece = 0; piece < isa.parts(); piece++) {
                panelBlock(block, piece);
            }
        }
        a.add(W, format.unitBytes());
        a.add(OUT, format.blocks() * PANEL_CODES);
        a.add(SCALES, format.blocks() * panelScales(format));
        a.sub(COUNT, 1);
        a.jumpIfNotZero(next);
        Abi.leave(a);
        return a.code();
    }

    private void panelBlock(int block, int piece) {
        Vec to = free(0);
        for (int g = 0; g < GROUPS; g++) {
            unit.codes(block, g, piece, to, free(1));
            a.store(OUT.at(block * PANEL_CODES + g * VECTOR + piece * isa.bytes()), to);
        }
        int at = block * panelScales(format) + piece * isa.bytes();
        for (int part = 0; part < format.parts(); part++) {
            unit.scale(block, part, piece, to);
            a.store(SCALES.at(at), to);
            at += VECTOR;
            if (format.hasMinima()) {
                unit.minimum(block, part, piece, to);
                a.store(SCALES.at(at), to);
                at += VECTOR;
            }
        }
    }
}
