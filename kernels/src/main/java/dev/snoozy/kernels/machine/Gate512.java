package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.x86.Vec.zmm;
import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VMINPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.machine.Vnni512.Parameter;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes {@code y = f(gate) * up} for AVX-512. Both functions are {@code x / (1 + exp(-z))}: with
 * {@code z = x} it is SiLU, with {@code z = 2 sqrt(2 / pi) (x + 0.044715 x^3)} GELU in its form
 * with tanh (Hendrycks and Gimpel 2016).
 */
final class Gate512 {
    private static final float CUBE = 0.044715f;
    private static final float TWICE_SQRT_2_OVER_PI = 1.5957691216f;
    private static final int VECTOR = 64;

    private static final Gpr GATE = Gpr.RAX;
    private static final Gpr UP = Gpr.RDX;
    private static final Gpr OUT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr CONSTANTS = Gpr.R10;

    private Gate512() {}

    /** What the code loads: the constants of {@link Exp512}, then its own. */
    static float[] constants() {
        float[] exp = Exp512.constants();
        float[] all = new float[exp.length + 4];
        System.arraycopy(exp, 0, all, 0, exp.length);
        all[exp.length] = -Exp512.LOWEST;
        all[exp.length + 1] = CUBE;
        all[exp.length + 2] = TWICE_SQRT_2_OVER_PI;
        all[exp.length + 3] = 1;
        return all;
    }

    /**
     * {@code WEIGHT} is the gate, {@code ACTIVATIONS} what it is multiplied with, {@code COUNT} the
     * number of vectors.
     */
    static byte[] write(Activation activation) {
        int own = Exp512.constants().length * Float.BYTES;
        Mem most = CONSTANTS.at(own);
        Mem cube = CONSTANTS.at(own + 4);
        Mem root = CONSTANTS.at(own + 8);
        Mem one = CONSTANTS.at(own + 12);
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(GATE, Parameter.WEIGHT.mem());
        a.mov(UP, Parameter.ACTIVATIONS.mem());
        a.mov(OUT, Parameter.OUT.mem());
        a.mov(COUNT, Parameter.COUNT.mem());
        a.mov(CONSTANTS, Parameter.CONSTANTS.mem());
        Label loop = a.label(32);
        Vec x = zmm(0);
        Vec z = zmm(1);
        Vec n = zmm(2);
        Vec y = zmm(3);
        a.load(x, GATE.at(0));
        if (activation == Activation.GELU_TANH) {
            a.op(VMULPS, z, x, x);
            a.op(VBROADCASTSS, y, one);
            a.op(VBROADCASTSS, n, cube);
            a.op(VFMADD213PS, z, n, y); // 1 + 0.044715 x^2
            a.op(VMULPS, z, z, x);
            a.op(VMULPS, z, z, root.toAllLanes());
        } else {
            a.op(VMULPS, z, x, one.toAllLanes());
        }
        a.zero(y);
        a.op(VSUBPS, z, y, z);
        a.op(VBROADCASTSS, y, most);
        a.op(VMINPS, z, y, z); // what is larger gives 0 all the same; a NaN stays one
        Exp512.write(Isa.VNNI512, a, CONSTANTS, z, n, y, zmm(4));
        a.op(VADDPS, y, y, one.toAllLanes());
        a.op(VDIVPS, y, x, y);
        a.op(VMULPS, y, y, UP.at(0));
        a.store(OUT.at(0), y);
        a.add(GATE, VECTOR);
        a.add(UP, VECTOR);
        a.add(OUT, VECTOR);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }
}
