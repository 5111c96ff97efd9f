package dev.snoozy.kernels.machine.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.scalar.ScalarKernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/** Attention in machine code against the scalar one, element by element. */
class MachineAttentionTest {
    /** What the exponential function's rounding may do to means of values of size 1. */
    private static final float TOLERANCE = 2e-6f;

    private static final int[] LENGTHS = {4, 20, 32, 64, 72, 80, 96, 128, 256, 1, 33};

    private final Kernels scalar = new ScalarKernels(new ThreadTeam(2));

    @AfterEach
    void close() {
        scalar.close();
    }

    private static void assume(Isa isa) {
        assumeTrue(isa.missing().isEmpty(), () -> "the processor has no " + isa.missing());
    }

    private void compare(AttentionCase c, Isa isa, CacheType type, int... batches) {
        float[][] expected = c.run(scalar, type, c.size());
        float[][] found = c.run(isa, type, c.size(), 1);
        for (int r = 0; r < c.size(); r++) {
            assertThat(found[r])
                    .as("%s, %s, %s of %d, row %d", isa, type, c.spec, c.keyLength, r)
                    .containsExactly(expected[r], within(TOLERANCE));
        }
        int threads = 1;
        for (int batch : batches) {
            threads = threads % 3 + 1;
            String what = "batches of %d on %d threads".formatted(batch, threads);
            same(c.run(isa, type, batch, threads), found, isa + ", " + type + ", " + what);
        }
        if (type != CacheType.F32) {
            float[][] again = c.rounded(type).run(isa, CacheType.F32, c.size(), 1);
            same(again, found, isa + ", what is stored as " + type + ", as F32");
        }
    }

    /** The same bits, but that a NaN is a NaN. */
    private static void same(float[][] found, float[][] expected, String what) {
        for (int r = 0; r < expected.length; r++) {
            if (!Arrays.equals(found[r], expected[r])) {
                assertThat(found[r]).as("%s, row %d", what, r).containsExactly(expected[r]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void headsOfAllLengths(Isa isa) {
        assume(isa);
        for (CacheType type : CacheType.values()) {
            for (int i = 0; i < LENGTHS.length; i++) {
                int key = LENGTHS[i];
                int value = i % 3 == 2 ? LENGTHS[(i + 4) % LENGTHS.length] : key;
                AttentionSpec spec = new AttentionSpec(4, 2, 1 / (float) Math.sqrt(key), 0);
                AttentionCase c = new AttentionCase(i, spec, key, value).sequence(67, 0);
                compare(c, isa, type, 1, 30);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void headsThatShareKeysAndValuesInAllNumbers(Isa isa) {
        assume(isa);
        for (int kvHeads = 1; kvHeads <= 8; kvHeads++) {
            for (int sharing : new int[] {kvHeads % 8 + 1, (kvHeads + 3) % 8 + 1}) {
                CacheType type = CacheType.values()[(kvHeads + sharing) % 3];
                AttentionSpec spec = new AttentionSpec(kvHeads * sharing, kvHeads, 0.2f, 0);
                AttentionCase c = new AttentionCase(kvHeads, spec, 32, 32).sequence(90, 0);
                compare(c, isa, type, 1, 7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void moreHeadsThanGoTogether(Isa isa) {
        assume(isa);
        AttentionSpec spec = new AttentionSpec(71, 1, 0.2f, 0);
        compare(new AttentionCase(5, spec, 16, 16).sequence(70, 0), isa, CacheType.Q8_0, 1, 13);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void allLengthsUpToAFewTiles(Isa isa) {
        assume(isa);
        AttentionSpec spec = new AttentionSpec(3, 1, 0.2f, 0);
        for (CacheType type : CacheType.values()) {
            compare(new AttentionCase(1, spec, 48, 48).sequence(200, 0), isa, type, 1, 64, 65);
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void windowsWithAndWithoutASoftCap(Isa isa) {
        assume(isa);
        for (int window : new int[] {1, 7, 64, 65, 100}) {
            for (float cap : new float[] {0, 0.5f, 30}) {
                AttentionSpec spec = new AttentionSpec(4, 2, 0.3f, cap);
                CacheType type = CacheType.values()[window % 3];
                AttentionCase c = new AttentionCase(window, spec, 64, 64).sequence(180, window);
                compare(c, isa, type, 1, 40);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void scoresThatFallWithTheDistance(Isa isa) {
        assume(isa);
        for (CacheType type : CacheType.values()) {
            AttentionSpec spec = new AttentionSpec(6, 3, 0.3f, type == CacheType.F16 ? 9 : 0, 8);
            AttentionCase c = new AttentionCase(6, spec, 32, 48).sequence(150, 0).sequence(90, 70);
            compare(c, isa, type, 1, 40);
            AttentionCase both = new AttentionCase(8, spec, 32, 48);
            int[] table = both.table(2);
            for (int p = 0; p < 100; p++) {
                both.add(table, p, Math.max(0, p - 70), Math.min(99, p + 40));
            }
            compare(both, isa, type);
        }
        AttentionSpec spec = new AttentionSpec(1, 1, 0.3f, 0, 8);
        AttentionCase c = new AttentionCase(7, spec, 32, 32);
        int[] table = c.table(1300 / 64 + 1);
        for (int p = 0; p < 1300; p++) {
            c.add(table, p, p < 1297 ? 1 : 0);
        }
        compare(c, isa, CacheType.F32, 1);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aSinkTakesItsShare(Isa isa) {
        assume(isa);
        float[] sinks = {-3, 0, 2, 40, Float.NEGATIVE_INFINITY, 1e9f};
        for (CacheType type : CacheType.values()) {
            AttentionSpec spec = new AttentionSpec(6, 3, 0.3f, 0).withSinks(sinks);
            AttentionCase c = new AttentionCase(6, spec, 32, 48).sequence(150, 0).sequence(90, 70);
            compare(c, isa, type, 1, 40);
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aSoftCapOfScoresOfAllSizes(Isa isa) {
        assume(isa);
        for (float scale : new float[] {1e-6f, 1e-3f, 0.1f, 3, 1000}) {
            AttentionSpec spec = new AttentionSpec(2, 1, scale, 2);
            compare(new AttentionCase(9, spec, 32, 32).sequence(70, 0), isa, CacheType.F32, 9);
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void sequencesInOneBatchDoNotSeeEachOther(Isa isa) {
        assume(isa);
        AttentionSpec spec = new AttentionSpec(8, 2, 0.2f, 0);
        for (CacheType type : CacheType.values()) {
            AttentionCase c = new AttentionCase(3, spec, 64, 64);
            int[][] tables = {c.table(3), c.table(2), c.table(4)};
            int[] lengths = new int[tables.length];
            for (int turn = 0; turn < 40; turn++) {
                int which = turn * 5 % 3;
                int count = Math.min(1 + turn * 7 % 11, tables[which].length * 64 - lengths[which]);
                for (int i = 0; i < count; i++) {
                    c.add(tables[which], lengths[which]++, which == 1 ? 20 : 0);
                }
            }
            compare(c, isa, type, 1, 10, 33);
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aRingForgetsWhatIsOutOfSight(Isa isa) {
        assume(isa);
        AttentionSpec spec = new AttentionSpec(4, 1, 0.2f, 0);
        AttentionCase c = new AttentionCase(3, spec, 32, 32);
        int[] ring = c.table(4);
        for (int p = 0; p < 700; p++) {
            c.add(ring, p, 130);
        }
        // A batch must not write over what its first row sees: 4 pages hold 130 and 62 more.
        float[][] expected = c.run(scalar, CacheType.F16, 50);
        float[][] found = c.run(isa, CacheType.F16, 50, 1);
        for (int r = 0; r < c.size(); r++) {
            assertThat(found[r]).containsExactly(expected[r], within(TOLERANCE));
        }
        same(c.run(isa, CacheType.F16, 1, 3), found, "one by one");
        same(c.run(isa, CacheType.F16, 17, 2), found, "batches of 17");
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void anEncoderSeesBothSides(Isa isa) {
        assume(isa);
        AttentionSpec spec = new AttentionSpec(4, 4, 0.2f, 0);
        AttentionCase c = new AttentionCase(3, spec, 32, 32);
        for (int length : new int[] {5, 100, 64}) {
            int[] table = c.table(2);
            for (int p = 0; p < length; p++) {
                c.add(table, p, 0, length - 1);
            }
        }
        compare(c, isa, CacheType.F32);
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void theBordersOfSegments(Isa isa) {
        assume(isa);
        for (CacheType type : CacheType.values()) {
            for (int heads : new int[] {1, 4}) {
                AttentionSpec spec = new AttentionSpec(heads, 1, 0.3f, 0);
                AttentionCase c = new AttentionCase(2, spec, 32, 32);
                int[] table = c.table(4200 / 64 + 1);
                for (int p = 0; p < 4110; p++) {
                    boolean near = p % KvPages.SEGMENT < 2 || p % KvPages.SEGMENT > 509;
                    boolean far = p < 500 || p > 530 && p < 1000 || p > 1030 && p < 4090;
                    int window = p % 3 == 0 ? 0 : p % 3 == 1 ? 600 : 1025;
                    if (near && !far) {
                        c.add(table, p, window);
                    } else {
                        c.add(table, p, p, p); // only to store
                    }
                }
                c.add(table, 4110, 0, 4110).add(table, 4111, 511, 4111).add(table, 4112, 512, 4112);
                compare(c, isa, type, 5, 300);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void aNanReachesWhatSeesItAndNothingElse(Isa isa) {
        assume(isa);
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY};
        for (CacheType type : CacheType.values()) {
            for (float value : bad) {
                AttentionSpec spec = new AttentionSpec(4, 2, 0.2f, type == CacheType.F16 ? 9 : 0);
                AttentionCase c = new AttentionCase(4, spec, 64, 64).sequence(150, 40);
                c.q(3)[70] = value;
                c.k(80)[5] = value;
                c.v(20)[100] = value;
                c.k(120)[127] = -value;
                compare(c, isa, type, 1, 50);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Isa.class)
    void keysAndValuesOfAllSizes(Isa isa) {
        assume(isa);
        for (CacheType type : CacheType.values()) {
            AttentionSpec spec = new AttentionSpec(2, 1, 1e-3f, 0);
            AttentionCase c = new AttentionCase(4, spec, 64, 64).sequence(30, 0);
            for (int r = 0; r < c.size(); r++) {
                float size = (float) Math.pow(10, r % 12 - 10);
                for (int i = 0; i < 64; i++) {
                    c.k(r)[i] *= size;
                    c.v(r)[i] *= size;
                }
            }
            Arrays.fill(c.v(7), 0);
            Arrays.fill(c.k(8), Float.MIN_VALUE);
            Arrays.fill(c.v(9), 1e-39f);
            compare(c, isa, type, 1, 11);
        }
    }

    @Test
    void aRowThatSeesNothingIsRefused() {
        KvRows rows = new KvRows(new int[][] {{0}}, new int[] {3}, new int[] {4}, new int[] {3});
        assertThatThrownBy(() -> RowBlock.of(rows, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attention: row 0 sees the positions 4 to 3, expected at least one");
    }
}
