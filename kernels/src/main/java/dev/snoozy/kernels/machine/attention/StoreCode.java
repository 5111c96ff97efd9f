package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.machine.attention.AttentionCode.LEFT;
import static dev.snoozy.kernels.machine.attention.AttentionCode.OTHER;
import static dev.snoozy.kernels.machine.attention.AttentionCode.RECORD;
import static dev.snoozy.kernels.machine.attention.AttentionCode.ROW;
import static dev.snoozy.kernels.machine.attention.AttentionCode.X;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPS2DQ;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VMINPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPMAXSD;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;

/**
 * Writes how keys and values of one head come into a page: {@code COUNT} rows, whose positions
 * follow one another, rounded to the type of the cache as the scalar kernels do it.
 */
record StoreCode(Isa isa, CacheLayout layout) {

    /** Bytes of scratch memory: a row as floats, and a little. */
    static int scratchBytes(CacheLayout layout) {
        int longest = Math.max(layout.keyLength(), layout.valueLength());
        return CacheType.blocks(longest) * CacheType.BLOCK * Float.BYTES + Isa.VECTOR;
    }

    byte[] write() {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(LEFT, AttentionParameter.COUNT.mem());
        Label row = a.label(16);
        a.mov(ROW, AttentionParameter.INPUT.mem());
        a.mov(RECORD, AttentionParameter.KEYS.mem());
        a.mov(X, AttentionParameter.SCRATCH.mem());
        key(a);
        a.mov(ROW, AttentionParameter.INPUT_VALUES.mem());
        a.mov(RECORD, AttentionParameter.VALUES.mem());
        value(a);
        advance(a, AttentionParameter.INPUT, AttentionParameter.INPUT_STRIDE);
        advance(a, AttentionParameter.INPUT_VALUES, AttentionParameter.VALUE_STRIDE);
        advance(a, AttentionParameter.KEYS, layout.elementBytes());
        advance(a, AttentionParameter.KEY_SCALES, Short.BYTES);
        advance(a, AttentionParameter.VALUES, layout.valueRow());
        a.sub(LEFT, 1);
        a.jumpIfNotZero(row);
        Abi.leave(a);
        return a.code();
    }

    /** From {@code ROW} to every 64th place from {@code RECORD} on, by way of {@code X}. */
    private void key(Assembler a) {
        int length = layout.keyLength();
        switch (layout.type()) {
            case F32 -> {
                for (int d = 0; d < length; d++) {
                    a.movInt(OTHER, ROW.at(d * Float.BYTES));
                    a.movInt(RECORD.at(d * layout.keyRow()), OTHER);
                }
            }
            case F16 -> {
                AttentionCode.copy(a, isa, X, 0, ROW, 0, length);
                halves(a, X, length);
                for (int d = 0; d < length; d++) {
                    a.movInt(OTHER, X.at(d * Short.BYTES));
                    a.movShort(RECORD.at(d * layout.keyRow()), OTHER);
                }
            }
            case Q8_0 -> {
                a.mov(RECORD, AttentionParameter.KEY_SCALES.mem());
                codes(a, length, CacheLayout.KEY_SCALES + CacheType.BLOCK * layout.keyRow(), 0);
                a.mov(RECORD, AttentionParameter.KEYS.mem());
                for (int d = 0; d < length; d++) {
                    int scales = (d / CacheType.BLOCK + 1) * CacheLayout.KEY_SCALES;
                    a.movInt(OTHER, X.at(d * Float.BYTES));
                    a.movByte(RECORD.at(scales + d * layout.keyRow()), OTHER);
                }
            }
        }
    }

    /** From {@code ROW} to the row at {@code RECORD}, by way of {@code X}. */
    private void value(Assembler a) {
        int length = layout.valueLength();
        switch (layout.type()) {
            case F32 -> AttentionCode.copy(a, isa, RECORD, 0, ROW, 0, length);
            case F16 -> {
                AttentionCode.copy(a, isa, X, 0, ROW, 0, length);
                halves(a, RECORD, length);
            }
            case Q8_0 -> {
                codes(a, length, Short.BYTES, layout.columns());
                for (int i = 0; i < length; i++) {
                    a.movInt(OTHER, X.at(i * Float.BYTES));
                    a.movByte(RECORD.at(i), OTHER);
                }
            }
        }
    }

    /** Rounds what is in the scratch memory, up to a whole sixteen. */
    private void halves(Assembler a, Gpr to, int length) {
        for (int i = 0; i < CacheLayout.padded(length); i += isa.lanes()) {
            a.load(isa.vec(0), X.at(i * Float.BYTES));
            a.storeHalves(to.at(i * Short.BYTES), isa.vec(0));
        }
    }

    /**
     * Makes codes of what is at {@code ROW}, as integers in the scratch memory.
     *
     * @param next bytes from the scale of a block to that of the next one
     * @param at where the first scale goes to, from {@code RECORD}
     */
    private void codes(Assembler a, int length, int next, int at) {
        int blocks = CacheType.blocks(length);
        Vec largest = isa.vec(0);
        Vec x = isa.vec(1);
        Vec mask = isa.vec(2);
        Vec inverse = isa.vec(3);
        a.zero(x);
        for (int i = 0; i < CacheType.BLOCK; i += isa.lanes()) {
            a.store(X.at(((blocks - 1) * CacheType.BLOCK + i) * Float.BYTES), x);
        }
        AttentionCode.copy(a, isa, X, 0, ROW, 0, length);
        a.mov(OTHER, AttentionParameter.CONSTANTS.mem());
        for (int block = 0; block < blocks; block++) {
            int first = block * CacheType.BLOCK;
            a.op(VBROADCASTSS, mask, AttentionConstants.ABSOLUTE.at(OTHER));
            a.zero(largest);
            for (int i = 0; i < CacheType.BLOCK; i += isa.lanes()) {
                a.load(x, X.at((first + i) * Float.BYTES));
                a.op(VPAND, x, x, mask);
                a.op(VPMAXSD, largest, largest, x); // as integers, so that a NaN is the largest
            }
            SoftmaxCode.fold(isa, a, VPMAXSD, largest, x);
            a.op(VBROADCASTSS, x, AttentionConstants.MOST_CODE.at(OTHER));
            a.op(VDIVPS, largest, largest, x);
            a.op(VBROADCASTSS, x, AttentionConstants.ONE.at(OTHER));
            a.op(VDIVPS, inverse, x, largest);
            a.op(VBROADCASTSS, x, AttentionConstants.MOST_INVERSE.at(OTHER));
            a.op(VMINPS, inverse, x, inverse); // a NaN stays one
            scale(a, largest, at + block * next);
            for (int i = 0; i < CacheType.BLOCK; i += isa.lanes()) {
                a.load(x, X.at((first + i) * Float.BYTES));
                a.op(VMULPS, x, x, inverse);
                a.op(VCVTPS2DQ, x, x);
                a.store(X.at((first + i) * Float.BYTES), x);
            }
        }
    }

    /** Two bytes; the store of a register would write more, so that it goes behind the row. */
    private void scale(Assembler a, Vec scale, int at) {
        int behind = scratchBytes(layout) - Isa.VECTOR;
        a.storeHalves(X.at(behind), scale.as(Width.XMM));
        a.movInt(OTHER, X.at(behind));
        a.movShort(RECORD.at(at), OTHER);
        a.mov(OTHER, AttentionParameter.CONSTANTS.mem());
    }

    private static void advance(Assembler a, AttentionParameter parameter, int by) {
        a.mov(OTHER, parameter.mem());
        a.add(OTHER, by);
        a.mov(parameter.mem(), OTHER);
    }

    private static void advance(Assembler a, AttentionParameter parameter, AttentionParameter by) {
        a.mov(OTHER, parameter.mem());
        a.mov(ROW, by.mem());
        a.add(OTHER, ROW);
        a.mov(parameter.mem(), OTHER);
    }
}
