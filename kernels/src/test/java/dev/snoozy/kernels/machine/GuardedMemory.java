package dev.snoozy.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Memory between two pages that nobody may touch: a kernel that reads or writes a byte beyond what
 * it was given there ends the process, instead of passing unnoticed. On systems without mprotect it
 * is usual memory. Lives as long as its arena.
 */
final class GuardedMemory {
    private static final long PAGE = 4096;
    private static final int NO_ACCESS = 0;
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    /** Which end of a segment meets a page that nobody may touch. */
    enum Edge {
        BEGIN,
        END
    }

    private final MemorySegment memory;

    /** Memory for segments of up to so many bytes. */
    GuardedMemory(long bytes, Arena arena) {
        long pages = (bytes + PAGE - 1) / PAGE * PAGE;
        MemorySegment all = SystemMemory.here().allocate(pages + 2 * PAGE, arena);
        protect(all.asSlice(0, PAGE));
        protect(all.asSlice(PAGE + pages, PAGE));
        memory = all.asSlice(PAGE, pages);
    }

    /** A segment, whose content is that of others before it. */
    MemorySegment of(long bytes, Edge edge) {
        return memory.asSlice(edge == Edge.BEGIN ? 0 : memory.byteSize() - bytes, bytes);
    }

    /** A copy in memory of its own. */
    static MemorySegment copy(MemorySegment source, Edge edge, Arena arena) {
        MemorySegment copy =
                new GuardedMemory(source.byteSize(), arena).of(source.byteSize(), edge);
        return copy.copyFrom(source);
    }

    private static void protect(MemorySegment page) {
        if (WINDOWS) {
            return;
        }
        MethodHandle mprotect =
                NativeCalls.system(
                        "mprotect",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));
        try {
            int result = (int) mprotect.invokeExact(page.address(), page.byteSize(), NO_ACCESS);
            if (result != 0) {
                throw new IllegalStateException("mprotect of memory of our own");
            }
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }
}
