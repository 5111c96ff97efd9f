package dev.snoozy.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.Plain8;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The operations with machine code in them, against the scalar ones. */
@ParameterizedClass
@EnumSource(Isa.class)
class MachineKernelsTest {
    private final Isa isa;
    private final Random random = new Random(11);
    private Kernels machine;
    private Kernels scalar;

    MachineKernelsTest(Isa isa) {
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
    @CsvSource({
        // heads, kvHeads, keyLength, valueLength, positions, window, softcap
        "4, 4, 16, 16, 70, 0, 0",
        "8, 2, 64, 64, 200, 0, 0",
        "6, 1, 80, 80, 130, 0, 0",
        "5, 5, 7, 5, 65, 0, 0",
        "9, 3, 24, 40, 129, 33, 0",
        "4, 1, 128, 128, 190, 64, 30",
        "10, 2, 256, 256, 100, 7, 50",
        "2, 1, 96, 48, 64, 0, 0",
    })
    void attentionIsNearTheScalarOneAndTheSameInBatchesOfAnySize(
            int heads,
            int kvHeads,
            int keyLength,
            int valueLength,
            int positions,
            int window,
            float softcap) {
        AttentionSpec spec = new AttentionSpec(heads, kvHeads, 0.3f, softcap);
        float[] q = values(positions * heads * keyLength);
        float[] k = values(positions * kvHeads * keyLength);
        float[] v = values(positions * kvHeads * valueLength);
        float[][] exact =
                attention(
                        scalar,
                        spec,
                        positions,
                        q,
                        k,
                        v,
                        positions,
                        window,
                        keyLength,
                        valueLength);
        float[][] found =
                attention(
                        machine,
                        spec,
                        positions,
                        q,
                        k,
                        v,
                        positions,
                        window,
                        keyLength,
                        valueLength);
        for (int r = 0; r < positions; r++) {
            assertThat(found[r]).as("row %d", r).containsExactly(exact[r], within(2e-6f));
        }
        for (int batch : new int[] {17, 1}) {
            float[][] again =
                    attention(
                            machine,
                            spec,
                            batch,
                            q,
                            k,
                            v,
                            positions,
                            window,
                            keyLength,
                            valueLength);
            assertThat(again).as("batches of %d", batch).isDeepEqualTo(found);
        }
    }

    private static float[][] attention(
            Kernels kernels,
            AttentionSpec spec,
            int batch,
            float[] q,
            float[] k,
            float[] v,
            int positions,
            int window,
            int keyLength,
            int valueLength) {
        int heads = spec.heads();
        int kvHeads = spec.kvHeads();
        float[][] found = new float[positions][heads * valueLength];
        try (KvPages pages = kernels.kvPages(kvHeads, keyLength, valueLength, CacheType.F32)) {
            pages.reserve(8);
            for (int from = 0; from < positions; from += batch) {
                int n = Math.min(batch, positions - from);
                Tensor y =
                        kernels.attention(
                                part(kernels, q, from, n, heads * keyLength),
                                part(kernels, k, from, n, kvHeads * keyLength),
                                part(kernels, v, from, n, kvHeads * valueLength),
                                pages,
                                rows(from, n, window),
                                spec);
                for (int r = 0; r < n; r++) {
                    kernels.download(y, r, found[from + r]);
                }
                kernels.recycle();
            }
        }
        return found;
    }

    private static KvRows rows(int from, int count, int window) {
        int[] table = {5, 2, 0, 7};
        int[][] tables = new int[count][];
        int[] positions = new int[count];
        int[] first = new int[count];
        Arrays.fill(tables, table);
        for (int r = 0; r < count; r++) {
            positions[r] = from + r;
            first[r] = window == 0 ? 0 : Math.max(0, from + r - window + 1);
        }
        return new KvRows(tables, positions, first, positions);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void gatesAreNearTheScalarOnes(Activation activation) {
        int columns = 4099;
        float[] gate = values(2 * columns);
        float[] up = values(2 * columns);
        float[] special = {0, -0f, 90, -90, 1e4f, -1e4f, 1e-30f, Float.NaN, 88, -88, 30, -30};
        System.arraycopy(special, 0, gate, 5, special.length);
        float[][] found = gated(machine, activation, gate, up, columns);
        float[][] expected = gated(scalar, activation, gate, up, columns);
        for (int r = 0; r < 2; r++) {
            for (int i = 0; i < columns; i++) {
                float size = Math.abs(expected[r][i]);
                if (Float.isNaN(size)) {
                    assertThat(found[r][i]).isNaN();
                } else {
                    assertThat(found[r][i])
                            .as("%s of %s", activation, gate[r * columns + i])
                            .isCloseTo(expected[r][i], within(4e-7f * size + 1e-7f));
                }
            }
        }
    }

    private static float[][] gated(
            Kernels kernels, Activation activation, float[] gate, float[] up, int columns) {
        Tensor y =
                kernels.gated(
                        activation,
                        kernels.upload(gate, 2, columns),
                        kernels.upload(up, 2, columns));
        float[][] rows = new float[2][columns];
        kernels.download(y, 0, rows[0]);
        kernels.download(y, 1, rows[1]);
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Format16.class)
    void productsAreNearTheExactOnesAndTheSameForAnyNumberOfTokens(Format16 format) {
        int out = 150;
        int in = 1024;
        int tokens = 40;
        Plain8 plain = Plain8.random(format, out, in, random);
        long[] shape = {out, in};
        Tensor fast = machine.weight(format.type(), shape, plain.blocks());
        Tensor exact = scalar.weight(format.type(), shape, plain.blocks());
        float[] bias = values(out);
        float[] x = values(tokens * in);
        float[][] found = linear(machine, fast, x, in, tokens, tokens, bias, out);
        for (int batch : new int[] {1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25}) {
            assertThat(linear(machine, fast, x, in, tokens, batch, bias, out))
                    .as("batches of %d", batch)
                    .isDeepEqualTo(found);
        }
        try (Kernels other =
                new MachineKernels(Isa.AVX2, new ThreadTeam(1), Precision.EIGHT_BIT, "")) {
            Tensor weight = other.weight(format.type(), shape, plain.blocks());
            assertThat(linear(other, weight, x, in, tokens, tokens, bias, out))
                    .as("another path with one thread")
                    .isDeepEqualTo(found);
        }
        float[][] expected = linear(scalar, exact, x, in, tokens, tokens, bias, out);
        for (int t = 0; t < tokens; t++) {
            double noise = 0;
            double size = 0;
            for (int r = 0; r < out; r++) {
                noise += Math.pow(found[t][r] - expected[t][r], 2);
                size += Math.pow(expected[t][r], 2);
            }
            // Activations of 8 bit: about 1/127/sqrt(12) of their largest, 0.6 % of their size.
            assertThat(Math.sqrt(noise / size)).isCloseTo(0, within(0.012));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 1, 1",
        "F32, 16, 8",
        "F32, 17, 7",
        "F32, 150, 1001",
        "F16, 33, 40",
        "F16, 130, 999",
        "BF16, 15, 9",
        "BF16, 200, 512"
    })
    void productsWithFloatsAreEqualToPlainJavaBitForBit(TensorType type, int out, int in) {
        int tokens = 53;
        MemorySegment rows = MemorySegment.ofArray(new byte[(int) type.bytes((long) out * in)]);
        for (long i = 0; i < (long) out * in; i++) {
            float value = (float) random.nextGaussian();
            switch (type) {
                case F32 -> rows.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
                case F16 ->
                        rows.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED,
                                2 * i,
                                Float.floatToFloat16(value));
                default ->
                        rows.set(
                                ValueLayout.JAVA_SHORT_UNALIGNED,
                                2 * i,
                                (short) (Float.floatToRawIntBits(value) >> 16));
            }
        }
        long[] shape = {out, in};
        float[] bias = values(out);
        float[] x = values(tokens * in);
        Tensor exact = scalar.weight(type, shape, rows);
        Tensor fast = machine.weight(type, shape, rows);
        boolean pairs = type == TensorType.BF16 && in % 2 == 0 && isa.multipliesPairs();
        float[][] expected =
                pairs
                        ? inPairs(rows, x, in, tokens, bias, out)
                        : linear(scalar, exact, x, in, tokens, tokens, bias, out);
        for (int batch : new int[] {tokens, 1, 2, 5, 6, 7, 23, 24, 25}) {
            assertThat(linear(machine, fast, x, in, tokens, batch, bias, out))
                    .as("batches of %d", batch)
                    .isDeepEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 8", "33, 40", "130, 998"})
    void roundedF16IsMultipliedAsBf16BitForBit(int out, int in) {
        assumeTrue(isa.multipliesPairs(), "no products of BF16 here");
        int tokens = 27;
        MemorySegment halves = MemorySegment.ofArray(new byte[2 * out * in]);
        MemorySegment rounded = MemorySegment.ofArray(new byte[2 * out * in]);
        for (long i = 0; i < (long) out * in; i++) {
            short half = Float.floatToFloat16((float) random.nextGaussian());
            halves.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, half);
            int bits = Float.floatToRawIntBits(toBf16(Float.float16ToFloat(half)));
            rounded.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) (bits >> 16));
        }
        float[] bias = values(out);
        float[] x = values(tokens * in);
        float[][] expected = inPairs(rounded, x, in, tokens, bias, out);
        ThreadTeam team = new ThreadTeam(2);
        try (Kernels fast = new MachineKernels(isa, team, Precision.ROUNDED_F16, "")) {
            Tensor weight = fast.weight(TensorType.F16, new long[] {out, in}, halves);
            for (int batch : new int[] {tokens, 1, 6, 24}) {
                assertThat(linear(fast, weight, x, in, tokens, batch, bias, out))
                        .as("batches of %d", batch)
                        .isDeepEqualTo(expected);
            }
            fast.leaveMapped(List.of(weight), "as asked for");
            assertThat(linear(fast, weight, x, in, tokens, 5, bias, out)).isDeepEqualTo(expected);
        }
    }

    /** Products of BF16 with activations rounded to BF16, two at a time, the odd one first. */
    private static float[][] inPairs(
            MemorySegment rows, float[] x, int in, int tokens, float[] bias, int out) {
        float[][] y = new float[tokens][out];
        for (int t = 0; t < tokens; t++) {
            for (int r = 0; r < out; r++) {
                float acc = 0;
                for (int k = 0; k < in; k++) {
                    int other = k ^ 1;
                    long at = 2L * (r * in + other);
                    short half = rows.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
                    float w = Float.intBitsToFloat(half << 16);
                    acc = Math.fma(w, toBf16(x[t * in + other]), acc);
                }
                y[t][r] = acc + bias[r];
            }
        }
        return y;
    }

    private static float toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF_0000);
    }

    private static float[][] linear(
            Kernels kernels,
            Tensor weight,
            float[] x,
            int in,
            int tokens,
            int batch,
            float[] bias,
            int out) {
        MemorySegment floats = MemorySegment.ofArray(new byte[4 * out]);
        for (int r = 0; r < out; r++) {
            floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * r, bias[r]);
        }
        Tensor added = kernels.weight(TensorType.F32, new long[] {out}, floats);
        float[][] y = new float[tokens][out];
        for (int from = 0; from < tokens; from += batch) {
            int n = Math.min(batch, tokens - from);
            Tensor result = kernels.linear(part(kernels, x, from, n, in), weight, added);
            for (int r = 0; r < n; r++) {
                kernels.download(result, r, y[from + r]);
            }
            kernels.recycle();
        }
        return y;
    }

    private static Tensor part(Kernels kernels, float[] all, int from, int rows, int columns) {
        float[] some = Arrays.copyOfRange(all, from * columns, (from + rows) * columns);
        return kernels.upload(some, rows, columns);
    }

    private float[] values(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
