package dev.snoozy.kernels.machine.attention;

import static dev.snoozy.kernels.machine.attention.AttentionCode.OTHER;
import static dev.snoozy.kernels.machine.attention.AttentionCode.ROW;
import static dev.snoozy.kernels.machine.attention.AttentionCode.STEPS;
import static dev.snoozy.kernels.machine.attention.AttentionCode.X;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Vec;

/**
 * Writes how a tile of codes becomes floats in {@code SCRATCH}, keys and then values, so that many
 * queries pay for it once.
 */
record UnpackCode(Isa isa, CacheLayout layout) {

    void write(Assembler a) {
        Vec value = isa.vec(0);
        Vec scratch = isa.vec(1);
        CacheLoads loads = new CacheLoads(isa, layout);
        a.mov(X, AttentionParameter.SCRATCH.mem());
        AttentionCode.place(a, AttentionParameter.KEYS);
        int row = CacheLayout.TILE / isa.lanes();
        for (int d = 0; d < layout.keyLength(); d += CacheType.BLOCK) {
            a.mov(OTHER, ROW);
            a.add(ROW, CacheLayout.KEY_SCALES);
            a.mov(STEPS, Math.min(CacheType.BLOCK, layout.keyLength() - d));
            Label step = a.label(16);
            for (int v = 0; v < row; v++) {
                loads.key(a, value, scratch, ROW, 0, OTHER, v);
                a.store(X.at(v * isa.bytes()), value);
            }
            a.add(ROW, layout.keyRow());
            a.add(X, row * isa.bytes());
            a.sub(STEPS, 1);
            a.jumpIfNotZero(step);
        }
        AttentionCode.place(a, AttentionParameter.VALUES);
        int columns = layout.columns() / isa.lanes();
        a.mov(STEPS, CacheLayout.TILE);
        Label step = a.label(16);
        for (int v = 0; v < columns; v++) {
            loads.value(a, value, scratch, ROW, 0, v);
            a.store(X.at(v * isa.bytes()), value);
        }
        a.add(ROW, layout.valueRow());
        a.add(X, columns * isa.bytes());
        a.sub(STEPS, 1);
        a.jumpIfNotZero(step);
    }
}
