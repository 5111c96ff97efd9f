package dev.snoozy.kernels.machine.code;

import dev.snoozy.kernels.arm.InstructionCache;
import dev.snoozy.kernels.system.SystemMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for machine code: written while it cannot be executed, executable when it cannot be
 * written any more.
 */
final class CodeBuffer {
    private static final long PAGE = 4096;

    private CodeBuffer() {}

    /**
     * Makes code executable.
     *
     * @return the code, as long as the arena lives
     * @throws IllegalStateException if the system does not allow it, with its error number
     */
    static MemorySegment install(byte[] code, Arena arena) {
        SystemMemory system = SystemMemory.here();
        long pages = (code.length + PAGE - 1) / PAGE * PAGE;
        MemorySegment memory = system.allocate(pages, arena);
        memory.copyFrom(MemorySegment.ofArray(code));
        system.makeExecutable(memory);
        InstructionCache.synchronize(memory);
        return memory.asReadOnly();
    }
}
