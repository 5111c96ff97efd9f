package dev.snoozy.kernels.system;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Whole pages of memory, asked of the system: the one place where the systems differ in this. The
 * memory is zero at first and lives as long as its arena.
 */
public sealed interface SystemMemory {
    /** Bytes of a huge page, of which one entry of the processor's table covers 512 usual ones. */
    long HUGE_PAGE = 2 << 20;

    /** What this system has. */
    static SystemMemory here() {
        return SystemFunctions.system() == SystemFunctions.Name.WINDOWS
                ? new Windows()
                : new Posix();
    }

    /**
     * New memory that can be written.
     *
     * @throws IllegalStateException if the system gives none, with its error number
     */
    MemorySegment allocate(long bytes, Arena arena);

    /**
     * New memory that begins where a huge page may.
     *
     * @throws IllegalStateException if the system gives none, with its error number
     */
    default MemorySegment allocateAtHugePage(long bytes, Arena arena) {
        MemorySegment memory = allocate(bytes + HUGE_PAGE, arena);
        long past = memory.address() % HUGE_PAGE;
        return memory.asSlice(past == 0 ? 0 : HUGE_PAGE - past, bytes);
    }

    /**
     * Makes the pages of a segment executable, and no longer writable.
     *
     * @throws IllegalStateException if the system does not allow it, with its error number
     */
    void makeExecutable(MemorySegment memory);

    /** Asks for huge pages under a segment that begins at one; whether the system agreed. */
    boolean adviseHugePages(MemorySegment memory);

    /** mmap, mprotect and madvise. */
    record Posix() implements SystemMemory {
        private static final int READ_WRITE = 3;
        private static final int READ_EXECUTE = 5;
        private static final int PRIVATE = 2;
        private static final int ANONYMOUS =
                SystemFunctions.system() == SystemFunctions.Name.MAC ? 0x1000 : 0x20;
        private static final long FAILED = -1;
        private static final int ADVICE_HUGE_PAGE = 14; // Linux
        private static final boolean LINUX = SystemFunctions.system() == SystemFunctions.Name.LINUX;

        private static final StructLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERROR_NUMBER =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
        private static final MethodHandle MMAP =
                SystemFunctions.find(
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
                SystemFunctions.find(
                        "mprotect",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT),
                        CAPTURE);
        private static final MethodHandle MADVISE =
                SystemFunctions.find(
                        "madvise",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));
        private static final MethodHandle MUNMAP =
                SystemFunctions.find(
                        "munmap",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));

        @Override
        public MemorySegment allocate(long bytes, Arena arena) {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment state = scratch.allocate(STATE);
                long address =
                        (long)
                                MMAP.invokeExact(
                                        state, 0L, bytes, READ_WRITE, PRIVATE | ANONYMOUS, -1, 0L);
                if (address == FAILED) {
                    throw refused("mmap", bytes, state);
                }
                return MemorySegment.ofAddress(address)
                        .reinterpret(bytes, arena, memory -> unmap(address, bytes));
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }

        @Override
        public void makeExecutable(MemorySegment memory) {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment state = scratch.allocate(STATE);
                int result =
                        (int)
                                MPROTECT.invokeExact(
                                        state, memory.address(), memory.byteSize(), READ_EXECUTE);
                if (result != 0) {
                    throw refused("mprotect", memory.byteSize(), state);
                }
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }

        @Override
        public boolean adviseHugePages(MemorySegment memory) {
            if (!LINUX) {
                return false;
            }
            try {
                int result =
                        (int)
                                MADVISE.invokeExact(
                                        memory.address(), memory.byteSize(), ADVICE_HUGE_PAGE);
                return result == 0;
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }

        private static IllegalStateException refused(
                String function, long bytes, MemorySegment state) {
            int number = (int) ERROR_NUMBER.get(state, 0L);
            return new IllegalStateException(
                    "the system refuses "
                            + bytes
                            + " bytes of memory: "
                            + function
                            + " gave error "
                            + number);
        }

        private static void unmap(long address, long size) {
            try {
                int ignored = (int) MUNMAP.invokeExact(address, size);
                assert ignored == 0 : "munmap of memory of our own";
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }
    }

    /** VirtualAlloc and VirtualProtect. Written after the documentation, not yet run. */
    record Windows() implements SystemMemory {
        private static final int COMMIT_RESERVE = 0x3000;
        private static final int RELEASE = 0x8000;
        private static final int READ_WRITE = 0x04;
        private static final int EXECUTE_READ = 0x20;

        private static final MethodHandle ALLOC =
                SystemFunctions.find(
                        "VirtualAlloc",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT));
        private static final MethodHandle PROTECT =
                SystemFunctions.find(
                        "VirtualProtect",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS));
        private static final MethodHandle FREE =
                SystemFunctions.find(
                        "VirtualFree",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));

        @Override
        public MemorySegment allocate(long bytes, Arena arena) {
            try {
                long address = (long) ALLOC.invokeExact(0L, bytes, COMMIT_RESERVE, READ_WRITE);
                if (address == 0) {
                    throw new IllegalStateException(
                            "the system refuses " + bytes + " bytes of memory: VirtualAlloc");
                }
                return MemorySegment.ofAddress(address)
                        .reinterpret(bytes, arena, memory -> free(address));
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }

        @Override
        public void makeExecutable(MemorySegment memory) {
            try (Arena scratch = Arena.ofConfined()) {
                MemorySegment old = scratch.allocate(ValueLayout.JAVA_INT);
                int result =
                        (int)
                                PROTECT.invokeExact(
                                        memory.address(), memory.byteSize(), EXECUTE_READ, old);
                if (result == 0) {
                    throw new IllegalStateException(
                            "the system refuses executable memory: VirtualProtect");
                }
            } catch (IllegalStateException e) {
                throw e;
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }

        @Override
        public boolean adviseHugePages(MemorySegment memory) {
            return false; // large pages need a privilege there
        }

        private static void free(long address) {
            try {
                int ignored = (int) FREE.invokeExact(address, 0L, RELEASE);
                assert ignored != 0 : "VirtualFree of memory of our own";
            } catch (Throwable e) {
                throw SystemFunctions.unexpected(e);
            }
        }
    }
}
