package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** Products with transposed weights against F64, in all shapes that leave something over. */
class LinearBackwardTest {
    private static MemorySegment blocks(TensorType type, int out, int in, Random random) {
        MemorySegment data = Arena.ofAuto().allocate(type.bytes((long) out * in), 64);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
        }
        if (type == TensorType.F32) {
            for (long i = 0; i < (long) out * in; i++) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
        } else { // scales of half precision, by which random codes become small numbers
            for (long i = 0; i < data.byteSize(); i += type.bytesPerBlock()) {
                short scale = Float.floatToFloat16(random.nextFloat() / 64);
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, scale);
            }
        }
        return data;
    }

    private static void check(Kernels kernels, TensorType type, int rows, int out, int in) {
        Random random = new Random(17L * out + in);
        MemorySegment blocks = blocks(type, out, in, random);
        float[] w = new float[out * in];
        BlockCodec.of(type).decode(blocks, 0, w, 0, w.length);
        float[] g = new float[rows * out];
        for (int i = 0; i < g.length; i++) {
            g[i] = (float) random.nextGaussian();
        }
        Tensor weight = kernels.weight(type, new long[] {out, in}, blocks);
        Tensor found = kernels.linearBackward(kernels.upload(g, rows, out), weight);
        assertThat(found.rows()).isEqualTo(rows);
        assertThat(found.columns()).isEqualTo(in);
        float[] row = new float[in];
        for (int t = 0; t < rows; t++) {
            kernels.download(found, t, row);
            for (int k = 0; k < in; k++) {
                double sum = 0;
                double size = 0;
                for (int r = 0; r < out; r++) {
                    double part = (double) g[t * out + r] * w[r * in + k];
                    sum += part;
                    size += Math.abs(part);
                }
                assertThat((double) row[k]).isCloseTo(sum, within(1e-6 * size + 1e-12));
            }
        }
        kernels.recycle();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "Q4_0", "Q8_0"})
    void productsAreThoseOfTheDecodedWeight(TensorType type) {
        for (int threads : new int[] {1, 3}) {
            try (Kernels scalar = Kernels.reference(threads);
                    Kernels fast = Kernels.create(threads, Precision.EIGHT_BIT)) {
                for (Kernels kernels : new Kernels[] {scalar, fast}) {
                    check(kernels, type, 5, 33, 64);
                    check(kernels, type, 1, 1, 32);
                    check(kernels, type, 40, 100, 96);
                    check(kernels, type, 2, Kernels.BACKWARD_RUN + 7, 32);
                }
            }
        }
    }

    @Test
    void rowsNeedNotBeWholeVectors() {
        try (Kernels kernels = Kernels.create(2, Precision.F32)) {
            check(kernels, TensorType.F32, 7, 3, 5);
            check(kernels, TensorType.F32, 3, 17, 19);
        }
    }

    @Test
    void aRowHasTheSameBitsWhateverStandsBesideIt() {
        Random random = new Random(3);
        MemorySegment blocks = blocks(TensorType.Q8_0, 70, 64, random);
        float[] g = new float[20 * 70];
        for (int i = 0; i < g.length; i++) {
            g[i] = (float) random.nextGaussian();
        }
        float[] expected = new float[64];
        float[] found = new float[64];
        try (Kernels one = Kernels.create(1, Precision.F32);
                Kernels three = Kernels.create(3, Precision.F32)) {
            long[] shape = {70, 64};
            Tensor whole =
                    one.linearBackward(
                            one.upload(g, 20, 70), one.weight(TensorType.Q8_0, shape, blocks));
            Tensor weight = three.weight(TensorType.Q8_0, shape, blocks);
            for (int t = 0; t < 20; t++) {
                float[] row = Arrays.copyOfRange(g, t * 70, (t + 1) * 70);
                Tensor alone = three.linearBackward(three.upload(row, 1, 70), weight);
                one.download(whole, t, expected);
                three.download(alone, 0, found);
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    /** More tokens than a tile has, and rows that are longer than what the caches hold at once. */
    @Test
    void sumsThatAreTakenInPartsHaveTheBitsOfTheReference() {
        Random random = new Random(5);
        int tokens = 30;
        int in = 1300;
        int out = 1100;
        MemorySegment blocks = blocks(TensorType.F32, out, in, random);
        float[] x = new float[tokens * in];
        float[] g = new float[tokens * out];
        for (float[] values : new float[][] {x, g}) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
        }
        long[] shape = {out, in};
        try (Kernels scalar = Kernels.reference(1);
                Kernels fast = Kernels.create(3, Precision.F32)) {
            Tensor plain = scalar.weight(TensorType.F32, shape, blocks);
            Tensor weight = fast.weight(TensorType.F32, shape, blocks);
            Tensor expected = scalar.linear(scalar.upload(x, tokens, in), plain, null);
            Tensor found = fast.linear(fast.upload(x, tokens, in), weight, null);
            requireSameBits(scalar, expected, fast, found);
            expected = scalar.linearBackward(scalar.upload(g, tokens, out), plain);
            found = fast.linearBackward(fast.upload(g, tokens, out), weight);
            requireSameBits(scalar, expected, fast, found);
        }
    }

    private static void requireSameBits(Kernels mine, Tensor x, Kernels its, Tensor y) {
        float[] a = new float[x.columns()];
        float[] b = new float[y.columns()];
        for (int t = 0; t < x.rows(); t++) {
            mine.download(x, t, a);
            its.download(y, t, b);
            assertThat(b).isEqualTo(a);
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        try (Kernels kernels = Kernels.create(1, Precision.F32)) {
            Tensor g = kernels.upload(new float[6], 2, 3);
            MemorySegment data = Arena.ofAuto().allocate(4 * 4 * Float.BYTES, 64);
            Tensor weight = kernels.weight(TensorType.F32, new long[] {4, 4}, data);
            assertThatThrownBy(() -> kernels.linearBackward(g, weight))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("linearBackward");
        }
    }

    @Test
    void addedRowsAreThoseThatWereNamedAndNoOthers() {
        try (Kernels kernels = Kernels.create(1, Precision.F32)) {
            Tensor y = kernels.upload(new float[] {1, 2, 3, 4, -0f, 6}, 3, 2);
            Tensor delta = kernels.upload(new float[] {10, 20}, 1, 2);
            Tensor sum = kernels.addRows(y, new int[] {1}, delta);
            float[][] expected = {{1, 2}, {13, 24}, {-0f, 6}};
            float[] row = new float[2];
            for (int t = 0; t < 3; t++) {
                kernels.download(sum, t, row);
                assertThat(row).isEqualTo(expected[t]);
            }
        }
    }
}
