package dev.snoozy.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for packed weights: on huge pages where the system gives them, since a product reads all
 * of it once per token and usual pages cost a tenth to a half of the bandwidth.
 */
final class WeightMemory {
    private WeightMemory() {}

    /** Zeroed memory that lives as long as the arena and begins at a huge page. */
    static MemorySegment allocate(long bytes, Arena arena) {
        SystemMemory system = SystemMemory.here();
        MemorySegment pages = system.allocate(bytes + SystemMemory.HUGE_PAGE, arena);
        long past = pages.address() % SystemMemory.HUGE_PAGE;
        long skip = past == 0 ? 0 : SystemMemory.HUGE_PAGE - past;
        MemorySegment memory = pages.asSlice(skip, bytes);
        system.adviseHugePages(memory);
        return memory;
    }
}
