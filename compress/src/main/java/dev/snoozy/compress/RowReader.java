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

    /** The first element that is infinite or no number, -1 if there is none. */
    static int firstNotFinite(float[] x, int count) {
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(x[i]) <= Float.MAX_VALUE)) {
                return i;
            }
        }
        return -1;
    }
}
