package dev.snoozy.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for packed weights: on huge pages where the system gives them, since a product reads all
 * of it once per token and usual pages cost a tenth to a half of the bandwidth. Weights lie one
 * after another in large pieces, so that the small ones do not take a huge page each. Used by one
 * thread; the memory lives as long as the arena.
 */
final class WeightMemory {
    private static final long PIECE = 16 * SystemMemory.HUGE_PAGE;
    private static final long ALIGNMENT = 64;

    private final SystemMemory system = SystemMemory.here();
    private final Arena arena;
    private MemorySegment piece = MemorySegment.NULL;
    private long used;

    WeightMemory(Arena arena) {
        this.arena = arena;
    }

    /** Zeroed memory. */
    MemorySegment allocate(long bytes) {
        if (piece.byteSize() - used < bytes) {
            piece = newPiece(Math.max(PIECE, bytes));
            used = 0;
        }
        MemorySegment memory = piece.asSlice(used, bytes);
        used = (used + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return memory;
    }

    private MemorySegment newPiece(long bytes) {
        MemorySegment pages = system.allocate(bytes + SystemMemory.HUGE_PAGE, arena);
        long past = pages.address() % SystemMemory.HUGE_PAGE;
        long skip = past == 0 ? 0 : SystemMemory.HUGE_PAGE - past;
        MemorySegment memory = pages.asSlice(skip, bytes);
        system.adviseHugePages(memory);
        return memory;
    }
}
