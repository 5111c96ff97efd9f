package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.function.BiFunction;

/** What is done to rows, against the scalar kernels: with their bits wherever there is no exp. */
@EnabledIf("dev.snoozy.kernels.vector.Widths#areThere")
class RowWorkTest {
    private static final float[] SPECIAL = {
        0,
        -0f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        Float.MIN_VALUE
    };

    private final Numbers numbers = new Numbers(6);
    private final Kernels fast = new VectorKernels(new ThreadTeam(2), "");
    private final Kernels scalar = new ScalarKernels(new ThreadTeam(2));

    @AfterEach
    void close() {
        fast.close();
        scalar.close();
    }

    private void assertSame(BiFunction<Kernels, float[], Tensor> operation, float[] x) {
        float[][] expected = Numbers.rows(scalar, operation.apply(scalar, x));
        Numbers.assertSameBits(Numbers.rows(fast, operation.apply(fast, x)), expected, "rows");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 15, 16, 17, 31, 33, 100, 20_001})
    void arithmeticHasTheBitsOfTheScalarKernelsForEveryLength(int n) {
        float[] x = numbers.floats(3 * n);
        x[n / 2] = SPECIAL[n % SPECIAL.length];
        float[] other = numbers.floats(3 * n);
        assertSame((k, v) -> k.add(k.upload(v, 3, n), k.upload(other, 3, n)), x);
        assertSame((k, v) -> k.scale(k.upload(v, 3, n), 1.7f), x);
        assertSame((k, v) -> k.scaleRows(k.upload(v, 3, n), new float[] {2, -0.3f, 0}), x);
        assertSame((k, v) -> k.softcap(k.upload(v, 3, n), 5), x);
        assertSame((k, v) -> k.columns(k.upload(v, 3, n), n / 3, n - n / 3), x);
        assertSame((k, v) -> k.rows(k.upload(v, 3, n), new int[] {2, 0}), x);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 15, 16, 17, 33, 63, 64, 129, 1001})
    void normsHaveTheBitsOfTheScalarKernelsForEveryLength(int n) {
        float[] w = numbers.floats(n);
        float[] b = numbers.floats(n);
        float[] x = numbers.floats(12 * n);
        x[5 * n] = Float.NaN;
        x[8 * n] = Float.POSITIVE_INFINITY;
        assertSame((k, v) -> k.rmsNorm(k.upload(v, 4, 3 * n), Numbers.weight(k, w, n), 1e-5f), x);
        assertSame(
                (k, v) -> k.layerNorm(k.upload(v, 12, n), Numbers.weight(k, w, n), null, 1e-5f), x);
        assertSame(
                (k, v) ->
                        k.layerNorm(
                                k.upload(v, 12, n),
                                Numbers.weight(k, w, n),
                                Numbers.weight(k, b, n),
                                1e-5f),
                x);
    }

    @Test
    void largeInputsAreSharedAmongThreadsWithoutAChange() {
        int n = 1100;
        float[] w = numbers.floats(n);
        float[] x = numbers.floats(70 * n);
        assertSame((k, v) -> k.rmsNorm(k.upload(v, 70, n), Numbers.weight(k, w, n), 1e-6f), x);
        assertSame((k, v) -> k.add(k.upload(v, 70, n), k.upload(v, 70, n)), x);
    }

    @ParameterizedTest
    @EnumSource(Rope.Pairing.class)
    void positionsTurnAsInTheScalarKernels(Rope.Pairing pairing) {
        int[] positions = {0, 1, 17, 4000};
        for (int pairs : new int[] {1, 2, 3, 4, 7, 8, 16, 21, 64}) {
            for (int rest : new int[] {0, 1, 6}) {
                int length = 2 * pairs + rest;
                float[] x = numbers.floats(positions.length * 3 * length);
                x[length] = Float.NaN;
                x[2 * length] = Float.POSITIVE_INFINITY;
                Rope rope = new Rope(pairing, numbers.floats(pairs), 1.3f);
                assertSame(
                        (k, v) ->
                                k.rope(
                                        k.upload(v, positions.length, 3 * length),
                                        length,
                                        rope,
                                        positions),
                        x);
            }
        }
    }

    @Test
    void anglesAreForgottenWithTheBatch() {
        Rope rope = new Rope(Rope.Pairing.HALVES, new float[] {1}, 1);
        int[] positions = {1};
        float[] x = {1, 2};
        fast.rope(fast.upload(x, 1, 2), 2, rope, positions);
        fast.recycle();
        positions[0] = 3;
        assertSame((k, v) -> k.rope(k.upload(v, 1, 2), 2, rope, positions), x);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void gatesAreNearTheScalarOnesForEveryLength(Activation activation) {
        for (int n : new int[] {1, 7, 16, 33, 2048, 2049, 5000}) {
            float[] gate = numbers.floats(2 * n);
            float[] up = numbers.floats(2 * n);
            float[] special = {0, -0f, 90, -90, 1e4f, -1e4f, 1e-30f, Float.NaN, 88, -88, 30, -30};
            System.arraycopy(special, 0, gate, 0, Math.min(gate.length, special.length));
            float[] ones = new float[2 * n];
            Arrays.fill(ones, 1);
            float[][] expected = Numbers.rows(scalar, gated(scalar, activation, gate, up));
            assertNear(gate, up, Numbers.rows(fast, gated(fast, activation, gate, up)), expected);
            expected = Numbers.rows(scalar, scalar.activate(activation, scalar.upload(gate, 2, n)));
            float[][] found =
                    Numbers.rows(fast, fast.activate(activation, fast.upload(gate, 2, n)));
            assertNear(gate, ones, found, expected);
        }
    }

    private static Tensor gated(Kernels kernels, Activation activation, float[] gate, float[] up) {
        int n = gate.length / 2;
        return kernels.gated(activation, kernels.upload(gate, 2, n), kernels.upload(up, 2, n));
    }

    /** Near 0 the scalar GELU is the rounder one: it adds 1 to a tanh of almost -1. */
    private static void assertNear(float[] x, float[] up, float[][] found, float[][] expected) {
        for (int r = 0; r < found.length; r++) {
            for (int i = 0; i < found[r].length; i++) {
                int at = r * found[r].length + i;
                float wanted = expected[r][i];
                float bound = 4e-7f * Math.abs(wanted) + 1e-7f * Math.abs(x[at] * up[at]);
                if (Float.isNaN(wanted)) {
                    assertThat(found[r][i]).isNaN();
                } else {
                    assertThat(found[r][i]).as("of %s", x[at]).isCloseTo(wanted, within(bound));
                }
            }
        }
    }

    @Test
    void theExponentialIsWithinTwoUnitsInTheLastPlace() {
        int count = 1 << 16;
        float[] x = new float[count];
        float[] y = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = 87.2f - 174.4f * i / count;
            y[i] = x[i];
        }
        Exp.replace(y, 0, count);
        for (int i = 0; i < count; i++) {
            double expected = Math.exp(x[i]);
            double error = Math.abs(y[i] - expected) / Math.ulp((float) expected);
            assertThat(error).as("exp(%s)", x[i]).isLessThan(2);
        }
    }

    @Test
    void theExponentialOfZeroIsOneAndOfNanNan() {
        float[] x = new float[16];
        x[1] = -0f;
        x[2] = -100;
        x[3] = Float.NEGATIVE_INFINITY;
        x[4] = Float.NaN;
        Exp.replace(x, 0, 16);
        assertThat(x[0]).isEqualTo(1);
        assertThat(x[1]).isEqualTo(1);
        assertThat(x[2]).isBetween(0f, 2e-38f);
        assertThat(x[3]).isBetween(0f, 2e-38f);
        assertThat(x[4]).isNaN();
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Tensor x = fast.upload(numbers.floats(6), 2, 3);
        assertThatThrownBy(
                        () -> fast.linear(x, Numbers.weight(fast, numbers.floats(8), 2, 4), null))
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("[2, 4]");
        assertThatThrownBy(() -> fast.add(x, fast.upload(numbers.floats(2), 1, 2)))
                .hasMessageContaining("[1, 2]");
    }

    @Test
    void inputsAreLeftAlone() {
        float[] x = numbers.floats(64);
        Tensor input = fast.upload(x, 2, 32);
        fast.scale(input, 3);
        fast.add(input, input);
        fast.activate(Activation.GELU_TANH, input);
        fast.gated(Activation.SILU, input, input);
        fast.rope(input, 4, new Rope(Rope.Pairing.HALVES, new float[] {1, 2}, 1), new int[2]);
        fast.linear(input, Numbers.weight(fast, numbers.floats(320), 10, 32), null);
        float[] found = new float[32];
        for (int r = 0; r < 2; r++) {
            fast.download(input, r, found);
            assertThat(found).containsExactly(Arrays.copyOfRange(x, 32 * r, 32 * r + 32));
        }
    }
}
