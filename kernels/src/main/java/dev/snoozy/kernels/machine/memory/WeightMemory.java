package dev.snoozy.kernels.machine.memory;

import dev.snoozy.kernels.system.HugePages;
import dev.snoozy.kernels.system.SystemMemory;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for packed weights: on huge pages where the system gives them, since a product reads all
 * of it once per token and usual pages cost a tenth to a half of the bandwidth. Weights lie one
 * after another in large pieces, so that the small ones do not take a huge page each. Used by one
 * thread; the memory lives as long as the arena.
 */
public final class WeightMemory {
    private static final long PIECE = 16 * SystemMemory.HUGE_PAGE;
    private static final long ALIGNMENT = 64;

    private final SystemMemory system = SystemMemory.here();
    private final Arena arena;
    private MemorySegment piece = MemorySegment.NULL;
    private long used;
    private long allocated;

    public WeightMemory(Arena arena) {
        this.arena = arena;
    }

    /** Bytes that an allocation takes. */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Makes sure that what is allocated next lies in one piece.
     *
     * @throws IllegalStateException if the system does not give the memory
     */
    public void reserve(long bytes) {
        if (piece.byteSize() - used < bytes) {
            piece = newPiece(bytes);
            used = 0;
        }
    }

    /** Zeroed memory. */
    public MemorySegment allocate(long bytes) {
        if (piece.byteSize() - used < bytes) {
            piece = newPiece(Math.max(PIECE, bytes));
            used = 0;
        }
        MemorySegment memory = piece.asSlice(used, bytes);
        used += aligned(bytes);
        allocated += bytes;
        return memory;
    }

    private MemorySegment newPiece(long bytes) {
        MemorySegment memory = system.allocateAtHugePage(bytes, arena);
        system.adviseHugePages(memory);
        return memory;
    }

    /** Why most of the memory that was written to is not on huge pages, or null if it is. */
    public @Nullable String smallPages() {
        // What fits the caches of a processor needs no huge pages.
        return allocated < PIECE ? null : HugePages.here().missing(allocated);
    }
}
