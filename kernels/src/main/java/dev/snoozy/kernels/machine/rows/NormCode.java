package dev.snoozy.kernels.machine.rows;

import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPD2PS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTPS2PD;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPD;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD231PS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPERM2F128;
import static dev.snoozy.kernels.x86.VectorOp.VPERMILPS;
import static dev.snoozy.kernels.x86.VectorOp.VSHUFF32X4;
import static dev.snoozy.kernels.x86.VectorOp.VSQRTPD;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;

/**
 * Writes the norms of rows. Sums are formed in sixteen lanes that are folded in halves, and the
 * inverse root is taken in F64, as {@code docs/numerics.md} has it, so that the results are those
 * of the scalar kernels bit for bit. A row has at least sixteen elements.
 */
final class NormCode {
    private static final int SWAP_HALVES = 0x4E; // 2, 3, 0, 1
    private static final int SWAP_NEIGHBOURS = 0xB1; // 1, 0, 3, 2
    private static final int SWAP_LANES = 1;

    private static final Gpr X = Gpr.RAX;
    private static final Gpr OUT = Gpr.RDX;
    private static final Gpr WEIGHT = Gpr.R8;
    private static final Gpr COUNT = Gpr.R9;
    private static final Gpr AT = Gpr.R10;
    private static final Gpr BIAS = Gpr.R11;
    private static final Gpr ROWS = Gpr.RBX; // belongs to the caller
    private static final Gpr TO = Gpr.R12; // likewise

    private final Isa isa;
    private final boolean tail;
    private final Assembler a = new Assembler();
    private final Vec[] sums;
    private final Vec total;
    private final Vec scratch;
    private final Vec mean;
    private final Vec inverse;
    private final Vec value;

    private NormCode(Isa isa, boolean tail) {
        this.isa = isa;
        this.tail = tail;
        sums = new Vec[isa.parts()];
        for (int p = 0; p < sums.length; p++) {
            sums[p] = isa.vec(p);
        }
        total = isa.vec(2);
        scratch = isa.vec(3);
        mean = isa.vec(4);
        inverse = isa.vec(5);
        value = isa.vec(6);
    }

    /**
     * {@code y = x / sqrt(mean of squares + epsilon) * weight}.
     *
     * @param tail whether a row ends in a vector that is not full
     */
    static byte[] rms(Isa isa, boolean tail) {
        NormCode code = new NormCode(isa, tail);
        Label row = code.enter();
        code.sum(true, false);
        code.inverseRoot();
        code.scale(false, false);
        return code.leave(row);
    }

    /** {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias}. */
    static byte[] layer(Isa isa, boolean tail, boolean bias) {
        NormCode code = new NormCode(isa, tail);
        Label row = code.enter();
        code.sum(false, false);
        code.divideByLength(code.mean);
        code.sum(true, true);
        code.inverseRoot();
        code.scale(true, bias);
        return code.leave(row);
    }

    private Label enter() {
        Abi.enter(a);
        a.push(ROWS);
        a.push(TO);
        a.mov(X, RowParameter.X.mem());
        a.mov(OUT, RowParameter.OUT.mem());
        a.mov(ROWS, RowParameter.ROWS.mem());
        return a.label(16);
    }

    private byte[] leave(Label row) {
        a.mov(AT, RowParameter.STRIDE.mem());
        a.add(X, AT);
        a.mov(AT, RowParameter.OUT_STRIDE.mem());
        a.add(OUT, AT);
        a.sub(ROWS, 1);
        a.jumpIfNotZero(row);
        a.pop(TO);
        a.pop(ROWS);
        Abi.leave(a);
        return a.code();
    }

    /** The sum of the elements of a row, or of their squares, in all lanes of {@link #total}. */
    private void sum(boolean squares, boolean aroundMean) {
        for (Vec sum : sums) {
            a.zero(sum);
        }
        a.mov(AT, X);
        a.mov(COUNT, RowParameter.COUNT.mem());
        Label loop = a.label(16);
        for (int p = 0; p < sums.length; p++) {
            a.load(value, AT.at(p * isa.bytes()));
            addValue(p, squares, aroundMean, false);
        }
        a.add(AT, Isa.VECTOR);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
        if (tail) {
            a.mov(COUNT, RowParameter.MASK.mem());
            for (int p = 0; p < sums.length; p++) {
                a.load(value, AT.at(p * isa.bytes()));
                addValue(p, squares, aroundMean, true);
            }
        }
        fold();
    }

    private void addValue(int p, boolean squares, boolean aroundMean, boolean masked) {
        if (aroundMean) {
            a.op(VSUBPS, value, value, mean);
        }
        if (masked) {
            a.op(VPAND, value, value, COUNT.at(p * isa.bytes()));
        }
        if (squares) {
            a.op(VFMADD231PS, sums[p], value, value);
        } else {
            a.op(VADDPS, sums[p], sums[p], value);
        }
    }

    /** Adds the upper half of the lanes to the lower one until there is one sum, in all lanes. */
    private void fold() {
        if (sums.length == 2) {
            a.op(VADDPS, total, sums[0], sums[1]);
            a.op(VPERM2F128, scratch, total, total, SWAP_LANES);
        } else {
            a.op(VSHUFF32X4, scratch, sums[0], sums[0], SWAP_HALVES);
            a.op(VADDPS, total, sums[0], scratch);
            a.op(VSHUFF32X4, scratch, total, total, SWAP_NEIGHBOURS);
        }
        a.op(VADDPS, total, total, scratch);
        a.op(VPERMILPS, scratch, total, SWAP_HALVES);
        a.op(VADDPS, total, total, scratch);
        a.op(VPERMILPS, scratch, total, SWAP_NEIGHBOURS);
        a.op(VADDPS, total, total, scratch);
    }

    private void divideByLength(Vec to) {
        a.op(VBROADCASTSS, scratch, RowParameter.NUMBER.mem());
        a.op(VDIVPS, to, total, scratch);
    }

    /** {@code 1 / sqrt(total / length + epsilon)}, in all lanes. */
    private void inverseRoot() {
        divideByLength(total);
        a.op(VBROADCASTSS, scratch, RowParameter.EPSILON.mem());
        a.op(VADDPS, total, total, scratch);
        Vec root = total.as(Width.XMM);
        Vec one = scratch.as(Width.XMM);
        a.mov(AT, RowParameter.CONSTANTS.mem());
        a.op(VCVTPS2PD, root, root);
        a.op(VSQRTPD, root, root);
        a.load(one, AT.at(0)); // two doubles
        a.op(VDIVPD, root, one, root);
        a.op(VCVTPD2PS, root, root);
        a.op(VBROADCASTSS, inverse, root);
    }

    private void scale(boolean aroundMean, boolean bias) {
        a.mov(AT, X);
        a.mov(TO, OUT);
        a.mov(WEIGHT, RowParameter.OTHER.mem());
        if (bias) {
            a.mov(BIAS, RowParameter.BIAS.mem());
        }
        a.mov(COUNT, RowParameter.COUNT.mem());
        a.add(COUNT, tail ? 1 : 0);
        Label loop = a.label(16);
        for (int p = 0; p < sums.length; p++) {
            int at = p * isa.bytes();
            a.load(value, AT.at(at));
            if (aroundMean) {
                a.op(VSUBPS, value, value, mean);
            }
            a.op(VMULPS, value, value, inverse);
            a.op(VMULPS, value, value, WEIGHT.at(at));
            if (bias) {
                a.op(VADDPS, value, value, BIAS.at(at));
            }
            a.store(TO.at(at), value);
        }
        a.add(AT, Isa.VECTOR);
        a.add(TO, Isa.VECTOR);
        a.add(WEIGHT, Isa.VECTOR);
        if (bias) {
            a.add(BIAS, Isa.VECTOR);
        }
        a.sub(COUNT, 1);
        a.jumpIfNotZero(loop);
    }
}
