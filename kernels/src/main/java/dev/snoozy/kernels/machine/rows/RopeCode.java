package dev.snoozy.kernels.machine.rows;

import static dev.snoozy.kernels.x86.VectorOp.VADDPS;
import static dev.snoozy.kernels.x86.VectorOp.VMULPS;
import static dev.snoozy.kernels.x86.VectorOp.VPERMILPS;

import dev.snoozy.kernels.Rope.Pairing;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the rotation of heads by their position. With {@code c} the cosine of an element's angle
 * and {@code s} its sine, negative for the first of a pair, an element becomes {@code x c + other
 * s}: what {@code docs/numerics.md} has, bit for bit. The table of a row is {@code c} of all turned
 * columns of a head, then {@code s}.
 */
public final class RopeCode {
    private static final int SWAP_NEIGHBOURS = 0xB1; // 1, 0, 3, 2

    private static final Gpr X = Gpr.RAX;
    private static final Gpr OUT = Gpr.RDX;
    private static final Gpr HEADS = Gpr.R8;
    private static final Gpr TABLE = Gpr.R9;
    private static final Gpr ROWS = Gpr.R10;

    private RopeCode() {}

    /** Whether there is a kernel for such heads: vectors must be turned as a whole. */
    public static boolean has(Pairing pairing, int headLength, int pairs) {
        int whole = pairing == Pairing.ADJACENT ? 2 * pairs : pairs;
        return headLength % 16 == 0 && whole % 16 == 0 && pairs > 0;
    }

    /**
     * Rows of heads, one after another. {@code X} and {@code OUT} rows, {@code OTHER} the table,
     * {@code COUNT} heads of a row, {@code ROWS}.
     */
    static byte[] write(Isa isa, Pairing pairing, int headLength, int pairs) {
        int turned = 2 * pairs * Float.BYTES;
        int step = isa.bytes();
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(X, RowParameter.X.mem());
        a.mov(OUT, RowParameter.OUT.mem());
        a.mov(TABLE, RowParameter.OTHER.mem());
        a.mov(ROWS, RowParameter.ROWS.mem());
        Label row = a.label(16);
        a.mov(HEADS, RowParameter.COUNT.mem());
        Label head = a.label(16);
        for (int at = 0; at < headLength * Float.BYTES; at += step) {
            int n = at / step % 4 * 2;
            Vec x = isa.vec(n);
            Vec other = isa.vec(n + 1);
            a.load(x, X.at(at));
            if (at < turned) {
                if (pairing == Pairing.ADJACENT) {
                    a.op(VPERMILPS, other, x, SWAP_NEIGHBOURS);
                } else {
                    a.load(other, X.at(at < turned / 2 ? at + turned / 2 : at - turned / 2));
                }
                a.op(VMULPS, x, x, TABLE.at(at));
                a.op(VMULPS, other, other, TABLE.at(turned + at));
                a.op(VADDPS, x, x, other);
            }
            a.store(OUT.at(at), x);
        }
        a.add(X, headLength * Float.BYTES);
        a.add(OUT, headLength * Float.BYTES);
        a.sub(HEADS, 1);
        a.jumpIfNotZero(head);
        a.add(TABLE, 2 * turned);
        a.sub(ROWS, 1);
        a.jumpIfNotZero(row);
        Abi.leave(a);
        return a.code();
    }
}
