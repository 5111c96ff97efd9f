package dev.snoozy.kernels.machine.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The parameters of a kernel, eight bytes each. Used by one thread; lives as long as its arena. */
public final class ParameterBlock {
    private static final int ALIGNMENT = 64;

    private final MemorySegment block;

    public ParameterBlock(int bytes, Arena arena) {
        block = arena.allocate(bytes, ALIGNMENT);
    }

    /** Sets the parameter at an offset in bytes. */
    public void set(int offset, long value) {
        block.set(ValueLayout.JAVA_LONG, offset, value);
    }

    /** Sets the parameter at an offset in bytes. */
    public void setFloat(int offset, float value) {
        block.set(ValueLayout.JAVA_FLOAT, offset, value);
    }

    /** Where the parameters lie. */
    long address() {
        return block.address();
    }

    /** Calls a kernel with what is set. */
    public void call(Kernel kernel) {
        kernel.call(block.address());
    }

    /**
     * Refuses memory that is too short for what a kernel will touch, or not native: machine code
     * believes its pointers.
     */
    public static void require(MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes || !segment.isNative()) {
            throw new IllegalArgumentException(
                    "expected native memory of " + bytes + " bytes, found " + segment);
        }
    }
}
