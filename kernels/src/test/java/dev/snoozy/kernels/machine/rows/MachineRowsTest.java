package dev.snoozy.kernels.machine.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.MachineKernels;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.Activations8;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Plain8;
import dev.snoozy.kernels.machine.packing.PlainRounding;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;

/** What machine code does to rows, against the scalar kernels. */
@ParameterizedClass
@EnumSource(Isa.class)
class MachineRowsTest {
    private final Isa isa;
    private final Random random = new Random(5);
    private Kernels machine;
    private Kernels scalar;

    MachineRowsTest(Isa isa) {
        this.isa = isa;
    }

    @BeforeEach
    void create() {
        String obstacle = isa.obstacle();
        assumeTrue(obstacle == null, () -> "no " + isa + " here: " + obstacle);
        machine = new MachineKernels(isa, new ThreadTeam(3), Precision.EIGHT_BIT, "");
        scalar = new ScalarKernels(new ThreadTeam(2));
    }

    @AfterEach
    void close() {
        if (machine != null) {
            machine.close();
            scalar.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 15", "1, 16", "2, 17", "3, 2048", "40, 1000", "70, 512"})
    void sumsAndFactorsAreEqualToTheScalarOnes(int rows, int columns) {
        float[] a = values(rows * columns);
        float[] b = values(rows * columns);
        float[] factors = values(rows);
        compare(rows, columns, (k, x) -> k.add(x, k.upload(b, rows, columns)), a);
        compare(rows, columns, (k, x) -> k.scale(x, 0.37f), a);
        compare(rows, columns, (k, x) -> k.scaleRows(x, factors), a);
        compare(rows, columns, (k, x) -> k.rows(x, new int[] {rows - 1, 0, rows / 2}), a);
        compare(
                rows,
                columns,
                (k, x) -> k.columns(x, columns / 3, columns / 2 + 1 - columns / 3),
                a);
    }

    @ParameterizedTest
    @CsvSource({
        // rows, columns, columns of a group
        "1, 16, 16",
        "1, 2048, 2048",
        "5, 17, 17",
        "3, 31, 31",
        "300, 100, 100",
        "7, 512, 64",
        "4, 240, 80",
        "2, 8, 8",
        "3, 40, 20",
        "260, 256, 128"
    })
    void normsAreEqualToTheScalarOnes(int rows, int columns, int group) {
        float[] x = values(rows * columns);
        x[0] = 3e18f;
        float[] w = values(group);
        compare(rows, columns, (k, t) -> k.rmsNorm(t, vector(k, w), 1e-5f), x);
        if (group == columns) {
            float[] b = values(columns);
            compare(rows, columns, (k, t) -> k.layerNorm(t, vector(k, w), null, 1e-5f), x);
            compare(rows, columns, (k, t) -> k.layerNorm(t, vector(k, w), vector(k, b), 1e-6f), x);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // rows, heads, head length, pairs
        "1, 1, 64, 32",
        "5, 3, 64, 32",
        "70, 32, 64, 32",
        "3, 2, 128, 64",
        "3, 2, 128, 32",
        "4, 2, 80, 40",
        "4, 2, 96, 48",
        "2, 3, 10, 5",
        "2, 1, 256, 128"
    })
    void rotationsAreEqualToTheScalarOnes(int rows, int heads, int headLength, int pairs) {
        float[] x = values(rows * heads * headLength);
        float[] frequencies = new float[pairs];
        for (int i = 0; i < pairs; i++) {
            frequencies[i] = (float) Math.pow(10_000, -i / (double) pairs);
        }
        int[] positions = random.ints(rows, 0, 100_000).toArray();
        for (Rope.Pairing pairing : Rope.Pairing.values()) {
            for (float magnitude : new float[] {1, 1.3f}) {
                Rope rope = new Rope(pairing, frequencies, magnitude);
                compare(
                        rows,
                        heads * headLength,
                        (k, t) -> k.rope(t, headLength, rope, positions),
                        x);
            }
        }
    }

    @Test
    void softcapsAndActivationsAreNearTheScalarOnes() {
        int columns = 4100;
        float[] x = values(2 * columns);
        float[] special = {0, -0f, 90, -90, 1e4f, -1e4f, 1e-30f, Float.NaN, 88, -88, 30, -30};
        System.arraycopy(special, 0, x, 5, special.length);
        near(2, columns, (k, t) -> k.softcap(t, 30), x, 1e-5f);
        near(2, columns, (k, t) -> k.softcap(t, 1), x, 3e-7f);
        for (Activation activation : Activation.values()) {
            near(2, columns, (k, t) -> k.activate(activation, t), x, 1e-6f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 11, 12})
    void roundingIsThatOfPlainJava(int tokens) {
        int columns = 32 * 9;
        float[] x = values(tokens * columns);
        x[3] = Float.NaN;
        x[40] = Float.POSITIVE_INFINITY;
        x[70] = Float.NEGATIVE_INFINITY;
        Arrays.fill(x, 96, 128, 0);
        Arrays.fill(x, 128, 160, 1e-39f);
        x[130] = -3e-38f;
        x[170] = Float.MAX_VALUE;
        try (Arena arena = Arena.ofConfined();
                ThreadTeam team = new ThreadTeam(1);
                MachineRows rows = new MachineRows(isa, team);
                NativeBuffers buffers = new NativeBuffers()) {
            NativeRows input = buffers.rows(tokens, columns);
            for (int t = 0; t < tokens; t++) {
                input.write(t, 0, x, t * columns, columns);
            }
            for (Format16 format : Format16.values()) {
                Activations8 kind = Activations8.of(format);
                long bytes = kind.bytes(tokens, columns / 32);
                MemorySegment expected = arena.allocate(bytes, 64);
                MemorySegment found = arena.allocate(bytes, 64);
                PlainRounding.pack(kind, x, 0, columns, tokens, columns / 32, expected, 0);
                rows.prepareRound(kind);
                rows.round(kind, input, 0, tokens, found, 0);
                for (int b = 0; b < columns / 32; b++) {
                    long at = kind.bytes(tokens, b);
                    long codes = Activations8.scalesAt(tokens);
                    assertThat(found.asSlice(at, codes).toArray(ValueLayout.JAVA_BYTE))
                            .as("%s, codes of block %d", format, b)
                            .isEqualTo(expected.asSlice(at, codes).toArray(ValueLayout.JAVA_BYTE));
                    long rest = kind.bytes(tokens, 1) - codes;
                    if (kind.minima()) {
                        assertThat(found.asSlice(at + codes, rest).toArray(ValueLayout.JAVA_FLOAT))
                                .as("%s, numbers of block %d", format, b)
                                .isEqualTo(
                                        expected.asSlice(at + codes, rest)
                                                .toArray(ValueLayout.JAVA_FLOAT));
                    }
                    long sums = Activations8.sumsAt(tokens, 0) - codes;
                    assertThat(found.asSlice(at + codes, sums).toArray(ValueLayout.JAVA_FLOAT))
                            .as("%s, scales of block %d", format, b)
                            .isEqualTo(
                                    expected.asSlice(at + codes, sums)
                                            .toArray(ValueLayout.JAVA_FLOAT));
                    if (!kind.minima()) {
                        assertThat(
                                        found.asSlice(at + codes + sums, rest - sums)
                                                .toArray(ValueLayout.JAVA_INT))
                                .as("%s, sums of block %d", format, b)
                                .isEqualTo(
                                        expected.asSlice(at + codes + sums, rest - sums)
                                                .toArray(ValueLayout.JAVA_INT));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Format16.class,
            names = {"Q4_0", "Q4_K", "Q6_K", "IQ2_XS", "IQ3_S", "TQ2_0"})
    void expertsDoNotDependOnTheRowsBesideThem(Format16 format) {
        int experts = 5;
        int n = 256;
        int rows = 21;
        Tensor[] weights = new Tensor[3];
        Tensor[] exact = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            MemorySegment blocks = Plain8.random(format, experts * n, n, random).blocks();
            weights[i] = machine.weight(format.type(), new long[] {experts, n, n}, blocks);
            exact[i] = scalar.weight(format.type(), new long[] {experts, n, n}, blocks);
        }
        float[] x = values(rows * n);
        float[] scores = values(rows * experts);
        float[][] all = experts(machine, weights, x, scores, rows, rows, n, experts);
        for (int batch : new int[] {1, 2, 13}) {
            assertThat(experts(machine, weights, x, scores, rows, batch, n, experts))
                    .as("batches of %d", batch)
                    .isDeepEqualTo(all);
        }
        float[][] expected = experts(scalar, exact, x, scores, rows, rows, n, experts);
        for (int t = 0; t < rows; t++) {
            double noise = 0;
            double size = 0;
            for (int i = 0; i < n; i++) {
                noise += Math.pow(all[t][i] - expected[t][i], 2);
                size += Math.pow(expected[t][i], 2);
            }
            assertThat(Math.sqrt(noise / size)).isCloseTo(0, within(0.03));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Format16.class,
            names = {"Q4_0", "Q4_K", "Q6_K", "MXFP4"})
    void aRowGoesThroughTheMatrixOfItsOwnExpert(Format16 format) {
        int experts = 4;
        int n = 256;
        int rows = 11;
        MemorySegment blocks = Plain8.random(format, experts * n, n, random).blocks();
        Tensor all = machine.weight(format.type(), new long[] {experts, n, n}, blocks);
        int[] chosen = new int[rows];
        Arrays.setAll(chosen, t -> t * 7 % 3); // and nobody the last
        float[] x = values(rows * n);
        Tensor y = machine.expertLinear(machine.upload(x, rows, n), chosen, all);
        long bytes = blocks.byteSize() / experts;
        float[] found = new float[n];
        float[] expected = new float[n];
        for (int t = 0; t < rows; t++) {
            MemorySegment own = blocks.asSlice(chosen[t] * bytes, bytes);
            Tensor weight = machine.weight(format.type(), new long[] {n, n}, own);
            Tensor row = machine.upload(Arrays.copyOfRange(x, t * n, (t + 1) * n), 1, n);
            machine.download(machine.linear(row, weight, null), 0, expected);
            machine.download(y, t, found);
            assertThat(found).as("row %d", t).isEqualTo(expected);
        }
    }

    private static float[][] experts(
            Kernels k,
            Tensor[] w,
            float[] x,
            float[] scores,
            int rows,
            int batch,
            int n,
            int experts) {
        float[][] y = new float[rows][n];
        for (int from = 0; from < rows; from += batch) {
            int count = Math.min(batch, rows - from);
            float[] some = Arrays.copyOfRange(x, from * n, (from + count) * n);
            float[] its = Arrays.copyOfRange(scores, from * experts, (from + count) * experts);
            Tensor result =
                    k.experts(
                            k.upload(some, count, n),
                            k.upload(its, count, experts),
                            new RouterSpec(2, true),
                            w[0],
                            w[1],
                            w[2],
                            Activation.SILU);
            for (int t = 0; t < count; t++) {
                k.download(result, t, y[from + t]);
            }
            k.recycle();
        }
        return y;
    }

    @Test
    void whatIsKeptSurvivesRecycling() {
        float[] x = values(2 * 40);
        Tensor kept = machine.scale(machine.upload(x, 2, 40), 2);
        machine.recycle(kept);
        for (int i = 0; i < 10; i++) {
            machine.upload(new float[2 * 40], 2, 40);
        }
        float[] row = new float[40];
        machine.download(kept, 1, row);
        for (int i = 0; i < 40; i++) {
            assertThat(row[i]).isEqualTo(2 * x[40 + i]);
        }
    }

    // ---- comparing

    private void compare(
            int rows, int columns, BiFunction<Kernels, Tensor, Tensor> operation, float[] x) {
        assertThat(results(machine, rows, columns, operation, x))
                .isDeepEqualTo(results(scalar, rows, columns, operation, x));
    }

    private void near(
            int rows,
            int columns,
            BiFunction<Kernels, Tensor, Tensor> operation,
            float[] x,
            float bound) {
        float[][] found = results(machine, rows, columns, operation, x);
        float[][] expected = results(scalar, rows, columns, operation, x);
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < columns; i++) {
                float e = expected[t][i];
                if (Float.isNaN(e)) {
                    assertThat(found[t][i]).isNaN();
                } else {
                    assertThat(found[t][i])
                            .as("of %s", x[t * columns + i])
                            .isCloseTo(e, within(bound * Math.max(1, Math.abs(e))));
                }
            }
        }
    }

    private static float[][] results(
            Kernels k,
            int rows,
            int columns,
            BiFunction<Kernels, Tensor, Tensor> operation,
            float[] x) {
        Tensor y = operation.apply(k, k.upload(x, rows, columns));
        float[][] found = new float[y.rows()][y.columns()];
        for (int t = 0; t < found.length; t++) {
            k.download(y, t, found[t]);
        }
        k.recycle();
        return found;
    }

    private static Tensor vector(Kernels k, float[] values) {
        MemorySegment floats = MemorySegment.ofArray(new byte[4 * values.length]);
        for (int i = 0; i < values.length; i++) {
            floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, values[i]);
        }
        return k.weight(TensorType.F32, new long[] {values.length}, floats);
    }

    private float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
