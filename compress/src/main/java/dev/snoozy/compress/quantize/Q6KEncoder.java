package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Q6_K: blocks of 16 with a signed scale of eight bits each, and a factor for 256. */
final class Q6KEncoder implements BlockEncoder {
    private static final int BLOCK = 16;
    private static final int BLOCKS = KFields.SUPER_BLOCK / BLOCK;
    private static final int ZERO = 32;
    private static final int BYTES = 210;
    private static final int SCALES = 192;
    private static final int LOWEST_SCALE = -128;

    private final SymmetricSearch search = new SymmetricSearch(BLOCK, ZERO);
    private final Lanes codes = new Lanes(BLOCK);
    private final float[] lefts = new float[Lanes.COUNT];
    private final float[] nothing = new float[Lanes.COUNT];
    private final byte[] bytes = new byte[KFields.SUPER_BLOCK];

    @Override
    public TensorType type() {
        return TensorType.Q6_K;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int batch = Lanes.COUNT * BLOCK;
        for (int from = 0; from < count; from += batch) {
            batch(x, from, Math.min(batch, count - from) / BLOCK, importance, out);
        }
    }

    private void batch(float[] x, int from, int lanes, float @Nullable [] importance, byte[] out) {
        search.x.load(x, from, lanes);
        if (importance == null) {
            search.weights.squares(search.x, lanes);
        } else {
            search.weights.loadColumns(importance, from, lanes);
        }
        search.run(lanes);
        int at = from / KFields.SUPER_BLOCK * BYTES;
        for (int first = 0; first < lanes; first += BLOCKS) {
            scales(first, out, at + first / BLOCKS * BYTES);
        }
        codes.round(search.x, nothing, lefts, -ZERO, ZERO - 1, lanes);
        for (int first = 0; first < lanes; first += BLOCKS) {
            write(first, out, at + first / BLOCKS * BYTES);
        }
    }

    private void scales(int first, byte[] out, int at) {
        float largest = Extremes.largest(search.scale, first, BLOCKS);
        if (Math.abs(largest) < Numbers.NOTHING) {
            Arrays.fill(out, at, at + BYTES, (byte) 0);
            Arrays.fill(lefts, first, first + BLOCKS, Float.NaN);
            return;
        }
        float inverse = LOWEST_SCALE / largest;
        float factor = Numbers.half(1 / inverse, out, at + BYTES - 2);
        for (int j = 0; j < BLOCKS; j++) {
            float code = Numbers.nearest(inverse * search.scale[first + j]);
            out[at + SCALES + j] = (byte) Math.min(127, (int) code);
            lefts[first + j] = factor * out[at + SCALES + j];
        }
    }

    private void write(int first, byte[] out, int at) {
        if (Float.isNaN(lefts[first])) {
            return; // nothing but zeros
        }
        for (int j = 0; j < BLOCKS; j++) {
            int lane = first + j;
            if (lefts[lane] == 0) {
                for (int i = 0; i < BLOCK; i++) {
                    bytes[j * BLOCK + i] = (byte) search.code(i, lane);
                }
            } else {
                codes.bytes(lane, ZERO, bytes, j * BLOCK);
            }
        }
        KFields.sixBits(bytes, 0, out, at);
    }
}
