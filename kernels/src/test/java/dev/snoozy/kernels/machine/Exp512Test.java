package dev.snoozy.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.machine.Cpu.Feature;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class Exp512Test {
    private static final int TILE = 64;

    /** The kernel, 64 arguments at a time. */
    private static float[] exp(float[] x) {
        assumeTrue(Cpu.features().contains(Feature.AVX512F), "no AVX-512 here");
        float[] y = new float[x.length];
        try (Arena arena = Arena.ofConfined()) {
            AttentionKernels.Call call = new AttentionKernels(arena).new Call(arena);
            MemorySegment scores = arena.allocate(4L * TILE, 64);
            MemorySegment max = arena.allocate(4, 64);
            MemorySegment sums = arena.allocate(64, 64);
            for (int from = 0; from < x.length; from += TILE) {
                MemorySegment.copy(x, from, scores, ValueLayout.JAVA_FLOAT, 0, TILE);
                call.weights(1, scores, max, sums);
                MemorySegment.copy(scores, ValueLayout.JAVA_FLOAT, 0, y, from, TILE);
                for (int lane = 0; lane < 16; lane++) {
                    float expected = 0;
                    for (int i = lane; i < TILE; i += 16) {
                        expected += y[from + i];
                    }
                    assertThat(sums.getAtIndex(ValueLayout.JAVA_FLOAT, lane)).isEqualTo(expected);
                }
            }
        }
        return y;
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
    void zeroGivesOneAndFarBelowNothingMuch() {
        float[] x = new float[TILE];
        x[1] = -0f;
        x[2] = -100;
        x[3] = Float.NEGATIVE_INFINITY;
        float[] found = exp(x);
        assertThat(found[0]).isEqualTo(1);
        assertThat(found[1]).isEqualTo(1);
        assertThat(found[2]).isBetween(0f, 2e-38f);
        assertThat(found[3]).isBetween(0f, 2e-38f);
    }

    @Test
    void aNanStaysOne() {
        float[] x = new float[TILE];
        x[5] = Float.NaN;
        assertThatOnlyElementFiveIsNan(x);
    }

    private static void assertThatOnlyElementFiveIsNan(float[] x) {
        try (Arena arena = Arena.ofConfined()) {
            assumeTrue(Cpu.features().contains(Feature.AVX512F), "no AVX-512 here");
            AttentionKernels.Call call = new AttentionKernels(arena).new Call(arena);
            MemorySegment scores = arena.allocate(4L * TILE, 64);
            MemorySegment.copy(x, 0, scores, ValueLayout.JAVA_FLOAT, 0, TILE);
            call.weights(1, scores, arena.allocate(4, 64), arena.allocate(64, 64));
            for (int i = 0; i < TILE; i++) {
                float y = scores.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                assertThat(Float.isNaN(y)).as("element %d", i).isEqualTo(i == 5);
            }
        }
    }
}
