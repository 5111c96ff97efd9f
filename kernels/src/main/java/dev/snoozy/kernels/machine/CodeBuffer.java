package dev.snoozy.kernels.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * Memory for machine code: written while it cannot be executed, executable when it cannot be
 * written any more. Lives as long as its arena. The one place where memory of this kind is asked of
 * the system.
 */
final class CodeBuffer {
    private static final int PAGE = 4096;
    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    private CodeBuffer() {}

    /**
     * Makes code executable.
     *
     * @return the code, as long as the arena lives
     * @throws IllegalStateException if the system does not allow it, with its error number
     */
    static MemorySegment install(byte[] code, Arena arena) {
        long size = ((long) code.length + PAGE - 1) / PAGE * PAGE;
        return WINDOWS ? Windows.install(code, size, arena) : Posix.install(code, size, arena);
    }

    /** mmap and mprotect. */
    private static final class Posix {
        private static final int READ_WRITE = 3;
        private static final int READ_EXECUTE = 5;
        private static final int PRIVATE = 2;
        private static final int ANONYMOUS =
                System.getProperty("os.name", "").startsWith("Mac") ? 0x1000 : 0x20;
        private static final long FAILED = -1;

        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERROR_NUMBER =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        private static final MethodHandle MMAP =
                NativeCalls.system(
                        "mmap",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG),
                        CAPTURE);
        private static final MethodHandle MPROTECT =
                NativeCalls.system(
                        "mprotect",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT),
                        CAPTURE);
        private static final MethodHandle MUNMAP =
                NativeCalls.system(
                        "munmap",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));

        static MemorySegment install(byte[] code, long size, Arena arena) {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment state = scratch.allocate(STATE);
                long address =
                        (long)
                                MMAP.invokeExact(
                                        state, 0L, size, READ_WRITE, PRIVATE | ANONYMOUS, -1, 0L);
                if (address == FAILED) {
                    throw refused("mmap", state);
                }
                MemorySegment memory =
                        MemorySegment.ofAddress(address)
                                .reinterpret(size, arena, m -> unmap(address, size));
                memory.copyFrom(MemorySegment.ofArray(code));
                int result = (int) MPROTECT.invokeExact(state, address, size, READ_EXECUTE);
                if (result != 0) {
                    throw refused("mprotect", state);
                }
                return memory.asReadOnly();
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }

        private static IllegalStateException refused(String function, MemorySegment state) {
            int number = (int) ERROR_NUMBER.get(state, 0L);
            return new IllegalStateException(
                    "the system refuses executable memory: " + function + " gave error " + number);
        }

        private static void unmap(long address, long size) {
            try {
                int ignored = (int) MUNMAP.invokeExact(address, size);
                assert ignored == 0 : "munmap of memory of our own";
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }
    }

    /** VirtualAlloc and VirtualProtect. Written after the documentation, not yet run. */
    private static final class Windows {
        private static final int COMMIT_RESERVE = 0x3000;
        private static final int RELEASE = 0x8000;
        private static final int READ_WRITE = 0x04;
        private static final int EXECUTE_READ = 0x20;

        private static final MethodHandle ALLOC =
                NativeCalls.system(
                        "VirtualAlloc",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
        private static final MethodHandle PROTECT =
                NativeCalls.system(
                        "VirtualProtect",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS));
        private static final MethodHandle FREE =
                NativeCalls.system(
                        "VirtualFree",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));

        static MemorySegment install(byte[] code, long size, Arena arena) {
            try (Arena scratch = Arena.ofConfined()) {
                long address = (long) ALLOC.invokeExact(0L, size, COMMIT_RESERVE, READ_WRITE);
                if (address == 0) {
                    throw new IllegalStateException("the system refuses memory: VirtualAlloc");
                }
                MemorySegment memory =
                        MemorySegment.ofAddress(address)
                                .reinterpret(size, arena, m -> free(address));
                memory.copyFrom(MemorySegment.ofArray(code));
                MemorySegment old = scratch.allocate(ValueLayout.JAVA_INT);
                int result = (int) PROTECT.invokeExact(address, size, EXECUTE_READ, old);
                if (result == 0) {
                    throw new IllegalStateException(
                            "the system refuses executable memory: VirtualProtect");
                }
                return memory.asReadOnly();
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }

        private static void free(long address) {
            try {
                int ignored = (int) FREE.invokeExact(address, 0L, RELEASE);
                assert ignored != 0 : "VirtualFree of memory of our own";
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }
    }
}
