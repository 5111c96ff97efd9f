package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS and IQ3_S: groups of eight or four magnitudes are points of a
 * lattice, signs stand apart, and a block of 16 or 32 has a scale.
 *
 * <p>For each of a few scales every group takes its point: that of its rounded levels if it is one,
 * else the one nearby with the smallest weighted error. The scale that fits best wins, and groups
 * that had no point of their own choose again under it.
 */
final class LatticeEncoder implements BlockEncoder {
    private static final int SUPER_BLOCK = 256;
    private static final int MOST_SCALE = 31;
    private static final int EIGHT = 8;

    private final LatticeKind kind;
    private final Grid grid;
    private final int block;
    private final int width;
    private final float top;

    private final float[] weights;
    private final float[] roots;
    private final float[] magnitudes;
    private final byte[] levels;
    private final byte[] tried;
    private final boolean[] own;
    private final boolean[] triedOwn;
    private final int[] wrapped;

    private final float[] scales;
    private final int[] scaleCodes;
    private final int[] indices;
    private final int[] signs = new int[SUPER_BLOCK / EIGHT];

    LatticeEncoder(TensorType type) {
        this.kind = LatticeKind.of(type);
        this.grid = Grid.of(type);
        this.block = kind.block();
        this.width = grid.width();
        this.top = 2 * kind.mostLevel() + 1;
        this.weights = new float[block];
        this.roots = new float[block];
        this.magnitudes = new float[block];
        this.levels = new byte[block];
        this.tried = new byte[block];
        this.own = new boolean[block / width];
        this.triedOwn = new boolean[block / width];
        this.wrapped = new int[block];
        this.scales = new float[SUPER_BLOCK / block];
        this.scaleCodes = new int[SUPER_BLOCK / block];
        this.indices = new int[SUPER_BLOCK / width];
    }

    @Override
    public TensorType type() {
        return kind.type();
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int bytes = kind.type().bytesPerBlock();
        for (int from = 0, at = 0; from < count; from += SUPER_BLOCK, at += bytes) {
            superBlock(x, from, importance, out, at);
        }
    }

    private void superBlock(
            float[] x, int from, float @Nullable [] importance, byte[] out, int at) {
        float squares = Numbers.squares(x, from, SUPER_BLOCK);
        float mean = kind.meanFactor() * squares / SUPER_BLOCK;
        Arrays.fill(indices, 0);
        Arrays.fill(signs, 0);
        float largest = 0;
        for (int i = 0; i < scales.length; i++) {
            int start = from + i * block;
            weigh(x, start, importance, mean);
            scales[i] = encodeBlock(x, start, i);
            largest = Math.max(largest, scales[i]);
        }
        Arrays.fill(out, at, at + kind.type().bytesPerBlock(), (byte) 0);
        if (largest == 0) {
            return;
        }
        float factor = largest / MOST_SCALE;
        float inverse = 1 / factor;
        for (int i = 0; i < scales.length; i++) {
            scaleCodes[i] = Numbers.nearest(0.5f * (inverse * scales[i] - 1), 0, 15);
        }
        Numbers.half(factor * kind.correction(), out, at);
        kind.packing().write(indices, signs, scaleCodes, out, at);
    }

    private void weigh(float[] x, int from, float @Nullable [] importance, float mean) {
        if (importance == null) {
            for (int i = 0; i < block; i++) {
                weights[i] = kind.plainMean() * mean + x[from + i] * x[from + i];
            }
        } else {
            int column = from % importance.length;
            for (int i = 0; i < block; i++) {
                float root = (float) Math.sqrt(mean + x[from + i] * x[from + i]);
                weights[i] = importance[column + i] * root;
            }
        }
        for (int i = 0; i < block; i++) {
            roots[i] = (float) Math.sqrt(weights[i]);
        }
    }

    /** Chooses points and signs of a block; gives its scale. */
    private float encodeBlock(float[] x, int from, int number) {
        int firstSigns = number * block / EIGHT;
        separateSigns(x, from, firstSigns);
        float largest = magnitudes[0];
        for (int i = 1; i < block; i++) {
            largest = Math.max(largest, magnitudes[i]);
        }
        Arrays.fill(levels, (byte) 0);
        float range = largest < kind.nothing() ? 0 : range(largest);
        if (range <= 0) {
            Arrays.fill(signs, firstSigns, firstSigns + block / EIGHT, 0);
            return 0;
        }
        float scale = refine(search(range));
        if (scale < 0) {
            scale = -scale;
            for (int i = 0; i < block / EIGHT; i++) {
                signs[firstSigns + i] ^= 255;
            }
        }
        for (int k = 0; k < block / width; k++) {
            indices[number * (block / width) + k] = grid.point(grid.key(levels, k * width));
        }
        return scale;
    }

    /** What the highest level is to stand for, about. */
    private float range(float largest) {
        if (!kind.fitted()) {
            return largest;
        }
        int most = kind.mostLevel() + 1;
        // One level more than there is leaves room for the largest element.
        float scale = PositiveScales.quantize(magnitudes, 0, weights, 0, block, most + 1, wrapped);
        return scale * most;
    }

    private void separateSigns(float[] x, int from, int firstSigns) {
        for (int k = 0; k < block / EIGHT; k++) {
            int bits = 0;
            for (int i = 0; i < EIGHT; i++) {
                float element = x[from + EIGHT * k + i];
                boolean negative = !(element >= 0);
                magnitudes[EIGHT * k + i] = negative ? -element : element;
                bits |= negative ? 1 << i : 0;
            }
            if (kind.evenSigns() && Integer.bitCount(bits) % 2 == 1) {
                int least = leastImportant(x, from, EIGHT * k);
                magnitudes[EIGHT * k + least] = -magnitudes[EIGHT * k + least];
                bits ^= 1 << least;
            }
            signs[firstSigns + k] = bits;
        }
    }

    /** The element of a group of eight whose sign matters least. */
    private int leastImportant(float[] x, int from, int group) {
        int best = 0;
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < EIGHT; i++) {
            float element = x[from + group + i];
            float error = weights[group + i] * element * element;
            if (error < least) {
                least = error;
                best = i;
            }
        }
        return best;
    }

    /** Tries scales; leaves the levels of the best one and gives its scale. */
    private float search(float range) {
        float best = 0;
        float scale = range / top;
        Arrays.fill(own, kind.ownAtFirst());
        for (int i = -kind.steps(); i <= kind.steps(); i++) {
            float inverse = (top + i * kind.step()) / range;
            for (int k = 0; k < block / width; k++) {
                triedOwn[k] = group(k * width, inverse, 1 / inverse, tried);
            }
            float products = products(tried);
            float squares = squares(tried);
            if (squares > 0 && products * products > best * squares) {
                scale = products / squares;
                best = scale * products;
                System.arraycopy(tried, 0, levels, 0, block);
                System.arraycopy(triedOwn, 0, own, 0, own.length);
            }
        }
        return scale;
    }

    /** Chooses once more under the scale that won, and fits the scale to what was chosen. */
    private float refine(float scale) {
        boolean all = true;
        for (boolean one : own) {
            all &= one;
        }
        if (scale <= 0 || all && !kind.alwaysRefined()) {
            return scale;
        }
        float inverse = 1 / scale;
        for (int k = 0; k < block / width; k++) {
            if (kind.refinesAll() || !own[k]) {
                group(k * width, inverse, scale, levels);
            }
        }
        float squares = squares(levels);
        return squares > 0 ? products(levels) / squares : scale;
    }

    /**
     * Levels of a group: the nearest ones if they are a point, else those of the best point nearby.
     *
     * @return whether they were a point
     */
    private boolean group(int from, float inverse, float scale, byte[] target) {
        for (int i = from; i < from + width; i++) {
            float level = 0.5f * (inverse * magnitudes[i] - 1);
            target[i] = (byte) Numbers.nearest(level, 0, kind.mostLevel());
        }
        int key = grid.key(target, from);
        if (grid.point(key) >= 0) {
            return true;
        }
        int best = -1;
        float least = Float.MAX_VALUE;
        for (int point : grid.nearby(key)) {
            float error = 0;
            for (int i = 0; i < width; i++) {
                float difference = scale * (2 * grid.level(point, i) + 1) - magnitudes[from + i];
                error += roots[from + i] * difference * difference;
            }
            if (best < 0 || error < least) {
                least = error;
                best = point;
            }
        }
        for (int i = 0; i < width; i++) {
            target[from + i] = grid.level(best, i);
        }
        return false;
    }

    private float products(byte[] of) {
        float sum = 0;
        for (int i = 0; i < block; i++) {
            sum += weights[i] * magnitudes[i] * (2 * of[i] + 1);
        }
        return sum;
    }

    private float squares(byte[] of) {
        float sum = 0;
        for (int i = 0; i < block; i++) {
            float q = 2 * of[i] + 1;
            sum += weights[i] * q * q;
        }
        return sum;
    }
}
