package dev.snoozy.kernels.machine.code;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;

import java.lang.foreign.Arena;

/**
 * Two loops in machine code, one in the other, around the call of a kernel whose parameters advance
 * from call to call. So a piece of work leaves Java once and not hundreds of times, which is what
 * counts while the JVM still interprets. Thread-safe; lives as long as its arena.
 */
public final class KernelLoop {
    /** What the loop needs to know, eight bytes each; the steps of the parameters follow. */
    private enum Slot {
        KERNEL,
        PARAMETERS,
        OUTER,
        INNER,
        STEPS;

        int offset() {
            return 8 * ordinal();
        }
    }

    private static final Gpr LOOP = Gpr.RBX;
    private static final Gpr OUTER = Gpr.R12;
    private static final Gpr INNER = Gpr.R13;
    private static final Gpr BLOCK = Gpr.R14;
    private static final Gpr[] KEPT = {LOOP, OUTER, INNER, BLOCK};

    private final int[] offsets;
    private final Kernel code;

    /**
     * A loop.
     *
     * @param offsets where the parameters that advance stand in the kernel's block
     */
    public KernelLoop(Arena arena, int... offsets) {
        this.offsets = offsets.clone();
        code = Kernel.install(write(), arena);
    }

    /** The block of one thread. */
    public ParameterBlock newBlock(Arena arena) {
        return new ParameterBlock(Slot.STEPS.offset() + 16 * offsets.length, arena);
    }

    /**
     * Calls a kernel {@code outer * inner} times.
     *
     * @param block of this thread
     * @param parameters of the first call; changed
     * @param innerSteps what is added to each parameter after each call
     * @param outerSteps what is added after {@code inner} calls, counted from the first of them
     */
    public void run(
            ParameterBlock block,
            Kernel kernel,
            ParameterBlock parameters,
            int outer,
            int inner,
            long[] innerSteps,
            long[] outerSteps) {
        if (outer <= 0 || inner <= 0) {
            return;
        }
        block.set(Slot.KERNEL.offset(), kernel.code().address());
        block.set(Slot.PARAMETERS.offset(), parameters.address());
        block.set(Slot.OUTER.offset(), outer);
        block.set(Slot.INNER.offset(), inner);
        for (int i = 0; i < offsets.length; i++) {
            block.set(stepAt(i), innerSteps[i]);
            block.set(stepAt(i) + 8, outerSteps[i] - inner * innerSteps[i]);
        }
        block.call(code);
    }

    private static int stepAt(int parameter) {
        return Slot.STEPS.offset() + 16 * parameter;
    }

    private byte[] write() {
        Assembler a = new Assembler();
        for (Gpr kept : KEPT) {
            a.push(kept);
        }
        a.mov(LOOP, Abi.PARAMETERS);
        a.mov(BLOCK, LOOP.at(Slot.PARAMETERS.offset()));
        a.mov(OUTER, LOOP.at(Slot.OUTER.offset()));
        Label outer = a.label(16);
        a.mov(INNER, LOOP.at(Slot.INNER.offset()));
        Label inner = a.label(16);
        a.mov(Abi.PARAMETERS, BLOCK);
        a.mov(Gpr.RAX, LOOP.at(Slot.KERNEL.offset()));
        a.call(Gpr.RAX);
        advance(a, 0);
        a.sub(INNER, 1);
        a.jumpIfNotZero(inner);
        advance(a, 8);
        a.sub(OUTER, 1);
        a.jumpIfNotZero(outer);
        for (int i = KEPT.length - 1; i >= 0; i--) {
            a.pop(KEPT[i]);
        }
        a.ret();
        return a.code();
    }

    private void advance(Assembler a, int step) {
        for (int i = 0; i < offsets.length; i++) {
            a.mov(Gpr.RAX, BLOCK.at(offsets[i]));
            a.mov(Gpr.RDX, LOOP.at(stepAt(i) + step));
            a.add(Gpr.RAX, Gpr.RDX);
            a.mov(BLOCK.at(offsets[i]), Gpr.RAX);
        }
    }
}
