package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class ChanceTest {
    @Test
    void givesThePublishedNumbersOfSplitMix64() {
        Chance chance = new Chance(1234567);
        long[] published = {
            6457827717110365317L,
            3203168211198807973L,
            Long.parseUnsignedLong("9817491932198370423")
        };
        for (long number : published) {
            assertThat(chance.next()).isEqualTo((number >>> 11) * 0x1p-53);
        }
    }

    @Test
    void givesTheNumbersOfTheClassOfTheJdk() {
        for (long seed : new long[] {0, 1, -1, 42, Long.MIN_VALUE, 0xffffffffL}) {
            Chance chance = new Chance(seed);
            SplittableRandom same = new SplittableRandom(seed);
            for (int i = 0; i < 1_000; i++) {
                assertThat(chance.next()).isEqualTo((same.nextLong() >>> 11) * 0x1p-53);
            }
        }
    }

    @Test
    void spreadsTheFirstNumbersOfNeighbouringSeedsEvenly() {
        int[] counts = new int[20];
        for (int seed = 0; seed < 20_000; seed++) {
            counts[(int) (new Chance(seed).next() * counts.length)]++;
        }
        double[] even = new double[counts.length];
        Arrays.fill(even, 1.0 / counts.length);
        // 19 degrees of freedom: the mean is 19, and 60 is exceeded with a chance of 4e-6.
        assertThat(Plain.chiSquare(counts, even, 20_000)).isLessThan(60);
    }
}
