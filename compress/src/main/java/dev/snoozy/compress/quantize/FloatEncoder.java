package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** F32, F16 and BF16: rounded to the nearest, halves to even. */
final class FloatEncoder implements BlockEncoder {
    private final TensorType type;
    private short[] halves = new short[0];

    FloatEncoder(TensorType type) {
        this.type = type;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        switch (type) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    Numbers.intAt(Float.floatToRawIntBits(x[i]), out, 4 * i);
                }
            }
            case F16 -> {
                if (halves.length < count) {
                    halves = new short[count];
                }
                round(x, halves, count);
                for (int i = 0; i < count; i++) {
                    if ((halves[i] & 0x7fff) == 0x7c00) {
                        Numbers.half(x[i], out, 2 * i); // which refuses it
                    }
                }
                ByteBuffer bytes = ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asShortBuffer().put(halves, 0, count);
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    Numbers.shortAt(brain(Float.floatToRawIntBits(x[i])), out, 2 * i);
                }
            }
        }
    }

    private static void round(float[] x, short[] halves, int count) {
        for (int i = 0; i < count; i++) {
            halves[i] = Float.floatToFloat16(x[i]);
        }
    }

    /** The upper half of a float, rounded. */
    private static int brain(int bits) {
        return bits + 0x7fff + (bits >> 16 & 1) >> 16;
    }
}
