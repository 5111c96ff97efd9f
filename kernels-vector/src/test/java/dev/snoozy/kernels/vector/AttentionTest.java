package dev.snoozy.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/** Attention over pages against the scalar kernels. */
@EnabledIf("dev.snoozy.kernels.vector.Widths#areThere")
class AttentionTest {
    private static final float TOLERANCE = 2e-6f;

    private final Numbers numbers = new Numbers(7);

    /** Queries, keys and values of one sequence. */
    private record Inputs(
            AttentionSpec spec,
            CacheType type,
            int positions,
            int window,
            int keyLength,
            int valueLength,
            float[] q,
            float[] k,
            float[] v) {
        float[][] attention(Kernels kernels, int batch) {
            int heads = spec.heads();
            int kvHeads = spec.kvHeads();
            float[][] found = new float[positions][];
            try (KvPages pages = kernels.kvPages(kvHeads, keyLength, valueLength, type)) {
                pages.reserve(12);
                for (int from = 0; from < positions; from += batch) {
                    int n = Math.min(batch, positions - from);
                    Tensor y =
                            kernels.attention(
                                    Numbers.part(kernels, q, from, n, heads * keyLength),
                                    Numbers.part(kernels, k, from, n, kvHeads * keyLength),
                                    Numbers.part(kernels, v, from, n, kvHeads * valueLength),
                                    pages,
                                    rows(from, n),
                                    spec);
                    System.arraycopy(Numbers.rows(kernels, y), 0, found, from, n);
                    kernels.recycle();
                }
            }
            return found;
        }

        private KvRows rows(int from, int count) {
            int[][] tables = new int[count][];
            int[] own = new int[count];
            int[] first = new int[count];
            Arrays.fill(tables, new int[] {5, 2, 0, 7, 11, 1, 3, 4, 6, 10, 9, 8});
            for (int r = 0; r < count; r++) {
                own[r] = from + r;
                first[r] = window == 0 ? 0 : Math.max(0, from + r - window + 1);
            }
            return new KvRows(tables, own, first, own);
        }
    }

    private Inputs inputs(
            AttentionSpec spec,
            CacheType type,
            int positions,
            int window,
            int keyLength,
            int valueLength) {
        return new Inputs(
                spec,
                type,
                positions,
                window,
                keyLength,
                valueLength,
                numbers.floats(positions * spec.heads() * keyLength),
                numbers.floats(positions * spec.kvHeads() * keyLength),
                numbers.floats(positions * spec.kvHeads() * valueLength));
    }

    @ParameterizedTest
    @CsvSource({
        // heads, kvHeads, keyLength, valueLength, positions, window, softcap, alibi, type
        "4, 4, 16, 16, 70, 0, 0, 0, F32",
        "8, 2, 64, 64, 150, 0, 0, 0, F16",
        "6, 1, 80, 80, 66, 0, 0, 0, Q8_0",
        "5, 5, 7, 5, 65, 0, 0, 0, F32",
        "5, 5, 7, 5, 65, 0, 0, 0, F16",
        "3, 3, 1, 1, 63, 0, 0, 0, Q8_0",
        "9, 3, 24, 40, 129, 33, 0, 0, Q8_0",
        "4, 1, 128, 128, 140, 64, 30, 0, F16",
        "2, 1, 96, 48, 64, 0, 50, 0, F32",
        "2, 1, 16, 16, 530, 0, 0, 0, F32",
        "2, 1, 8, 40, 600, 130, 0, 0, Q8_0",
        "6, 2, 16, 24, 150, 0, 0, 8, F32",
        "3, 1, 32, 32, 600, 90, 20, 8, Q8_0",
    })
    void isNearTheScalarOneAndTheSameInBatchesOfAnySizeAndForAnyNumberOfThreads(
            int heads,
            int kvHeads,
            int keyLength,
            int valueLength,
            int positions,
            int window,
            float softcap,
            float alibi,
            CacheType type) {
        AttentionSpec spec = new AttentionSpec(heads, kvHeads, 0.3f, softcap, alibi);
        Inputs in = inputs(spec, type, positions, window, keyLength, valueLength);
        float[][] expected;
        float[][] found;
        try (Kernels scalar = new ScalarKernels(new ThreadTeam(2));
                Kernels fast = new VectorKernels(new ThreadTeam(1), "")) {
            expected = in.attention(scalar, positions);
            found = in.attention(fast, positions);
        }
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels fast = new VectorKernels(new ThreadTeam(threads), "")) {
                for (int batch : new int[] {positions, 17, 1}) {
                    String what = "batches of %d, %d threads".formatted(batch, threads);
                    Numbers.assertSameBits(in.attention(fast, batch), found, what);
                }
            }
        }
        for (int r = 0; r < positions; r++) {
            assertThat(found[r]).as("row %d", r).containsExactly(expected[r], within(TOLERANCE));
        }
    }

    @Test
    void whatIsNotSeenHasNoInfluenceEvenIfItIsNoNumber() {
        AttentionSpec spec = new AttentionSpec(1, 1, 1, 0);
        Inputs in = inputs(spec, CacheType.F16, 70, 3, 8, 8);
        try (Kernels fast = new VectorKernels(new ThreadTeam(1), "")) {
            float[][] expected = in.attention(fast, 70);
            Arrays.fill(in.k, 0, 30 * 8, Float.NaN);
            Arrays.fill(in.v, 0, 30 * 8, Float.NaN);
            float[][] found = in.attention(fast, 70);
            assertThat(Arrays.copyOfRange(found, 33, 70))
                    .isDeepEqualTo(Arrays.copyOfRange(expected, 33, 70));
            assertThat(found[20]).containsOnly(Float.NaN);
        }
    }

    @Test
    void oneVisiblePositionGivesItsValue() {
        AttentionSpec spec = new AttentionSpec(2, 1, 0.5f, 0);
        Inputs in = inputs(spec, CacheType.F32, 40, 1, 4, 5);
        try (Kernels fast = new VectorKernels(new ThreadTeam(2), "")) {
            float[][] found = in.attention(fast, 40);
            for (int r = 0; r < 40; r++) {
                float[] value = Arrays.copyOfRange(in.v, r * 5, r * 5 + 5);
                assertThat(Arrays.copyOf(found[r], 5)).containsExactly(value);
                assertThat(Arrays.copyOfRange(found[r], 5, 10)).containsExactly(value);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void keysAndValuesAreRoundedAsInTheScalarKernels(CacheType type) {
        // One visible position has a weight of 1, so what comes out is the value as it was kept.
        AttentionSpec spec = new AttentionSpec(3, 3, 0.5f, 0);
        Inputs in = inputs(spec, type, 40, 1, 4, 45);
        float[] special = {Float.NaN, 1e30f, 1e-30f, 0, -0f, Float.POSITIVE_INFINITY, 65520, 1e-7f};
        for (int i = 0; i < special.length; i++) {
            Arrays.fill(in.v, i * 400, i * 400 + 1 + i * i, special[i]);
        }
        try (Kernels fast = new VectorKernels(new ThreadTeam(2), "");
                Kernels scalar = new ScalarKernels(new ThreadTeam(2))) {
            Numbers.assertSameBits(in.attention(fast, 9), in.attention(scalar, 9), type.name());
        }
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void aPageNeedsWhatItIsSaidToNeed(CacheType type) {
        try (Kernels fast = new VectorKernels(new ThreadTeam(1), "");
                KvPages pages = fast.kvPages(2, 64, 48, type)) {
            assertThat(pages.bytesPerPage())
                    .isEqualTo(KvPages.PAGE * 2 * (type.bytes(64) + type.bytes(48)));
        }
    }

    @Test
    void aCopiedPageHoldsTheSame() {
        AttentionSpec spec = new AttentionSpec(2, 1, 0.5f, 0);
        Inputs in = inputs(spec, CacheType.Q8_0, 10, 0, 4, 5);
        try (Kernels fast = new VectorKernels(new ThreadTeam(2), "");
                KvPages pages = fast.kvPages(1, 4, 5, CacheType.Q8_0)) {
            pages.reserve(2);
            float[] expected = attention(in, fast, pages, 0, 0);
            pages.copy(0, 1);
            assertThat(attention(in, fast, pages, 1, 9)).containsExactly(expected);
        }
    }

    /** What the last of ten positions gives, whose first ones lie in the page already. */
    private static float[] attention(
            Inputs in, Kernels kernels, KvPages pages, int page, int from) {
        int n = 10 - from;
        int[][] tables = new int[n][];
        Arrays.fill(tables, new int[] {page});
        int[] positions = new int[n];
        Arrays.setAll(positions, i -> from + i);
        Tensor y =
                kernels.attention(
                        Numbers.part(kernels, in.q, from, n, 8),
                        Numbers.part(kernels, in.k, from, n, 4),
                        Numbers.part(kernels, in.v, from, n, 5),
                        pages,
                        new KvRows(tables, positions, new int[n], positions),
                        in.spec);
        return Numbers.rows(kernels, y)[n - 1];
    }

    @Test
    void pagesOfOtherKernelsAreRefused() {
        AttentionSpec spec = new AttentionSpec(1, 1, 1, 0);
        try (Kernels fast = new VectorKernels(new ThreadTeam(1), "");
                Kernels scalar = new ScalarKernels(new ThreadTeam(1));
                KvPages pages = scalar.kvPages(1, 4, 4, CacheType.F32)) {
            Tensor x = fast.upload(numbers.floats(4), 1, 4);
            KvRows rows = new KvRows(new int[][] {{0}}, new int[1], new int[1], new int[1]);
            assertThatThrownBy(() -> fast.attention(x, x, x, pages, rows, spec))
                    .hasMessageContaining("pages of other kernels");
        }
    }
}
