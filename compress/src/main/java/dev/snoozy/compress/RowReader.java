package dev.snoozy.compress;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads rows of any type as floats; those of floats faster than their codecs do. */
final class RowReader {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private short[] halves = new short[0];

    /** Reads {@code count} elements into the beginning of an array. */
    void read(TensorType type, MemorySegment data, long offset, float[] target, int count) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, FLOAT, offset, target, 0, count);
            case F16 -> {
                load(data, offset, count);
                fromHalves(halves, target, count);
            }
            case BF16 -> {
                load(data, offset, count);
                fromBrains(halves, target, count);
            }
            default -> BlockCodec.of(type).decode(data, offset, target, 0, count);
        }
    }

    private void load(MemorySegment data, long offset, int count) {
        if (halves.length < count) {
            halves = new short[count];
        }
        MemorySegment.copy(data, SHORT, offset, halves, 0, count);
    }

    private static void fromHalves(short[] halves, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Float.float16ToFloat(halves[i]);
        }
    }

    private static void fromBrains(short[] halves, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Float.intBitsToFloat(halves[i] << 16);
        }
    }

    /**
     * Whether all elements of a type of floats are finite.
     *
     * <p>An exponent of nothing but ones makes an infinite number, or none: adding a one to its
     * lowest bit carries into the sign, which was cleared. A long holds several elements.
     *
     * @param bytes of the elements, from {@code offset} on
     */
    static boolean isFinite(TensorType type, MemorySegment data, long offset, long bytes) {
        long one =
                switch (type) {
                    case F32 -> 0x0080_0000_0080_0000L;
                    case F16 -> 0x0400_0400_0400_0400L;
                    default -> 0x0080_0080_0080_0080L;
                };
        long sign = type == TensorType.F32 ? 0x8000_0000_8000_0000L : 0x8000_8000_8000_8000L;
        long whole = bytes / Long.BYTES * Long.BYTES;
        long carried = 0;
        for (long at = offset; at < offset + whole; at += Long.BYTES) {
            carried |= (data.get(LONG, at) & ~sign) + one;
        }
        long rest = 0;
        for (long at = bytes - 1; at >= whole; at--) {
            rest = rest << 8 | data.get(ValueLayout.JAVA_BYTE, offset + at) & 0xff;
        }
        return ((carried | (rest & ~sign) + one) & sign) == 0;
    }

    /** The first element that is infinite or no number, -1 if there is none. */
    static int firstNotFinite(float[] x, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(x[i])) {
                return i;
            }
        }
        return -1;
    }
}
