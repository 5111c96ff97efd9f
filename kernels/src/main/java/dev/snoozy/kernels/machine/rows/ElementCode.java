package dev.snoozy.kernels.machine.rows;

import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VMINPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes what goes through elements one by one, vector by vector: {@code COUNT} of sixteen floats.
 */
final class ElementCode {
    private static final Gpr X = Gpr.RAX;
    private static final Gpr OUT = Gpr.RDX;
    private static final Gpr OTHER = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr CONSTANTS = Gpr.R10;

    private ElementCode() {}

    /** What happens to a vector at an offset from the pointers. */
    private interface Body {
        void write(Assembler a, Vec x, int at);
    }

    /** {@code y = x + other}. */
    static byte[] add(Isa isa) {
        return loop(isa, (a, x, at) -> a.op(VADDPS, x, x, OTHER.at(at)));
    }

    /** {@code y = x * number}. */
    static byte[] scale(Isa isa) {
        return loop(isa, (a, x, at) -> a.op(VMULPS, x, x, isa.vec(0)));
    }

    /** {@code y = fma(x, number, other)}. */
    static byte[] multiplyAdd(Isa isa) {
        return loop(
                isa,
                (a, x, at) -> {
                    Vec sum = isa.vec(3);
                    a.load(sum, OTHER.at(at));
                    a.op(VFMADD213PS, x, isa.vec(0), sum);
                });
    }

    /**
     * {@code y = cap * tanh(x / cap)}, as {@code 2 cap / (1 + exp(-2 x / cap)) - cap}. {@code
     * NUMBER} is the cap, {@code EPSILON} is {@code -2 / cap}, {@code CONSTANTS} those of {@link
     * ExpCode} and the largest argument.
     */
    static byte[] softcap(Isa isa) {
        Mem most = CONSTANTS.at(ExpCode.constants().length * Float.BYTES);
        return loop(
                isa,
                (a, x, at) -> {
                    Vec n = isa.vec(3);
                    Vec y = isa.vec(4);
                    a.mov(CONSTANTS, RowParameter.CONSTANTS.mem());
                    a.op(VBROADCASTSS, y, RowParameter.EPSILON.mem());
                    a.op(VMULPS, x, x, y);
                    a.op(VBROADCASTSS, y, most);
                    a.op(VMINPS, x, y, x); // a NaN stays one
                    ExpCode.write(isa, a, CONSTANTS, x, n, y, isa.vec(5));
                    a.op(VBROADCASTSS, n, CONSTANTS.at(ExpCode.ONE * Float.BYTES));
                    a.op(VADDPS, y, y, n);
                    a.op(VADDPS, x, isa.vec(0), isa.vec(0));
                    a.op(VDIVPS, x, x, y);
                    a.op(VSUBPS, x, x, isa.vec(0));
                });
    }

    private static byte[] loop(Isa isa, Body body) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(X, RowParameter.X.mem());
        a.mov(OUT, RowParameter.OUT.mem());
        a.mov(OTHER, RowParameter.OTHER.mem());
        a.mov(COUNT, RowParameter.COUNT.mem());
        a.op(VBROADCASTSS, isa.vec(0), RowParameter.NUMBER.mem());
        Label loop = a.label(16);
        for (int p = 0; p < isa.parts(); p++) {
            Vec x = isa.vec(1 + p);
            int at = p * isa.bytes();
            a.load(x, X.at(at));
            body.write(a, x, at);
            a.store(OUT.at(at), x);
        }
        a.add(X, Isa.VECTOR);
        a.add(OUT, Isa.VECTOR);
        a.add(OTHER, Isa.VECTOR);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }
}
