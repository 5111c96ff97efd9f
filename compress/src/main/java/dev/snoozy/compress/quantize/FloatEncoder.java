package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/** F32, F16 and BF16: rounded to the nearest, halves to even. */
final class FloatEncoder implements BlockEncoder {
    private final TensorType type;

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
                for (int i = 0; i < count; i++) {
                    Numbers.half(x[i], out, 2 * i);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    Numbers.shortAt(brain(Float.floatToRawIntBits(x[i])), out, 2 * i);
                }
            }
        }
    }

    /** The upper half of a float, rounded. */
    private static int brain(int bits) {
        return bits + 0x7fff + (bits >> 16 & 1) >> 16;
    }
}
