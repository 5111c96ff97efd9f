package dev.snoozy.kernels.machine.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.system.GuardedMemory;
import dev.snoozy.kernels.system.GuardedMemory.Edge;
import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Assembler.Label;
import dev.snoozy.kernels.x86.Gpr;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

@ParameterizedClass
@EnumSource(Isa.class)
class ExpCodeTest {
    /** Where the parameters of the code stand. */
    private static final int MEMORY = 0;

    private static final int COUNT = Long.BYTES;
    private static final int CONSTANTS = 2 * Long.BYTES;

    private final Isa isa;

    @BeforeEach
    void require() {
        String obstacle = isa.obstacle();
        assumeTrue(obstacle == null, () -> "no " + isa + " here: " + obstacle);
    }

    ExpCodeTest(Isa isa) {
        this.isa = isa;
    }

    /** The function of each element, a register full at a time. */
    private float[] exp(float... x) {
        int vectors = (x.length + isa.lanes() - 1) / isa.lanes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory =
                    new GuardedMemory((long) vectors * isa.bytes(), arena)
                            .of((long) vectors * isa.bytes(), Edge.END);
            MemorySegment.copy(x, 0, memory, ValueLayout.JAVA_FLOAT, 0, x.length);
            MemorySegment constants =
                    GuardedMemory.copy(MemorySegment.ofArray(ExpCode.constants()), Edge.END, arena);
            ParameterBlock block = new ParameterBlock(3 * Long.BYTES, arena);
            block.set(MEMORY, memory.address());
            block.set(COUNT, vectors);
            block.set(CONSTANTS, constants.address());
            block.call(Kernel.install(code(), arena));
            float[] y = new float[x.length];
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, y, 0, y.length);
            return y;
        }
    }

    private byte[] code() {
        Gpr memory = Gpr.RAX;
        Gpr count = Gpr.R8;
        Gpr constants = Gpr.R9;
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(memory, Abi.PARAMETERS.at(MEMORY));
        a.mov(count, Abi.PARAMETERS.at(COUNT));
        a.mov(constants, Abi.PARAMETERS.at(CONSTANTS));
        Label loop = a.label(32);
        a.load(isa.vec(0), memory.at(0));
        ExpCode.write(isa, a, constants, isa.vec(0), isa.vec(1), isa.vec(2), isa.vec(3));
        a.store(memory.at(0), isa.vec(2));
        a.add(memory, isa.bytes());
        a.sub(count, 1);
        a.jumpIfNotZero(loop);
        Abi.leave(a);
        return a.code();
    }

    @Test
    void isWithinTwoUnitsInTheLastPlace() {
        float[] x = new float[1 << 16];
        for (int i = 0; i < x.length; i++) {
            x[i] = -87.2f * i / x.length;
        }
        float[] found = exp(x);
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(x[i]);
            double error = Math.abs(found[i] - expected) / Math.ulp((float) expected);
            assertThat(error).as("exp(%s)", x[i]).isLessThan(2);
        }
    }

    @Test
    void everyStepIsThatOfPlainJava() {
        float[] x = new float[100_003];
        for (int i = 0; i < x.length; i++) {
            x[i] = -95f * i / x.length;
        }
        float[] found = exp(x);
        for (int i = 0; i < x.length; i++) {
            assertThat(found[i]).as("exp(%s)", x[i]).isEqualTo(PlainExp.exp(x[i]));
        }
    }

    @Test
    void zeroGivesOneAndFarBelowNothingMuch() {
        float[] found = exp(0, -0f, -100, Float.NEGATIVE_INFINITY);
        assertThat(found[0]).isEqualTo(1);
        assertThat(found[1]).isEqualTo(1);
        assertThat(found[2]).isBetween(0f, 2e-38f);
        assertThat(found[3]).isBetween(0f, 2e-38f);
    }

    @Test
    void aNanStaysOne() {
        float[] x = new float[64];
        x[5] = Float.NaN;
        float[] found = exp(x);
        for (int i = 0; i < x.length; i++) {
            assertThat(Float.isNaN(found[i])).as("element %d", i).isEqualTo(i == 5);
        }
    }
}
