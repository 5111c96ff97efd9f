package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPH2PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPBROADCASTW;
import static dev.snoozy.kernels.x86.VectorOp.VPMOVSXBD;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;

/**
 * Writes how keys and values come into a register as floats: as they are, from half precision, or
 * as code times scale.
 */
record CacheLoads(Isa isa, CacheLayout layout) {

    /**
     * Loads some positions of an element of the keys.
     *
     * @param row address of the element of the first position
     * @param further how many elements further it is
     * @param scales address of the scales of its block, if there are any
     * @param vector which vector of the tile
     */
    void key(Assembler a, Vec to, Vec scratch, Gpr row, int further, Gpr scales, int vector) {
        int lane = vector * isa.lanes();
        int at = further * layout.keyRow() + lane * layout.elementBytes();
        switch (layout.type()) {
            case F32 -> a.load(to, row.at(at));
            case F16 -> a.op(VCVTPH2PS, to, row.at(at));
            case Q8_0 -> {
                a.op(VCVTPH2PS, scratch, scales.at(lane * Short.BYTES));
                code(a, to, scratch, row, at);
            }
        }
    }

    /**
     * Loads some columns of a position's values.
     *
     * @param row address of the values of a position
     * @param further how many positions further it is
     * @param vector which vector of the columns
     */
    void value(Assembler a, Vec to, Vec scratch, Gpr row, int further, int vector) {
        int column = vector * isa.lanes();
        int start = further * layout.valueRow();
        int at = start + column * layout.elementBytes();
        switch (layout.type()) {
            case F32 -> a.load(to, row.at(at));
            case F16 -> a.op(VCVTPH2PS, to, row.at(at));
            case Q8_0 -> {
                int scale = start + layout.columns() + column / CacheType.BLOCK * Short.BYTES;
                Vec half = scratch.as(isa.lanes() == 16 ? Width.YMM : Width.XMM);
                a.op(VPBROADCASTW, half, row.at(scale));
                a.op(VCVTPH2PS, scratch, half);
                code(a, to, scratch, row, at);
            }
        }
    }

    private static void code(Assembler a, Vec to, Vec scale, Gpr row, int at) {
        a.op(VPMOVSXBD, to, row.at(at));
        a.op(VCVTDQ2PS, to, to);
        a.op(VMULPS, to, to, scale);
    }
}
