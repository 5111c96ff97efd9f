package dev.snoozy.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class MemoryNeedTest {
    private static final long FILE = 1_000_000_000;

    @Test
    void packedWeightsTakeTheirSizeAShareOfItAndTheProgram() {
        MemoryNeed need = new MemoryNeed(FILE, List.of(), 512);
        assertThat(need.packed(0, 0)).isEqualTo(1_150_000_000 + 250_000_000);
    }

    @Test
    void weightsThatGrowMoreThanThatCountAsTheyAre() {
        MemoryNeed need = new MemoryNeed(FILE, List.of(), 512);
        assertThat(need.packed(0, 150_000_000)).isEqualTo(need.packed(0, 0));
        assertThat(need.packed(0, 1_100_000_000)).isEqualTo(2_100_000_000L + 250_000_000);
        assertThat(need.packed(0, -5)).isEqualTo(need.packed(0, 0));
    }

    @Test
    void aTextCountsAsFarAsALongChatGoes() {
        MemoryNeed.Layer all = new MemoryNeed.Layer(1000, 0);
        MemoryNeed need = new MemoryNeed(FILE, List.of(all, all), 100_000);
        long program = new MemoryNeed(FILE, List.of(), 1).packed(0, 0);
        assertThat(need.packed(64, 0) - program).isEqualTo(2 * 64 * 1000);
        assertThat(need.packed(0, 0) - program).isEqualTo(2 * 4096 * 1000);
        assertThat(need.packed(50_000, 0)).isEqualTo(need.packed(0, 0));
    }

    @Test
    void lengthsThatNoMachineHasRoomForAreNoError() {
        MemoryNeed.Layer endless = new MemoryNeed.Layer(Long.MAX_VALUE / 2, 0);
        assertThat(new MemoryNeed(FILE, List.of(endless), 4096).packed(0, 0))
                .isEqualTo(Long.MAX_VALUE);
    }
}
