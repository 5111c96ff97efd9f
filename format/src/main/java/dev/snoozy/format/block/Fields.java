package dev.snoozy.format.block;

import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** Reads the fields of blocks, which are little endian and not aligned. */
final class Fields {
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Fields() {}

    /** An unsigned byte. */
    static int u8(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    /** A signed byte. */
    static int i8(MemorySegment s, long at) {
        return s.get(ValueLayout.JAVA_BYTE, at);
    }

    /** An unsigned short. */
    static int u16(MemorySegment s, long at) {
        return s.get(SHORT, at) & 0xffff;
    }

    /** 32 bits. */
    static int u32(MemorySegment s, long at) {
        return s.get(INT, at);
    }

    /** A half-precision number. */
    static float f16(MemorySegment s, long at) {
        return Float.float16ToFloat(s.get(SHORT, at));
    }

    /** Refuses ranges that lie outside the source or the target, once for each call of a codec. */
    static void check(
            TensorType type,
            MemorySegment source,
            long offset,
            float[] target,
            int start,
            int count) {
        if (count % type.blockSize() != 0) {
            throw new IllegalArgumentException(
                    type
                            + ": expected a multiple of "
                            + type.blockSize()
                            + " elements, found "
                            + count);
        }
        Objects.checkFromIndexSize(start, count, target.length);
        Objects.checkFromIndexSize(offset, type.bytes(count), source.byteSize());
    }
}
