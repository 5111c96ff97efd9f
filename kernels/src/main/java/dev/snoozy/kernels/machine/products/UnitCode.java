package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPH2PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVSXBD;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVZXBD;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVZXWD;
import static dev.snoozy.kernels.x86.VectorOp.VPOR;
import static dev.snoozy.kernels.x86.VectorOp.VPSHUFB;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLD;
import static dev.snoozy.kernels.x86.VectorOp.VPSLLW;
import static dev.snoozy.kernels.x86.VectorOp.VPSRLW;
import static dev.snoozy.kernels.x86.VectorOp.VPXOR;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.Codebooks;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Format16.Scales;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the decoding of packed units (see {@link Format16}): codes, scales and minima. Where
 * sixteen rows take several registers, {@code piece} says which: that of rows {@code piece * lanes
 * ..}.
 */
final class UnitCode {
    private static final int VECTOR = Isa.VECTOR;

    /** Where constants begin: a mask for each plane, the codebook, and what shifts codes. */
    private static final int TABLE_AT = 2 * VECTOR;

    private static final int FLIP_AT = 3 * VECTOR;
    private static final int ONES_AT = 4 * VECTOR;
    private static final int CONSTANT_BYTES = 5 * VECTOR;

    /** The shift of codes that makes signed numbers of them, and back. */
    private static final int MIDDLE = 128;

    /** Registers that stay as they are over a kernel: masks, table, scales of a block of 256. */
    private static final int[] MASKS = {0, 1};

    private static final int TABLE = 2;
    private static final int SCALE = 3;
    private static final int MINIMUM = 5;

    /** The first register that kernels may use for what they like. */
    static final int FREE = 7;

    private final Assembler a;
    private final Isa isa;
    private final Format16 format;
    private final Gpr unit;
    private final Gpr constants;
    private final boolean signed;

    /**
     * Decoding of units.
     *
     * @param unit holds the address of the present one
     * @param constants holds the address of {@link #constants}
     */
    UnitCode(Assembler a, Isa isa, Format16 format, Gpr unit, Gpr constants) {
        this.a = a;
        this.isa = isa;
        this.format = format;
        this.unit = unit;
        this.constants = constants;
        signed = IntegerSums.signed(isa, format);
    }

    /** What the kernels of a format load. */
    static byte[] constants(Isa isa, Format16 format) {
        byte[] constants = new byte[CONSTANT_BYTES];
        int[] planes = format.planes();
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            int mask = ((1 << planes[plane]) - 1) << low;
            for (int i = 0; i < VECTOR; i++) {
                constants[plane * VECTOR + i] = (byte) mask;
            }
            low += planes[plane];
        }
        byte[] book = format.hasCodebook() ? Codebooks.of(format) : new byte[1];
        int shift = IntegerSums.signed(isa, format) ? MIDDLE : 0;
        for (int i = 0; i < VECTOR; i++) {
            constants[TABLE_AT + i] = (byte) (book[i % book.length] - shift);
            constants[FLIP_AT + i] = (byte) MIDDLE;
            constants[ONES_AT + i] = (byte) (i % Short.BYTES == 0 ? 1 : 0);
        }
        return constants;
    }

    /** Sixteen integers 1 of 16 bits, or more. */
    static Mem ones(Gpr constants) {
        return constants.at(ONES_AT);
    }

    /** Loads what stays as it is. */
    void loadConstants() {
        for (int i = 0; i < MASKS.length; i++) {
            a.load(isa.vec(MASKS[i]), constants.at(i * VECTOR));
        }
        a.load(isa.vec(TABLE), constants.at(TABLE_AT));
    }

    /** Loads the scales that the present unit has as a whole. */
    void superScales() {
        if (format.isSuper() && format.scales() != Scales.ONE) {
            int halves = isa.bytes() / 2; // of 16 bits
            for (int piece = 0; piece < isa.parts(); piece++) {
                if (format.scales() == Scales.WIDE) {
                    a.load(isa.vec(SCALE + piece), unit.at(piece * isa.bytes()));
                } else {
                    a.op(VCVTPH2PS, isa.vec(SCALE + piece), unit.at(piece * halves));
                }
                if (format.hasMinima()) {
                    int at = Format16.ROWS * Short.BYTES + piece * halves;
                    a.op(VCVTPH2PS, isa.vec(MINIMUM + piece), unit.at(at));
                }
            }
        }
    }

    /**
     * Makes the codes of a group, put together of its planes.
     *
     * @param more changed
     */
    void codes(int block, int group, int piece, Vec codes, Vec more) {
        int[] planes = format.planes();
        if (planes[0] == Byte.SIZE) {
            a.load(codes, plane(block, 0, group, piece));
            if (signed) {
                a.op(VPXOR, codes, codes, constants.at(FLIP_AT));
            }
            return;
        }
        int low = 0;
        for (int plane = 0; plane < planes.length; plane++) {
            int width = planes[plane];
            Vec to = plane == 0 ? codes : more;
            Mem from = plane(block, plane, group % width, piece);
            int shift = width * (group / width) - low; // to the right
            if (shift == 0) {
                a.op(VPAND, to, isa.vec(MASKS[plane]), from);
            } else {
                a.load(to, from);
                a.shift(shift > 0 ? VPSRLW : VPSLLW, to, to, Math.abs(shift));
                a.op(VPAND, to, to, isa.vec(MASKS[plane]));
            }
            if (plane > 0) {
                a.op(VPOR, codes, codes, more);
            }
            low += width;
        }
        if (format.hasCodebook()) {
            a.op(VPSHUFB, codes, isa.vec(TABLE), codes);
        }
    }

    private Mem plane(int block, int plane, int vector, int piece) {
        return unit.at(format.planeAt(block, plane) + vector * VECTOR + piece * isa.bytes());
    }

    /** The scale of a part of a block, as floats. */
    void scale(int block, int part, int piece, Vec to) {
        int at = format.scalesAt(block, part);
        switch (format.scales()) {
            case F16, ONE -> a.op(VCVTPH2PS, to, unit.at(at + piece * isa.bytes() / 2));
            case BF16 -> {
                a.op(VPMOVZXWD, to, unit.at(at + piece * isa.bytes() / 2));
                a.shift(VPSLLD, to, to, Short.SIZE);
            }
            case SIGNED, UNSIGNED, WIDE -> {
                boolean withSign = format.scales() == Scales.SIGNED;
                a.op(withSign ? VPMOVSXBD : VPMOVZXBD, to, unit.at(at + piece * isa.lanes()));
                a.op(VCVTDQ2PS, to, to);
                a.op(VMULPS, to, isa.vec(SCALE + piece), to);
            }
        }
    }

    /** The minimum of a part of a block, as floats. */
    void minimum(int block, int part, int piece, Vec to) {
        int at = format.minimaAt(block, part);
        if (format.isSuper()) {
            a.op(VPMOVZXBD, to, unit.at(at + piece * isa.lanes()));
            a.op(VCVTDQ2PS, to, to);
            a.op(VMULPS, to, isa.vec(MINIMUM + piece), to);
        } else {
            a.op(VCVTPH2PS, to, unit.at(at + piece * isa.bytes() / 2));
        }
    }
}
