package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Q4_1 and Q5_1: a scale and an offset for 32 codes. The codes span the block from its least to its
 * largest element; with an importance matrix the pair is searched.
 */
final class OffsetEncoder implements BlockEncoder {
    private static final int BLOCK = 32;

    private final TensorType type;
    private final int most;
    private final byte[] codes = new byte[BLOCK];
    private final float[] means = new float[Lanes.COUNT];
    private final AffineSearch search;
    private final PlainCodes plain = new PlainCodes();
    private final BlockRanges ranges = new BlockRanges();

    OffsetEncoder(TensorType type) {
        this.type = type;
        this.most = type == TensorType.Q4_1 ? 15 : 31;
        this.search = new AffineSearch(BLOCK, most);
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        if (importance == null) {
            plain(x, count, out);
        } else {
            for (int row = 0; row < count; row += importance.length) {
                row(x, row, importance, out);
            }
        }
    }

    private void plain(float[] x, int count, byte[] out) {
        int bytes = type.bytesPerBlock();
        plain.prepare(count);
        ranges.find(x, count);
        for (int from = 0, at = 0; from < count; from += BLOCK, at += bytes) {
            float least = ranges.lowest(from / BLOCK);
            float scale = (ranges.highest(from / BLOCK) - least) / most;
            plain.offset(from, least);
            plain.inverse(from, scale == 0 ? 0 : 1 / scale);
            Numbers.half(scale, out, at);
            Numbers.half(least, out, at + 2);
        }
        plain.above(x, count, most);
        for (int from = 0, at = 0; from < count; from += BLOCK, at += bytes) {
            write(plain.codes(), from, out, at);
        }
    }

    private void write(byte[] codes, int from, byte[] out, int at) {
        if (type == TensorType.Q5_1) {
            Nibbles.fifth(codes, from, out, at + 4);
        }
        Nibbles.low(codes, from, out, at + type.bytesPerBlock() - BLOCK / 2);
    }

    private void row(float[] x, int row, float[] importance, byte[] out) {
        int columns = importance.length;
        float mean = Numbers.squares(x, row, columns) / columns;
        int blocks = columns / BLOCK;
        for (int first = 0; first < blocks; first += Lanes.COUNT) {
            int lanes = Math.min(Lanes.COUNT, blocks - first);
            search.x.load(x, row + first * BLOCK, lanes);
            search.weights.loadColumns(importance, first * BLOCK, lanes);
            Arrays.fill(means, 0, lanes, mean);
            search.weights.weigh(search.x, means, lanes);
            search.run(lanes, AffineSearch.WITH_IMPORTANCE);
            for (int lane = 0; lane < lanes; lane++) {
                for (int i = 0; i < BLOCK; i++) {
                    codes[i] = (byte) search.code(i, lane);
                }
                int at = (row / BLOCK + first + lane) * type.bytesPerBlock();
                Numbers.half(search.scale[lane], out, at);
                Numbers.half(search.least[lane], out, at + 2);
                write(codes, 0, out, at);
            }
        }
    }
}
