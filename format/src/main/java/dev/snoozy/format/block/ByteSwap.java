package dev.snoozy.format.block;

import dev.snoozy.format.TensorType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns the numbers of a big-endian file round, block by block. Which bytes of a block form a
 * number follows from the structures that ggml reads and writes in the byte order of the machine
 * ({@code ggml-common.h}); single bytes stay where they are.
 */
public final class ByteSwap {
    private ByteSwap() {}

    /** So many numbers of so many bytes, from a byte of the block on. */
    private record Run(int at, int width, int count) {}

    /** A copy of the data in the other byte order, in memory of the arena. */
    public static MemorySegment swapped(TensorType type, MemorySegment data, Arena arena) {
        MemorySegment copy = arena.allocate(data.byteSize(), 64);
        copy.copyFrom(data);
        Run[] runs = runs(type);
        for (long block = 0; block < data.byteSize(); block += type.bytesPerBlock()) {
            for (Run run : runs) {
                swap(copy, block + run.at, run.width, run.count);
            }
        }
        return copy;
    }

    private static void swap(MemorySegment data, long at, int width, int count) {
        for (int i = 0; i < count; i++) {
            long first = at + (long) i * width;
            for (int low = 0, high = width - 1; low < high; low++, high--) {
                byte b = data.get(ValueLayout.JAVA_BYTE, first + low);
                data.set(
                        ValueLayout.JAVA_BYTE,
                        first + low,
                        data.get(ValueLayout.JAVA_BYTE, first + high));
                data.set(ValueLayout.JAVA_BYTE, first + high, b);
            }
        }
    }

    private static Run[] runs(TensorType type) {
        return switch (type) {
            case I8, MXFP4, NVFP4 -> new Run[0];
            case F16, BF16, I16 -> shorts(0, 1);
            case F32, I32 -> new Run[] {new Run(0, 4, 1)};
            case F64, I64 -> new Run[] {new Run(0, 8, 1)};
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ2_S, IQ3_S, Q1_0, Q2_0 -> shorts(0, 1);
            case Q4_1, Q5_1, Q8_1, Q4_K, Q5_K, IQ4_XS -> shorts(0, 2);
            case Q2_K -> shorts(80, 2);
            case Q3_K -> shorts(108, 1);
            case Q6_K -> shorts(208, 1);
            case Q8_K -> new Run[] {new Run(0, 4, 1), new Run(260, 2, 16)};
            case IQ2_XXS, IQ2_XS -> shorts(0, 33);
            case IQ3_XXS -> new Run[] {new Run(0, 2, 1), new Run(66, 4, 8)};
            case IQ1_S -> new Run[] {new Run(0, 2, 1), new Run(34, 2, 8)};
            case IQ1_M -> shorts(48, 4);
            case TQ1_0 -> shorts(52, 1);
            case TQ2_0 -> shorts(64, 1);
        };
    }

    private static Run[] shorts(int at, int count) {
        return new Run[] {new Run(at, 2, count)};
    }
}
