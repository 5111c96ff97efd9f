package dev.snoozy.kernels.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.kernels.system.GuardedMemory.Edge;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

class GuardedMemoryTest {
    private static final int BAD_ADDRESS = 14; // EFAULT of Linux

    @Test
    void theBytesBesideASegmentCannotBeRead() throws Throwable {
        assumeTrue(System.getProperty("os.name").startsWith("Linux"), "no Linux");
        try (Arena arena = Arena.ofConfined()) {
            GuardedMemory memory = new GuardedMemory(5000, arena);
            MemorySegment last = memory.of(5000, Edge.END).fill((byte) 0);
            MemorySegment first = memory.of(5000, Edge.BEGIN).fill((byte) 0);
            assertThat(errorOf(last.address() + 5000)).isEqualTo(BAD_ADDRESS);
            assertThat(errorOf(last.address() + 4999)).isNotEqualTo(BAD_ADDRESS);
            assertThat(errorOf(first.address() - 1)).isEqualTo(BAD_ADDRESS);
            assertThat(errorOf(first.address())).isNotEqualTo(BAD_ADDRESS);
        }
    }

    /** What the system says to a path at an address: it reads there and does not fault. */
    private static int errorOf(long address) throws Throwable {
        StructLayout state = Linker.Option.captureStateLayout();
        MethodHandle access =
                SystemFunctions.find(
                        "access",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                        Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(state);
            int result = (int) access.invokeExact(errors, address, 0);
            assertThat(result).isEqualTo(-1);
            long at = state.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
            return errors.get(ValueLayout.JAVA_INT, at);
        }
    }
}
