package dev.snoozy.kernels.arm;

import dev.snoozy.kernels.system.SystemFunctions;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Makes code that was written as data visible to the part of an AArch64 processor that fetches
 * instructions: its cache of instructions does not follow stores, as that of x86 does. Code is
 * written to pages that cannot be executed, these are made executable and no longer writable, and
 * then this is called, before the first call of the code.
 *
 * <ul>
 *   <li>Linux: {@code __clear_cache} of libgcc, which cleans the lines of data (DC CVAU), discards
 *       those of instructions (IC IVAU) and waits. Run under emulation, where there are no such
 *       caches: that the call is made is proven, that it is enough is not.
 *   <li>macOS: {@code sys_icache_invalidate}. Pages are not mapped with MAP_JIT: its switch between
 *       writing and executing would hold for all code of the virtual machine too, for the whole
 *       thread. Turning ordinary pages executable needs the entitlement for unsigned executable
 *       memory, which the usual builds of OpenJDK are signed with; a system that refuses gives an
 *       error. Not yet run.
 *   <li>Windows: {@code FlushInstructionCache}. Not yet run.
 * </ul>
 */
public final class InstructionCache {
    private static final long THIS_PROCESS = -1; // what GetCurrentProcess gives

    private InstructionCache() {}

    /**
     * To be called after code was written and before it is run; does nothing on x86.
     *
     * @throws IllegalStateException if the system has no function for it
     */
    public static void synchronize(MemorySegment code) {
        if (!ArmCpu.isHere()) {
            return;
        }
        long start = code.address();
        long size = code.byteSize();
        try {
            switch (SystemFunctions.system()) {
                case MAC -> {
                    MethodHandle invalidate =
                            SystemFunctions.find("sys_icache_invalidate", twoNumbers());
                    invalidate.invokeExact(start, size);
                }
                case WINDOWS -> {
                    MethodHandle flush =
                            SystemFunctions.find(
                                    "kernel32",
                                    "FlushInstructionCache",
                                    FunctionDescriptor.of(
                                            ValueLayout.JAVA_INT,
                                            ValueLayout.JAVA_LONG,
                                            ValueLayout.JAVA_LONG,
                                            ValueLayout.JAVA_LONG));
                    int done = (int) flush.invokeExact(THIS_PROCESS, start, size);
                    if (done == 0) {
                        throw new IllegalStateException("FlushInstructionCache failed");
                    }
                }
                case LINUX, OTHER -> {
                    MethodHandle clear =
                            SystemFunctions.find("libgcc_s.so.1", "__clear_cache", twoNumbers());
                    clear.invokeExact(start, start + size);
                }
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (Throwable e) {
            throw SystemFunctions.unexpected(e);
        }
    }

    private static FunctionDescriptor twoNumbers() {
        return FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    }
}
