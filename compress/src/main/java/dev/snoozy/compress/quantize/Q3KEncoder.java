package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Q3_K: blocks of 16 with a signed scale of six bits each, and a factor for 256. Without an
 * importance matrix single codes are changed while that lowers the error ({@link #improve}); with
 * one, scales are searched as for {@link Q6KEncoder}, those of the scales too.
 */
final class Q3KEncoder implements BlockEncoder {
    private static final int BLOCK = 16;
    private static final int BLOCKS = KFields.SUPER_BLOCK / BLOCK;
    private static final int ZERO = 4;
    private static final int SCALE_ZERO = 32;
    private static final int BYTES = 110;
    private static final int ROUNDS = 5;

    private final SymmetricSearch search = new SymmetricSearch(BLOCK, ZERO);
    private final SymmetricSearch scaleSearch = new SymmetricSearch(BLOCKS, SCALE_ZERO);
    private final Lanes codes = new Lanes(BLOCK);
    private final byte[] first = new byte[Lanes.COUNT * BLOCK];
    private final float[] scales = new float[Lanes.COUNT];
    private final float[] sums = new float[Lanes.COUNT];
    private final float[] lefts = new float[Lanes.COUNT];
    private final float[] nothing = new float[Lanes.COUNT];
    private final int[] scaleCodes = new int[BLOCKS];
    private final byte[] bytes = new byte[KFields.SUPER_BLOCK];

    @Override
    public TensorType type() {
        return TensorType.Q3_K;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int batch = Lanes.COUNT * BLOCK;
        for (int from = 0; from < count; from += batch) {
            int lanes = Math.min(batch, count - from) / BLOCK;
            int at = from / KFields.SUPER_BLOCK * BYTES;
            search.x.load(x, from, lanes);
            if (importance == null) {
                plain(x, from, lanes, out, at);
            } else {
                weighted(x, from, lanes, importance, out, at);
            }
            codes.round(search.x, nothing, lefts, -ZERO, ZERO - 1, lanes);
            for (int lane = 0; lane < lanes; lane += BLOCKS) {
                write(lane, out, at + lane / BLOCKS * BYTES);
            }
        }
    }

    private void plain(float[] x, int from, int lanes, byte[] out, int at) {
        for (int lane = 0; lane < lanes; lane++) {
            scales[lane] = improve(x, from + lane * BLOCK, first, lane * BLOCK);
        }
        for (int lane = 0; lane < lanes; lane += BLOCKS) {
            float largest = Extremes.largest(scales, lane, BLOCKS);
            float inverse = largest == 0 ? 0 : -SCALE_ZERO / largest;
            for (int j = 0; j < BLOCKS; j++) {
                float scaled = inverse * scales[lane + j];
                int code = Numbers.nearest(scaled, -SCALE_ZERO, SCALE_ZERO - 1);
                // Nothing but zeros leaves a code of 0, which is not that of a scale of 0.
                scaleCodes[j] = largest == 0 ? 0 : code + SCALE_ZERO;
            }
            float factor = largest == 0 ? 0 : 1 / inverse;
            scales(lane, factor, out, at + lane / BLOCKS * BYTES);
        }
    }

    private void weighted(float[] x, int from, int lanes, float[] importance, byte[] out, int at) {
        for (int lane = 0; lane < lanes; lane += BLOCKS) {
            float squares = Numbers.squares(x, from + lane * BLOCK, KFields.SUPER_BLOCK);
            Arrays.fill(sums, lane, lane + BLOCKS, 2 * squares / KFields.SUPER_BLOCK);
        }
        search.weights.loadColumns(importance, from, lanes);
        search.weights.weigh(search.x, sums, lanes);
        search.weights.sum(sums, lanes);
        search.run(lanes);
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = 0; i < BLOCK; i++) {
                first[lane * BLOCK + i] = (byte) search.code(i, lane);
            }
        }
        int supers = lanes / BLOCKS;
        scaleSearch.x.load(search.scale, 0, supers);
        scaleSearch.weights.load(sums, 0, supers);
        scaleSearch.run(supers);
        for (int i = 0; i < supers; i++) {
            for (int j = 0; j < BLOCKS; j++) {
                scaleCodes[j] = scaleSearch.code(j, i);
            }
            scales(i * BLOCKS, scaleSearch.scale[i], out, at + i * BYTES);
        }
    }

    private void scales(int lane, float factor, byte[] out, int at) {
        float written = Numbers.half(factor, out, at + BYTES - 2);
        KFields.sixteenScales(scaleCodes, out, at + BYTES - 14);
        for (int j = 0; j < BLOCKS; j++) {
            lefts[lane + j] = written * (scaleCodes[j] - SCALE_ZERO);
        }
    }

    private void write(int lane, byte[] out, int at) {
        for (int j = 0; j < BLOCKS; j++) {
            if (lefts[lane + j] == 0) {
                System.arraycopy(first, (lane + j) * BLOCK, bytes, j * BLOCK, BLOCK);
            } else {
                codes.bytes(lane + j, ZERO, bytes, j * BLOCK);
            }
        }
        KFields.bits(bytes, 0, 2, out, at);
        KFields.pairs(bytes, 0, out, at + 32);
    }

    /**
     * Codes of a block, from 0 to 7: each is changed to the one that is best while the others stay,
     * as long as that helps.
     *
     * @return the scale
     */
    private static float improve(float[] x, int from, byte[] codes, int to) {
        float largest = Extremes.largest(x, from, BLOCK);
        if (Math.abs(largest) < Numbers.NOTHING) {
            Arrays.fill(codes, to, to + BLOCK, (byte) 0);
            return 0;
        }
        float inverse = -ZERO / largest;
        float products = 0;
        float squares = 0;
        for (int i = 0; i < BLOCK; i++) {
            float xi = x[from + i];
            int code = Numbers.nearest(inverse * xi, -ZERO, ZERO - 1);
            codes[to + i] = (byte) code;
            float w = xi * xi;
            products += w * xi * code;
            squares += w * code * code;
        }
        for (int round = 0; round < ROUNDS; round++) {
            boolean changed = false;
            for (int i = 0; i < BLOCK; i++) {
                float xi = x[from + i];
                float w = xi * xi;
                int old = codes[to + i];
                float otherProducts = products - w * xi * old;
                if (otherProducts > 0) {
                    float otherSquares = squares - w * old * old;
                    float wanted = xi * otherSquares / otherProducts;
                    int code = Numbers.nearest(wanted, -ZERO, ZERO - 1);
                    float newProducts = otherProducts + w * xi * code;
                    float newSquares = otherSquares + w * code * code;
                    if (code != old
                            && newSquares > 0
                            && newProducts * newProducts * squares
                                    > products * products * newSquares) {
                        codes[to + i] = (byte) code;
                        products = newProducts;
                        squares = newSquares;
                        changed = true;
                    }
                }
            }
            if (!changed) {
                break;
            }
        }
        for (int i = 0; i < BLOCK; i++) {
            codes[to + i] += (byte) ZERO;
        }
        return squares > 0 ? products / squares : 0;
    }
}
