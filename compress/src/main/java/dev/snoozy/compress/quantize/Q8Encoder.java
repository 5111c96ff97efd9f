package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/** Q8_0: the largest element becomes 127. */
final class Q8Encoder implements BlockEncoder {
    private static final int BLOCK = PlainCodes.BLOCK;
    private static final int BYTES = 34;

    private final PlainCodes codes = new PlainCodes();
    private final BlockRanges ranges = new BlockRanges();

    @Override
    public TensorType type() {
        return TensorType.Q8_0;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        codes.prepare(count);
        ranges.find(x, count);
        for (int from = 0, at = 0; from < count; from += BLOCK, at += BYTES) {
            float scale = Math.abs(ranges.largest(from / BLOCK)) / 127;
            codes.inverse(from, scale == 0 ? 0 : 1 / scale);
            Numbers.half(scale, out, at);
        }
        codes.nearestAway(x, count);
        for (int from = 0, at = 2; from < count; from += BLOCK, at += BYTES) {
            System.arraycopy(codes.codes(), from, out, at, BLOCK);
        }
    }
}
