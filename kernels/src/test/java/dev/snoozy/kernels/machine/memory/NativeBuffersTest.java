package dev.snoozy.kernels.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;

class NativeBuffersTest {
    private final NativeBuffers buffers = new NativeBuffers();

    @AfterEach
    void close() {
        buffers.close();
    }

    @Test
    void whatIsTakenBackServesTheSameSizeAgain() {
        MemorySegment first = buffers.lend(5000);
        assertThat(first.byteSize()).isEqualTo(8192);
        assertThat(buffers.lend(5000).address()).isNotEqualTo(first.address());
        buffers.recycle();
        MemorySegment small = buffers.lend(3000);
        buffers.recycle();
        assertThat(buffers.lend(4097).address()).isIn(first.address(), small.address());
    }

    @Test
    void aLargerBufferThatIsFreeServesASmallBatch() {
        MemorySegment large = buffers.lend(1 << 16);
        buffers.recycle();
        assertThat(buffers.lend(1 << 14).address()).isEqualTo(large.address());
        assertThat(buffers.lend(1 << 14).byteSize())
                .as("the large one is taken")
                .isEqualTo(1 << 14);
    }

    @Test
    void aMuchLargerOneStaysForWhatNeedsIt() {
        MemorySegment large = buffers.lend(1 << 17);
        buffers.recycle();
        assertThat(buffers.lend(1 << 14).address()).isNotEqualTo(large.address());
        assertThat(buffers.lend(1 << 17).address()).isEqualTo(large.address());
    }

    @Test
    void whatIsKeptIsNotLentAgain() {
        NativeRows kept = buffers.rows(4, 100);
        buffers.recycle(kept);
        assertThat(buffers.lend(kept.data().byteSize()).address())
                .isNotEqualTo(kept.data().address());
    }
}
