package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

class ThreadTeamTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void computesEveryItemOnce(int size) {
        try (ThreadTeam team = new ThreadTeam(size)) {
            for (int items : new int[] {0, 1, 2, 3, 100, 1000}) {
                AtomicIntegerArray done = new AtomicIntegerArray(items);
                team.run(items, (item, member) -> done.incrementAndGet(item));
                for (int item = 0; item < items; item++) {
                    assertThat(done.get(item)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void givesEachItemToAMemberOfTheTeam() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            int[] members = new int[500];
            Arrays.fill(members, -1);
            team.run(members.length, (item, member) -> members[item] = member);
            assertThat(Arrays.stream(members)).allMatch(member -> member >= 0 && member < 3);
        }
    }

    @Test
    void survivesManyRounds() {
        try (ThreadTeam team = new ThreadTeam(4)) {
            long[] sums = new long[64];
            for (int round = 0; round < 5_000; round++) {
                team.run(sums.length, (item, member) -> sums[item]++);
            }
            assertThat(sums).containsOnly(5_000L);
        }
    }

    @Test
    void passesOnAFailureAndGoesOn() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            assertThatThrownBy(() -> team.run(100, ThreadTeamTest::failAtSeventy))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("seventy");
            AtomicIntegerArray done = new AtomicIntegerArray(10);
            team.run(10, (item, member) -> done.incrementAndGet(item));
            assertThat(done.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
        }
    }

    private static void failAtSeventy(int item, int member) {
        if (item == 70) {
            throw new ArithmeticException("seventy");
        }
    }

    @Test
    void refusesToWorkAfterItsEnd() {
        ThreadTeam team = new ThreadTeam(2);
        team.close();
        assertThatThrownBy(() -> team.run(2, (item, member) -> {})).hasMessageContaining("closed");
    }

    @Test
    void refusesASecondCallerWhileItWorks() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            assertThatThrownBy(() -> team.run(2, (item, member) -> team.run(2, (i, m) -> {})))
                    .hasMessageContaining("another thread");
        }
    }
}
