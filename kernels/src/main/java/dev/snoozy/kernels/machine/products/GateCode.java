package dev.snoozy.kernels.machine.products;

import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VMAXPS;
import static dev.snoozy.kernels.x86.VectorOp.VMINPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes {@code y = f(gate) * up}. But for the squared ReLU the functions are {@code x / (1 +
 * exp(-z))}: with {@code z = x} it is SiLU, with {@code z = 2 sqrt(2 / pi) (x + 0.044715 x^3)} GELU
 * in its form with tanh (Hendrycks and Gimpel 2016). The results are the same bit for bit on all
 * sets of instructions.
 */
final class GateCode {
    private static final float CUBE = 0.044715f;
    private static final float TWICE_SQRT_2_OVER_PI = 1.5957691216f;

    private static final Gpr GATE = Gpr.RAX;
    private static final Gpr UP = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr CONSTANTS = Gpr.R10;

    private static final int OWN = ExpCode.constants().length * Float.BYTES;
    private static final Mem MOST = CONSTANTS.at(OWN);
    private static final Mem CUBE_FACTOR = CONSTANTS.at(OWN + 4);
    private static final Mem ROOT = CONSTANTS.at(OWN + 8);
    private static final Mem ONE = CONSTANTS.at(OWN + 12);

    private GateCode() {}

    /** What the code loads: the constants of {@link ExpCode}, then its own. */
    static float[] constants() {
        float[] exp = ExpCode.constants();
        float[] all = new float[exp.length + 4];
        System.arraycopy(exp, 0, all, 0, exp.length);
        all[exp.length] = -ExpCode.LOWEST;
        all[exp.length + 1] = CUBE;
        all[exp.length + 2] = TWICE_SQRT_2_OVER_PI;
        all[exp.length + 3] = 1;
        return all;
    }

    /**
     * {@code WEIGHT} is the gate, {@code ACTIVATIONS} what it is multiplied with, {@code COUNT} the
     * number of vectors of sixteen floats.
     */
    static byte[] write(Isa isa, Activation activation) {
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(GATE, ProductParameter.WEIGHT.mem());
        a.mov(UP, ProductParameter.ACTIVATIONS.mem());
        a.mov(OUT, ProductParameter.OUT.mem());
        a.mov(COUNT, ProductParameter.COUNT.mem());
        a.mov(CONSTANTS, ProductParameter.CONSTANTS.mem());
        Label loop = a.label(32);
        for (int piece = 0; piece < isa.parts(); piece++) {
            piece(a, isa, activation, piece * isa.bytes());
        }
        a.add(GATE, Isa.VECTOR);
        a.add(UP, Isa.VECTOR);
        a.add(OUT, Isa.VECTOR);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }

    /** A register full, {@code at} so many bytes. */
    private static void piece(Assembler a, Isa isa, Activation activation, int at) {
        Vec x = isa.vec(0);
        Vec z = isa.vec(1);
        Vec n = isa.vec(2);
        Vec y = isa.vec(3);
        Vec scratch = isa.vec(4);
        a.load(x, GATE.at(at));
        if (activation == Activation.RELU_SQUARED) {
            a.zero(y);
            a.op(VMAXPS, y, y, x); // a NaN stays one
            a.op(VMULPS, y, y, y);
            a.op(VMULPS, y, y, UP.at(at));
            a.store(OUT.at(at), y);
            return;
        }
        if (activation == Activation.GELU_TANH) {
            a.op(VMULPS, z, x, x);
            a.op(VBROADCASTSS, y, ONE);
            a.op(VBROADCASTSS, n, CUBE_FACTOR);
            a.op(VFMADD213PS, z, n, y); // 1 + 0.044715 x^2
            a.op(VMULPS, z, z, x);
            isa.all(a, VMULPS, z, z, ROOT, scratch);
        } else {
            isa.all(a, VMULPS, z, x, ONE, scratch);
        }
        a.zero(y);
        a.op(VSUBPS, z, y, z);
        a.op(VBROADCASTSS, y, MOST);
        a.op(VMINPS, z, y, z); // what is larger gives 0 all the same; a NaN stays one
        ExpCode.write(isa, a, CONSTANTS, z, n, y, scratch);
        isa.all(a, VADDPS, y, y, ONE, scratch);
        a.op(VDIVPS, y, x, y);
        a.op(VMULPS, y, y, UP.at(at));
        a.store(OUT.at(at), y);
    }
}
