package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

/**
 * IQ4_NL and IQ4_XS: codes are indices of sixteen values that lie closer together near 0. A few
 * scales are tried for each 32 elements; IQ4_XS quantizes the eight scales of 256 elements to six
 * bits.
 */
final class NonlinearEncoder implements BlockEncoder {
    private static final int BLOCK = 32;
    private static final int STEPS = 7;

    /** The values of IQ4_NL and IQ4_XS, see {@code format.block.IQ4_NL}. */
    private static final float[] VALUES = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    private static final int SCALE_ZERO = 32;

    private final TensorType type;
    private final int columns;
    private final float[] scales;
    private final float[] weights = new float[BLOCK];
    private final byte[] codes;

    NonlinearEncoder(TensorType type) {
        this.type = type;
        this.columns = type.blockSize();
        this.scales = new float[columns / BLOCK];
        this.codes = new byte[columns];
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int bytes = type.bytesPerBlock();
        for (int from = 0, at = 0; from < count; from += columns, at += bytes) {
            float mean = Numbers.squares(x, from, columns) * (2f / columns);
            for (int block = 0; block < scales.length; block++) {
                int start = from + block * BLOCK;
                weigh(x, start, importance, mean);
                scales[block] = scale(x, start);
            }
            if (scales.length == 1) {
                Numbers.half(scales[0], out, at);
                code(x, from, scales[0] == 0 ? 0 : 1 / scales[0], 0);
                Nibbles.low(codes, 0, out, at + 2);
            } else {
                superBlock(x, from, out, at);
            }
        }
    }

    private void weigh(float[] x, int from, float @Nullable [] importance, float mean) {
        if (importance == null) {
            for (int i = 0; i < BLOCK; i++) {
                weights[i] = x[from + i] * x[from + i];
            }
        } else {
            int column = from % importance.length;
            for (int i = 0; i < BLOCK; i++) {
                float root = (float) Math.sqrt(mean + x[from + i] * x[from + i]);
                weights[i] = importance[column + i] * root;
            }
        }
    }

    private float scale(float[] x, int from) {
        float largest = Extremes.largest(x, from, BLOCK);
        if (Math.abs(largest) < Numbers.NOTHING) {
            return 0;
        }
        float scale = 0;
        float best = 0;
        float inverse = 1 / (-largest / VALUES[0]);
        for (int i = -STEPS - 1; i <= STEPS; i++) {
            boolean start = i < -STEPS;
            float id = start ? inverse : (i + VALUES[0]) / largest;
            float products = 0;
            float squares = 0;
            for (int j = 0; j < BLOCK; j++) {
                float value = VALUES[nearest(id * x[from + j])];
                float weighted = weights[j] * value;
                products += weighted * x[from + j];
                squares += weighted * value;
            }
            if (start) {
                scale = squares > 0 ? products / squares : 0;
                best = scale * products;
            } else if (squares > 0 && products * products > best * squares) {
                scale = products / squares;
                best = scale * products;
            }
        }
        return scale;
    }

    private void superBlock(float[] x, int from, byte[] out, int at) {
        float factor = -Extremes.largest(scales, 0, scales.length) / SCALE_ZERO;
        Numbers.half(factor, out, at);
        float inverse = factor == 0 ? 0 : 1 / factor;
        int high = 0;
        int low = 0;
        for (int block = 0; block < scales.length; block++) {
            int code = Numbers.nearest(inverse * scales[block], -SCALE_ZERO, SCALE_ZERO - 1);
            float scale = factor * code;
            code(x, from + block * BLOCK, scale == 0 ? 0 : 1 / scale, block * BLOCK);
            low |= (code + SCALE_ZERO & 15) << 4 * block;
            high |= code + SCALE_ZERO >> 4 << 2 * block;
            Nibbles.low(codes, block * BLOCK, out, at + 8 + block * BLOCK / 2);
        }
        Numbers.shortAt(high, out, at + 2);
        Numbers.intAt(low, out, at + 4);
    }

    private void code(float[] x, int from, float inverse, int to) {
        for (int i = 0; i < BLOCK; i++) {
            codes[to + i] = (byte) nearest(inverse * x[from + i]);
        }
    }

    /** The index of the value that is nearest; the higher of two. */
    private static int nearest(float x) {
        if (x <= VALUES[0]) {
            return 0;
        }
        int last = VALUES.length - 1;
        if (x >= VALUES[last]) {
            return last;
        }
        int low = 0;
        int high = last;
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (x < VALUES[middle]) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return x - VALUES[low] < VALUES[high] - x ? low : high;
    }
}
