package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.rows.RowParameter;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes the rounding of rows of floats to BF16, to the nearest, ties to even; numbers below the
 * normal ones become zero, as the instruction does it.
 */
final class HalvesCode {
    private static final Gpr FROM = Gpr.RAX;
    private static final Gpr TO = Gpr.RDX;
    private static final Gpr COUNT = Gpr.R8;

    private HalvesCode() {}

    /** {@code COUNT} vectors of sixteen floats, one after another. */
    static byte[] write() {
        Assembler a = new Assembler();
        a.mov(FROM, RowParameter.X.mem());
        a.mov(TO, RowParameter.OUT.mem());
        a.mov(COUNT, RowParameter.COUNT.mem());
        Label vector = a.label(16);
        a.load(Vec.zmm(16), FROM.at(0)); // one of those that VEX code cannot be slowed by
        a.roundToBf16(Vec.ymm(16), Vec.zmm(16));
        a.store(TO.at(0), Vec.ymm(16));
        a.add(FROM, Isa.VECTOR);
        a.add(TO, Isa.VECTOR / 2);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(vector);
        a.ret();
        return a.code();
    }
}
