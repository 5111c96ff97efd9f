package dev.snoozy.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.x86.Abi;
import dev.snoozy.kernels.x86.Assembler;
import dev.snoozy.kernels.x86.Gpr;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class Exp512Test {
    /** A kernel over a block of three addresses: constants, arguments and results. */
    private static float[] exp(Isa isa, float[] x) {
        assumeTrue(isa.missing().isEmpty(), () -> "the processor has no " + isa.missing());
        Assembler a = new Assembler();
        Abi.enter(a);
        a.mov(Gpr.RAX, Abi.PARAMETERS.at(0));
        a.mov(Gpr.RDX, Abi.PARAMETERS.at(8));
        a.mov(Gpr.R8, Abi.PARAMETERS.at(16));
        a.load(isa.vec(0), Gpr.RDX.at(0));
        Exp512.write(isa, a, Gpr.RAX, isa.vec(0), isa.vec(1), isa.vec(2), isa.vec(3));
        a.store(Gpr.R8.at(0), isa.vec(2));
        Abi.leave(a);
        float[] y = new float[x.length];
        try (Arena arena = Arena.ofConfined()) {
            var kernel = NativeCalls.kernel(CodeBuffer.install(a.code(), arena));
            ParameterBlock parameters = new ParameterBlock(24, arena);
            MemorySegment constants =
                    arena.allocateFrom(ValueLayout.JAVA_FLOAT, Exp512.constants());
            MemorySegment in = arena.allocate(64, 64);
            MemorySegment out = arena.allocate(64, 64);
            parameters.set(0, constants.address());
            parameters.set(8, in.address());
            parameters.set(16, out.address());
            for (int from = 0; from < x.length; from += isa.lanes()) {
                MemorySegment.copy(x, from, in, ValueLayout.JAVA_FLOAT, 0, isa.lanes());
                parameters.call(kernel);
                MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, y, from, isa.lanes());
            }
        }
        return y;
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void isWithinTwoUnitsInTheLastPlace(Isa isa) {
        float[] x = new float[1 << 16];
        for (int i = 0; i < x.length; i++) {
            x[i] = -87.2f * i / x.length;
        }
        float[] found = exp(isa, x);
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(x[i]);
            double error = Math.abs(found[i] - expected) / Math.ulp((float) expected);
            assertThat(error).as("exp(%s)", x[i]).isLessThan(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void zeroGivesOneAndFarBelowNothingMuch(Isa isa) {
        float[] x = new float[16];
        x[1] = -0f;
        x[2] = -100;
        x[3] = Float.NEGATIVE_INFINITY;
        float[] found = exp(isa, x);
        assertThat(found[0]).isEqualTo(1);
        assertThat(found[1]).isEqualTo(1);
        assertThat(found[2]).isBetween(0f, 2e-38f);
        assertThat(found[3]).isBetween(0f, 2e-38f);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aNanStaysOne(Isa isa) {
        float[] x = new float[16];
        x[5] = Float.NaN;
        float[] found = exp(isa, x);
        for (int i = 0; i < x.length; i++) {
            assertThat(Float.isNaN(found[i])).as("element %d", i).isEqualTo(i == 5);
        }
    }
}
