package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.machine.attention.AttentionCode.OTHER;
import static dev.snoozy.kernels.machine.attention.AttentionCode.RECORD;
import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VBROADCASTSS;
import static dev.snoozy.kernels.x86.VectorOp.VCVTDQ2PS;
import static dev.snoozy.kernels.x86.VectorOp.VDIVPS;
import static dev.snoozy.kernels.x86.VectorOp.VFMADD213PS;
import static dev.snoozy.kernels.x86.VectorOp.VMAXPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPADDD;
import static dev.snoozy.kernels.x86.VectorOp.VPAND;
import static dev.snoozy.kernels.x86.VectorOp.VPANDN;
import static dev.snoozy.kernels.x86.VectorOp.VPBROADCASTD;
import static dev.snoozy.kernels.x86.VectorOp.VPERM2F128;
import static dev.snoozy.kernels.x86.VectorOp.VPERMILPS;
import static dev.snoozy.kernels.x86.VectorOp.VPMAXSD;
import static dev.snoozy.kernels.x86.VectorOp.VPMINSD;
import static dev.snoozy.kernels.x86.VectorOp.VPOR;
import static dev.snoozy.kernels.x86.VectorOp.VPSRAD;
import static dev.snoozy.kernels.x86.VectorOp.VPSUBD;
import static dev.snoozy.kernels.x86.VectorOp.VSHUFF32X4;
import static dev.snoozy.kernels.x86.VectorOp.VSUBPS;

import dev.snoozy.kernels.machine.code.ExpCode;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Mem;
import dev.snoozy.kernels.x86.Vec;
import dev.snoozy.kernels.x86.Vec.Width;
import dev.snoozy.kernels.x86.VectorOp;

/**
 * Writes the soft-max over the scores of a tile for one query: scale, soft cap, what scores lose by
 * their distance, what the query does not see, the largest score so far, weights and their sum.
 * {@code RECORD} is the query's record, {@code OTHER} the address of the constants.
 */
final class SoftmaxCode {
    private static final int SIGN_SHIFT = 31;

    private final Isa isa;

    // In the order of their first use; the exponential needs three and scratch.
    private final Vec first;
    private final Vec last;
    private final Vec max;
    private final Vec scale;
    private final Vec cap;
    private final Vec hidden;
    private final Vec x;
    private final Vec y;
    private final Vec n;
    private final Vec scratch;
    private final Vec more;
    private final Vec[] sums;

    SoftmaxCode(Isa isa) {
        this.isa = isa;
        first = isa.vec(0);
        last = isa.vec(1);
        max = isa.vec(2);
        scale = isa.vec(3);
        cap = isa.vec(4);
        hidden = isa.vec(5);
        x = isa.vec(6);
        y = isa.vec(7);
        n = isa.vec(8);
        scratch = isa.vec(9);
        more = isa.vec(10);
        sums = new Vec[isa.parts()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = isa.vec(11 + i);
        }
    }

    /**
     * Turns scores into weights.
     *
     * @param masked whether there are positions that the query does not see
     */
    void write(Assembler a, boolean masked, Bending bending) {
        if (masked) {
            range(a);
        }
        a.op(VBROADCASTSS, scale, AttentionParameter.SCALE.mem());
        if (bending.capped()) {
            a.op(VBROADCASTSS, cap, AttentionParameter.CAP.mem());
        }
        a.op(VBROADCASTSS, max, RECORD.at(QueryLayout.MAX));
        for (int p = 0; p < CacheLayout.TILE; p += isa.lanes()) {
            a.load(x, score(p));
            a.op(VMULPS, x, x, scale);
            if (bending.capped()) {
                a.op(VDIVPS, x, x, cap);
                tanh(a);
                a.op(VMULPS, x, y, cap);
            }
            if (bending.falling()) {
                fall(a, p);
            }
            if (masked) {
                hide(a, p);
                a.op(VPANDN, x, hidden, x);
                a.op(VBROADCASTSS, scratch, AttentionConstants.NEGATIVE_INFINITY.at(OTHER));
                a.op(VPAND, hidden, hidden, scratch);
                a.op(VPOR, x, x, hidden);
            }
            a.store(score(p), x);
            a.op(VMAXPS, max, max, x);
        }
        fold(isa, a, VMAXPS, max, scratch);
        shrink(a);
        weights(a, masked);
    }

    /** {@code x = x - slope * |position - that of the query|}. */
    private void fall(Assembler a, int position) {
        a.load(n, AttentionConstants.positions(OTHER, position));
        a.op(VPBROADCASTD, scratch, AttentionParameter.BASE.mem());
        a.op(VPADDD, n, n, scratch);
        a.op(VPBROADCASTD, scratch, RECORD.at(QueryLayout.POSITION));
        a.op(VPSUBD, n, n, scratch);
        a.op(VCVTDQ2PS, n, n);
        a.op(VBROADCASTSS, scratch, AttentionConstants.ABSOLUTE.at(OTHER));
        a.op(VPAND, n, n, scratch);
        a.op(VBROADCASTSS, scratch, RECORD.at(QueryLayout.SLOPE));
        a.op(VMULPS, n, n, scratch);
        a.op(VSUBPS, x, x, n);
    }

    /** The first and the last position of the tile that the query sees. */
    private void range(Assembler a) {
        Vec narrow = x.as(Width.XMM);
        Vec other = y.as(Width.XMM);
        a.op(VPBROADCASTD, other, AttentionParameter.BASE.mem());
        a.load(narrow, RECORD.at(QueryLayout.LIMITS));
        a.op(VPSUBD, narrow, narrow, other);
        a.zero(other);
        a.op(VPMAXSD, narrow, narrow, other);
        a.op(VPBROADCASTD, other, AttentionConstants.LAST.at(OTHER));
        a.op(VPMINSD, narrow, narrow, other);
        a.store(RECORD.at(QueryLayout.RANGE), narrow);
        a.op(VPBROADCASTD, first, RECORD.at(QueryLayout.RANGE));
        a.op(VPBROADCASTD, last, RECORD.at(QueryLayout.RANGE + Integer.BYTES));
    }

    /** {@code hidden} = all bits where a position is not between first and last. */
    private void hide(Assembler a, int position) {
        a.load(scratch, AttentionConstants.positions(OTHER, position));
        a.op(VPSUBD, hidden, scratch, first);
        a.op(VPSUBD, scratch, last, scratch);
        a.op(VPOR, hidden, hidden, scratch);
        a.shift(VPSRAD, hidden, hidden, SIGN_SHIFT);
    }

    /** The new largest score, and what it makes of earlier sums. */
    private void shrink(Assembler a) {
        a.op(VBROADCASTSS, x, RECORD.at(QueryLayout.MAX));
        a.op(VSUBPS, x, x, max);
        a.store(RECORD.at(QueryLayout.MAX), max.as(Width.XMM));
        exp(a);
        a.store(RECORD.at(QueryLayout.FACTOR), y.as(Width.XMM));
    }

    private void weights(Assembler a, boolean masked) {
        for (Vec sum : sums) {
            a.zero(sum);
        }
        for (int p = 0; p < CacheLayout.TILE; p += isa.lanes()) {
            a.load(x, score(p));
            a.op(VSUBPS, x, x, max);
            exp(a);
            if (masked) {
                hide(a, p);
                a.op(VPANDN, y, hidden, y);
            }
            a.store(score(p), y);
            Vec sum = sums[p / isa.lanes() % sums.length];
            a.op(VADDPS, sum, sum, y);
        }
        for (int i = 1; i < sums.length; i++) {
            a.op(VADDPS, sums[0], sums[0], sums[i]);
        }
        fold(isa, a, VADDPS, sums[0], scratch);
        a.op(VBROADCASTSS, x, RECORD.at(QueryLayout.SUM));
        a.op(VBROADCASTSS, y, RECORD.at(QueryLayout.FACTOR));
        a.op(VMULPS, x, x, y);
        a.op(VADDPS, x, x, sums[0]);
        a.store(RECORD.at(QueryLayout.SUM), x.as(Width.XMM));
    }

    /** {@code y = exp(x)}. */
    private void exp(Assembler a) {
        ExpCode.write(isa, a, OTHER, x, n, y, scratch);
    }

    /**
     * {@code y = tanh(x)}: {@code x + x^3 p(x^2)} where x is small, else {@code 1 - 2 e / (1 + e)}
     * with {@code e = exp(-2 |x|)}, and the sign of x.
     */
    private void tanh(Assembler a) {
        Vec size = sums[0];
        Vec sign = hidden;
        a.op(VBROADCASTSS, scratch, AttentionConstants.ABSOLUTE.at(OTHER));
        a.op(VPAND, size, x, scratch);
        a.op(VPANDN, sign, scratch, x);
        isa.all(a, VMULPS, x, size, AttentionConstants.MINUS_TWO.at(OTHER), scratch);
        exp(a);
        a.op(VBROADCASTSS, n, AttentionConstants.ONE.at(OTHER));
        a.op(VADDPS, x, y, n);
        a.op(VADDPS, y, y, y);
        a.op(VDIVPS, y, y, x);
        a.op(VSUBPS, y, n, y);
        a.op(VMULPS, x, size, size);
        a.op(VBROADCASTSS, n, AttentionConstants.TANH_0.at(OTHER));
        AttentionConstants[] further = {
            AttentionConstants.TANH_1,
            AttentionConstants.TANH_2,
            AttentionConstants.TANH_3,
            AttentionConstants.TANH_4
        };
        for (AttentionConstants c : further) {
            isa.all(a, VFMADD213PS, n, x, c.at(OTHER), scratch);
        }
        a.op(VMULPS, n, n, x);
        a.op(VFMADD213PS, n, size, size);
        isa.all(a, VPSUBD, more, size, AttentionConstants.TANH_SMALL.at(OTHER), scratch);
        a.shift(VPSRAD, more, more, SIGN_SHIFT);
        a.op(VPAND, n, n, more);
        a.op(VPANDN, y, more, y);
        a.op(VPOR, y, y, n);
        a.op(VPOR, y, y, sign);
    }

    private static Mem score(int position) {
        return RECORD.at(QueryLayout.SCORES + position * Float.BYTES);
    }

    /**
     * Puts the sum, or the like, of all lanes into each of them: of a lane and the one half the
     * lanes further, then half as far, down to the neighbour.
     */
    static void fold(Isa isa, Assembler a, VectorOp op, Vec x, Vec scratch) {
        if (x.width() == Width.ZMM) {
            a.op(VSHUFF32X4, scratch, x, x, 0x4E);
            a.op(op, x, x, scratch);
            a.op(VSHUFF32X4, scratch, x, x, 0xB1);
        } else {
            a.op(VPERM2F128, scratch, x, x, 1);
        }
        a.op(op, x, x, scratch);
        a.op(VPERMILPS, scratch, x, 0x4E);
        a.op(op, x, x, scratch);
        a.op(VPERMILPS, scratch, x, 0xB1);
        a.op(op, x, x, scratch);
    }
}
