package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Products with weights against the scalar kernels, whose bits they must have. */
@EnabledIf("dev.snoozy.kernels.vector.Widths#areThere")
class ProductsTest {
    private final Numbers numbers = new Numbers(5);
    private final Kernels fast = new VectorKernels(new ThreadTeam(2), "");
    private final Kernels scalar = new ScalarKernels(new ThreadTeam(2));

    @AfterEach
    void close() {
        fast.close();
        scalar.close();
    }

    @ParameterizedTest
    @MethodSource("dev.snoozy.kernels.vector.Numbers#types")
    void everyTypeGivesTheBitsOfTheScalarKernels(TensorType type) {
        int[] lengths =
                switch (type.blockSize()) {
                    case 1 -> new int[] {1, 7, 8, 255, 256, 257, 1001};
                    case 32 -> new int[] {32, 96, 256, 288, 544};
                    default -> new int[] {256, 768};
                };
        for (int in : lengths) {
            for (int out : new int[] {1, 5, Tiles.ROWS, Tiles.ROWS + 3}) {
                check(type, out, in, 9);
                check(type, out, in, 1);
            }
        }
    }

    private void check(TensorType type, int out, int in, int tokens) {
        MemorySegment blocks = numbers.blocks(type, out * in);
        float[] x = numbers.floats(tokens * in);
        float[] bias = numbers.floats(out);
        Numbers.assertSameBits(
                linear(fast, type, blocks, x, tokens, bias),
                linear(scalar, type, blocks, x, tokens, bias),
                "%s [%d, %d], %d tokens".formatted(type, out, in, tokens));
    }

    private static float[][] linear(
            Kernels kernels,
            TensorType type,
            MemorySegment blocks,
            float[] x,
            int tokens,
            float[] bias) {
        int in = x.length / tokens;
        Tensor w = kernels.weight(type, new long[] {bias.length, in}, blocks);
        Tensor b = Numbers.weight(kernels, bias, bias.length);
        float[][] y = Numbers.rows(kernels, kernels.linear(kernels.upload(x, tokens, in), w, b));
        kernels.recycle();
        return y;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "Q4_0", "Q8_0", "Q4_K", "Q3_K"})
    void aRowHasTheSameBitsInBatchesOfAnySizeAndForAnyNumberOfThreads(TensorType type) {
        int tokens = 17;
        int in = 512;
        int out = 150;
        MemorySegment blocks = numbers.blocks(type, out * in);
        float[] x = numbers.floats(tokens * in);
        float[][] expected = linear(scalar, type, blocks, x, tokens, new float[out]);
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new VectorKernels(new ThreadTeam(threads), "")) {
                Tensor w = kernels.weight(type, new long[] {out, in}, blocks);
                for (int batch = 1; batch <= tokens; batch++) {
                    float[][] found = new float[tokens][];
                    for (int from = 0; from < tokens; from += batch) {
                        int n = Math.min(batch, tokens - from);
                        Tensor part = Numbers.part(kernels, x, from, n, in);
                        float[][] y = Numbers.rows(kernels, kernels.linear(part, w, null));
                        System.arraycopy(y, 0, found, from, n);
                        kernels.recycle();
                    }
                    String what = "batches of %d, %d threads".formatted(batch, threads);
                    Numbers.assertSameBits(found, expected, what);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void nanInfinityAndExtremesGoThroughAProduct(int tokens) {
        int in = 64;
        float[] special = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            Float.MIN_VALUE,
            -0f,
            0f
        };
        for (float value : special) {
            float[] x = numbers.floats(tokens * in);
            x[in - 1] = value;
            float[] w = numbers.floats(3 * in);
            w[in] = value;
            MemorySegment blocks = MemorySegment.ofArray(w);
            Numbers.assertSameBits(
                    linear(fast, TensorType.F32, blocks, x, tokens, new float[3]),
                    linear(scalar, TensorType.F32, blocks, x, tokens, new float[3]),
                    String.valueOf(value));
        }
    }

    @Test
    void blocksWithInfiniteScalesGiveWhatTheScalarKernelsGive() {
        float[] x = numbers.floats(4 * 32);
        byte[] block = new byte[34];
        Arrays.fill(block, (byte) 3);
        block[1] = 0x7C; // with the byte before it: an F16 that is no number
        MemorySegment blocks = MemorySegment.ofArray(block);
        Numbers.assertSameBits(
                linear(fast, TensorType.Q8_0, blocks, x, 4, new float[1]),
                linear(scalar, TensorType.Q8_0, blocks, x, 4, new float[1]),
                "an infinite scale");
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "Q4_0", "Q6_K"})
    void expertsAreNearTheScalarOnesAndTheSameInBatchesOfAnySize(TensorType type) {
        int tokens = 13;
        int width = 256;
        int experts = 5;
        MemorySegment gate = numbers.blocks(type, experts * width * width);
        MemorySegment up = numbers.blocks(type, experts * width * width);
        MemorySegment down = numbers.blocks(type, experts * width * width);
        float[] x = numbers.floats(tokens * width);
        float[] scores = numbers.floats(tokens * experts);
        MemorySegment[] weights = {gate, up, down};
        float[][] expected = experts(scalar, type, weights, x, scores, tokens, tokens);
        float[][] found = experts(fast, type, weights, x, scores, tokens, tokens);
        for (int t = 0; t < tokens; t++) {
            float size = 0;
            for (float y : expected[t]) {
                size = Math.max(size, Math.abs(y));
            }
            assertThat(found[t]).containsExactly(expected[t], within(2e-6f * size));
        }
        for (int batch : new int[] {1, 2, 7}) {
            float[][] again = experts(fast, type, weights, x, scores, tokens, batch);
            Numbers.assertSameBits(again, found, "batches of " + batch);
        }
    }

    private static float[][] experts(
            Kernels kernels,
            TensorType type,
            MemorySegment[] weights,
            float[] x,
            float[] scores,
            int tokens,
            int batch) {
        int width = x.length / tokens;
        int experts = scores.length / tokens;
        long[] shape = {experts, width, width};
        Tensor gate = kernels.weight(type, shape, weights[0]);
        Tensor up = kernels.weight(type, shape, weights[1]);
        Tensor down = kernels.weight(type, shape, weights[2]);
        float[][] found = new float[tokens][];
        for (int from = 0; from < tokens; from += batch) {
            int n = Math.min(batch, tokens - from);
            Tensor y =
                    kernels.experts(
                            Numbers.part(kernels, x, from, n, width),
                            Numbers.part(kernels, scores, from, n, experts),
                            new RouterSpec(2, true),
                            gate,
                            up,
                            down,
                            Activation.SILU);
            System.arraycopy(Numbers.rows(kernels, y), 0, found, from, n);
            kernels.recycle();
        }
        return found;
    }
}
