package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class SelectionTest {
    @Test
    void movesTheLargestToTheEnd() {
        Random random = new Random(8);
        for (int round = 0; round < 3_000; round++) {
            int size = 1 + random.nextInt(60);
            int count = 1 + random.nextInt(size);
            int different = 1 + random.nextInt(100);
            long[] values = random.longs(size + 3, -different, different).toArray();
            long[] rest = Arrays.copyOfRange(values, size, values.length);
            long[] sorted = Arrays.copyOf(values, size);
            Arrays.sort(sorted);
            Selection.largestLast(values, size, count);
            long[] largest = Arrays.copyOfRange(values, size - count, size);
            Arrays.sort(largest);
            assertThat(largest).isEqualTo(Arrays.copyOfRange(sorted, size - count, size));
            long[] all = Arrays.copyOf(values, size);
            Arrays.sort(all);
            assertThat(all).isEqualTo(sorted);
            assertThat(Arrays.copyOfRange(values, size, values.length)).isEqualTo(rest);
        }
    }

    @Test
    void copesWithSortedValues() {
        long[] up = new long[100_000];
        Arrays.setAll(up, i -> i);
        Selection.largestLast(up, up.length, 40);
        assertThat(Arrays.stream(up, up.length - 40, up.length).min()).hasValue(99_960);
        long[] down = new long[100_000];
        Arrays.setAll(down, i -> -i);
        Selection.largestLast(down, down.length, 40);
        assertThat(Arrays.stream(down, down.length - 40, down.length).min()).hasValue(-39);
    }
}
