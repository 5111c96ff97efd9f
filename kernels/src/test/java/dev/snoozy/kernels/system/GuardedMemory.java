package dev.snoozy.kernels.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory between two pages that nobody may touch: a kernel that reads or writes a byte beyond what
 * it was given there ends the process, instead of passing unnoticed. On systems without mprotect it
 * is usual memory. Lives as long as its arena.
 */
public final class GuardedMemory {
    private static final long PAGE = 4096;
    private static final int NO_ACCESS = 0;

    /** Which end of a segment meets a page that nobody may touch. */
    public enum Edge {
        BEGIN,
        END
    }

    private final MemorySegment memory;

    /** Memory for segments of up to so many bytes. */
    public GuardedMemory(long bytes, Arena arena) {
        long pages = (bytes + PAGE - 1) / PAGE * PAGE;
        MemorySegment all = SystemMemory.here().allocate(pages + 2 * PAGE, arena);
        protect(all.asSlice(0, PAGE));
        protect(all.asSlice(PAGE + pages, PAGE));
        memory = all.asSlice(PAGE, pages);
    }

    /** A segment, whose content is that of others before it. */
    public MemorySegment of(long bytes, Edge edge) {
        return memory.asSlice(edge == Edge.BEGIN ? 0 : memory.byteSize() - bytes, bytes);
    }

    /** A copy in memory of its own. */
    public static MemorySegment copy(MemorySegment source, Edge edge, Arena arena) {
        MemorySegment copy =
                new GuardedMemory(source.byteSize(), arena).of(source.byteSize(), edge);
        return copy.copyFrom(source);
    }

    private static void protect(MemorySegment page) {
        if (SystemFunctions.system() == SystemFunctions.Name.WINDOWS) {
            return;
        }
        MethodHandle mprotect =
                SystemFunctions.find(
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
            throw SystemFunctions.unexpected(e);
        }
    }
}
