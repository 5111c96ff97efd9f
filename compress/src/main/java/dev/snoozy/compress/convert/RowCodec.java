package dev.snoozy.compress.convert;

import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.TensorType;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Rows of numbers to floats and back, in the few types that checkpoints and converters write. */
final class RowCodec {
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 34;
    private static final float F16_MAX = 65504;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RowCodec() {}

    /** The GGUF type that holds a checkpoint's numbers as they are. */
    static TensorType asIs(String tensor, SafetensorType type) {
        return switch (type) {
            case F32, F64 -> TensorType.F32;
            case F16 -> TensorType.F16;
            case BF16 -> TensorType.BF16;
            default ->
                    throw new ConvertException(
                            "tensor "
                                    + tensor
                                    + ": found "
                                    + type
                                    + ", expected F32, F16, BF16 or F64; cure: convert the"
                                    + " checkpoint that was not quantized");
        };
    }

    /** Whether both hold the same numbers in the same bytes. */
    static boolean same(SafetensorType from, TensorType to) {
        return from.name().equals(to.name());
    }

    /** Element {@code i} of a checkpoint's tensor. */
    static float element(SafetensorType type, MemorySegment data, long i) {
        return switch (type) {
            case F32 -> data.get(FLOAT, 4 * i);
            case F16 -> Float.float16ToFloat(data.get(SHORT, 2 * i));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2 * i) << 16);
            case F64 -> (float) data.get(DOUBLE, 8 * i);
            default -> throw new IllegalArgumentException("no floats: " + type);
        };
    }

    /** Writes a row at a place. */
    static void encode(String tensor, TensorType type, float[] row, MemorySegment to, long at) {
        for (float value : row) {
            if (!Float.isFinite(value)) {
                throw new ConvertException(
                        "tensor "
                                + tensor
                                + ": found "
                                + value
                                + " among its values; it is damaged");
            }
        }
        switch (type) {
            case F32 -> MemorySegment.copy(row, 0, to, FLOAT, at, row.length);
            case F16 -> {
                for (int i = 0; i < row.length; i++) {
                    to.set(SHORT, at + 2L * i, half(tensor, row[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < row.length; i++) {
                    to.set(SHORT, at + 2L * i, brain(row[i]));
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < row.length; i += BLOCK) {
                    block(row, i, to, at + (long) i / BLOCK * BLOCK_BYTES);
                }
            }
            default -> throw new IllegalArgumentException("no type of a converter: " + type);
        }
    }

    private static short half(String tensor, float value) {
        short half = Float.floatToFloat16(value);
        if (Math.abs(value) > F16_MAX && Float.isInfinite(Float.float16ToFloat(half))) {
            throw new ConvertException(
                    "tensor "
                            + tensor
                            + ": the value "
                            + value
                            + " is too large for F16; cure: --type bf16 or f32");
        }
        return half;
    }

    /** Rounds to the nearest, ties to even. */
    private static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }

    /** Scale by the largest magnitude over 127; rounds halves away from zero. */
    private static void block(float[] row, int from, MemorySegment to, long at) {
        float largest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            largest = Math.max(largest, Math.abs(row[i]));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        to.set(SHORT, at, Float.floatToFloat16(scale));
        for (int i = 0; i < BLOCK; i++) {
            float code = row[from + i] * inverse;
            int rounded = (int) (Math.abs((double) code) + 0.5);
            to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (code < 0 ? -rounded : rounded));
        }
    }
}
