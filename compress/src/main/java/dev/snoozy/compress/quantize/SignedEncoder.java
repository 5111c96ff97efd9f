package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Q4_0 and Q5_0: a scale for 32 codes around zero. The element that is largest becomes the lowest
 * code, which has no positive counterpart; with an importance matrix a few scales near that one are
 * tried.
 */
final class SignedEncoder implements BlockEncoder {
    private static final int BLOCK = 32;

    private final TensorType type;
    private final int zero;
    private final byte[] codes = new byte[BLOCK];
    private final float[] means = new float[Lanes.COUNT];
    private final SymmetricSearch search;
    private final PlainCodes plain = new PlainCodes();
    private final BlockRanges ranges = new BlockRanges();

    SignedEncoder(TensorType type) {
        this.type = type;
        this.zero = type == TensorType.Q4_0 ? 8 : 16;
        this.search = new SymmetricSearch(BLOCK, zero);
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
            float scale = ranges.largest(from / BLOCK) / -zero;
            plain.inverse(from, scale == 0 ? 0 : 1 / scale);
            Numbers.half(scale, out, at);
        }
        plain.signed(x, count, zero + 0.5f, 2 * zero - 1);
        for (int from = 0, at = 0; from < count; from += BLOCK, at += bytes) {
            write(plain.codes(), from, out, at);
        }
    }

    private void write(byte[] codes, int from, byte[] out, int at) {
        if (type == TensorType.Q5_0) {
            Nibbles.fifth(codes, from, out, at + 2);
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
            search.run(lanes);
            for (int lane = 0; lane < lanes; lane++) {
                for (int i = 0; i < BLOCK; i++) {
                    codes[i] = (byte) search.code(i, lane);
                }
                int at = (row / BLOCK + first + lane) * type.bytesPerBlock();
                Numbers.half(search.scale[lane], out, at);
                write(codes, 0, out, at);
            }
        }
    }
}
