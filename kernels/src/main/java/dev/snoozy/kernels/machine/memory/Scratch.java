package dev.snoozy.kernels.machine.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Native memory that grows with what is asked of it. Used by one thread; closed by its owner. */
public final class Scratch implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private Arena arena = Arena.ofShared();
    private MemorySegment memory = MemorySegment.NULL;

    /** Memory of at least this size; what was given before is no longer valid if it is larger. */
    public MemorySegment of(long bytes) {
        if (memory.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            memory = arena.allocate(bytes + bytes / 2, ALIGNMENT);
        }
        return memory;
    }

    @Override
    public void close() {
        arena.close();
    }
}
