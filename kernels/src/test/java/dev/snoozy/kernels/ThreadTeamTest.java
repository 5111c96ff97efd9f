package dev.snoozy.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadTeamTest {
    @Test
    void countsTheCaller() {
        assertThat(new ThreadTeam(3).size()).isEqualTo(3);
    }
}
