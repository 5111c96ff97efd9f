package dev.snoozy.kernels.machine.attention;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.system.SystemMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Pages as the attention kernels read them. The pages that are asked for together lie one after
 * another, on huge pages of the system where they fill some.
 */
public final class MachinePages implements KvPages {
    private static final int ALIGNMENT = 64;

    private final CacheLayout layout;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> pages = new ArrayList<>();
    private final LongFunction<MemorySegment> memory;

    public MachinePages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        layout = new CacheLayout(type, kvHeads, keyLength, valueLength);
        memory = this::allocate;
    }

    /** Pages in memory that somebody else gives, zeroed and aligned to 64 bytes. */
    MachinePages(CacheLayout layout, LongFunction<MemorySegment> memory) {
        this.layout = layout;
        this.memory = memory;
    }

    /** Bytes of a page for heads of these lengths. */
    public static long bytes(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new CacheLayout(type, kvHeads, keyLength, valueLength).pageBytes();
    }

    public CacheLayout layout() {
        return layout;
    }

    @Override
    public void reserve(int count) {
        int more = count - pages.size();
        if (more <= 0) {
            return;
        }
        MemorySegment piece = memory.apply(more * layout.pageBytes());
        for (int i = 0; i < more; i++) {
            pages.add(piece.asSlice(i * layout.pageBytes(), layout.pageBytes()));
        }
    }

    private MemorySegment allocate(long bytes) {
        if (bytes < SystemMemory.HUGE_PAGE) {
            return arena.allocate(bytes, ALIGNMENT);
        }
        SystemMemory system = SystemMemory.here();
        MemorySegment memory = system.allocateAtHugePage(bytes, arena);
        // The last huge page would take memory beyond the pages asked for: it stays a usual one.
        system.adviseHugePages(
                memory.asSlice(0, bytes / SystemMemory.HUGE_PAGE * SystemMemory.HUGE_PAGE));
        return memory;
    }

    /** A page: {@link CacheLayout#pageBytes} bytes. */
    MemorySegment page(int page) {
        return pages.get(page);
    }

    @Override
    public void copy(int from, int to) {
        pages.get(to).copyFrom(pages.get(from));
    }

    @Override
    public long bytesPerPage() {
        return layout.pageBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
