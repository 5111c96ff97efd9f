package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.machine.rows.RowParameter;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;

/** Writes the turning of rows {@code [tokens, in]} into a tile {@code [in, tokens]} of words. */
final class FloatTileCode {
    private static final Gpr ROW = Gpr.RAX;
    private static final Gpr TO = Gpr.RDX;
    private static final Gpr COUNT = Gpr.R8;
    private static final Gpr STRIDE = Gpr.R9;
    private static final Gpr VALUE = Gpr.R10;
    private static final Gpr FROM = Gpr.R11;

    private FloatTileCode() {}

    /**
     * {@code COUNT} elements of each of {@code tokens} rows that are {@code STRIDE} bytes apart.
     */
    static byte[] write(int tokens) {
        Assembler a = new Assembler();
        a.mov(ROW, RowParameter.X.mem());
        a.mov(TO, RowParameter.OUT.mem());
        a.mov(COUNT, RowParameter.COUNT.mem());
        a.mov(STRIDE, RowParameter.STRIDE.mem());
        Label element = a.label(16);
        a.mov(FROM, ROW);
        for (int t = 0; t < tokens; t++) {
            a.movInt(VALUE, FROM.at(0));
            a.movInt(TO.at(t * Float.BYTES), VALUE);
            a.add(FROM, STRIDE);
        }
        a.add(ROW, Float.BYTES);
        a.add(TO, tokens * Float.BYTES);
        a.sub(COUNT, 1);
        a.jumpIfNotZero(element);
        a.ret();
        return a.code();
    }
}
