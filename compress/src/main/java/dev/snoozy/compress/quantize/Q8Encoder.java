package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/** Q8_0: the largest element becomes 127. */
final class Q8Encoder implements BlockEncoder {
    private static final int BLOCK = 32;
    private static final int BYTES = 34;

    @Override
    public TensorType type() {
        return TensorType.Q8_0;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        for (int from = 0, at = 0; from < count; from += BLOCK, at += BYTES) {
            float scale = Math.abs(Extremes.largest(x, from, BLOCK)) / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            Numbers.half(scale, out, at);
            for (int i = 0; i < BLOCK; i++) {
                out[at + 2 + i] = (byte) Numbers.nearestAway(x[from + i] * inverse);
            }
        }
    }
}
