package dev.snoozy.compress.quantize;

import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * IQ1_S and IQ1_M: groups of eight elements are points with the levels -1, 0 and 1, all shifted up
 * or down by an eighth; the shift is that of a block of 32 (IQ1_S), or of each group (IQ1_M, whose
 * blocks of 16 have a scale).
 *
 * <p>Sorted elements split into three runs, one for each level; every split is tried with every
 * shift, by differences of running sums. Then each group takes its point, or the best one nearby.
 */
final class Lattice1Encoder implements BlockEncoder {
    private static final int SUPER_BLOCK = 256;
    private static final int GROUP = 8;
    private static final int MOST_SCALE = 15;

    /** Levels under the shift up (0) and down (1). */
    private static final float[][] LEVELS = {{-0.875f, 0.125f, 1.125f}, {-1.125f, -0.125f, 0.875f}};

    private final TensorType type;
    private final Grid grid;
    private final int block;
    private final int groups;
    private final float nothing;
    private final float correction;

    private final float[] weights;
    private final int[] order;
    private final byte[] levels;

    /** Running sums over the sorted elements, of each group that has its own shift. */
    private final float[][] sumX;

    private final float[][] sumW;

    private final float[] scales;
    private final int[] shifts;
    private final int[] scaleCodes;
    private final int[] indices = new int[SUPER_BLOCK / GROUP];

    private int firstSplit;
    private int secondSplit;
    private int shift;

    Lattice1Encoder(TensorType type) {
        boolean small = type == TensorType.IQ1_M;
        this.type = type;
        this.grid = Grid.of(type);
        this.block = small ? 16 : 32;
        this.groups = block / GROUP;
        this.nothing = small ? 1e-7f : 1e-12f;
        this.correction = small ? 1.1125f : 1.125f;
        this.weights = new float[block];
        this.order = new int[block];
        this.levels = new byte[block];
        this.sumX = new float[small ? 2 : 1][block + 1];
        this.sumW = new float[small ? 2 : 1][block + 1];
        this.scales = new float[SUPER_BLOCK / block];
        this.shifts = new int[SUPER_BLOCK / block];
        this.scaleCodes = new int[SUPER_BLOCK / block];
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void encode(float[] x, int count, float @Nullable [] importance, byte[] out) {
        int bytes = type.bytesPerBlock();
        for (int from = 0, at = 0; from < count; from += SUPER_BLOCK, at += bytes) {
            superBlock(x, from, importance, out, at);
        }
    }

    private void superBlock(
            float[] x, int from, float @Nullable [] importance, byte[] out, int at) {
        float mean = 2 * Numbers.squares(x, from, SUPER_BLOCK) / SUPER_BLOCK;
        Arrays.fill(indices, 0);
        float largest = 0;
        for (int i = 0; i < scales.length; i++) {
            weigh(x, from + i * block, importance, mean);
            scales[i] = encodeBlock(x, from + i * block, i);
            shifts[i] = shift;
            largest = Math.max(largest, scales[i]);
        }
        Arrays.fill(out, at, at + type.bytesPerBlock(), (byte) 0);
        if (largest == 0) {
            writeIndices(out, at);
            return;
        }
        float factor = largest / MOST_SCALE;
        float inverse = 1 / factor;
        for (int i = 0; i < scales.length; i++) {
            scaleCodes[i] = Numbers.nearest(0.5f * (inverse * scales[i] - 1), 0, 7);
        }
        writeIndices(out, at);
        if (type == TensorType.IQ1_S) {
            writeScales(factor * correction, out, at);
        } else {
            float fitted = fit(x, from, importance, mean, factor);
            writeSmallScales(fitted * correction, out, at);
        }
    }

    private void weigh(float[] x, int from, float @Nullable [] importance, float mean) {
        for (int i = 0; i < block; i++) {
            float square = x[from + i] * x[from + i];
            weights[i] =
                    importance == null
                            ? square
                            : importance[from % importance.length + i]
                                    * (float) Math.sqrt(mean + square);
        }
    }

    /** Chooses the points of a block; gives its scale, and leaves its shift. */
    private float encodeBlock(float[] x, int from, int number) {
        shift = 0;
        if (Math.abs(Extremes.largest(x, from, block)) < nothing) {
            return 0;
        }
        sort(x, from);
        float scale = split();
        if (firstSplit < 0) {
            shift = 0;
            return 0;
        }
        for (int j = 0; j < block; j++) {
            levels[order[j]] = (byte) (j < firstSplit ? 0 : j < secondSplit ? 1 : 2);
        }
        if (scale < 0) {
            scale = -scale;
            shift = (1 << sumX.length) - 1 - shift;
            for (int j = 0; j < block; j++) {
                levels[j] = (byte) (2 - levels[j]);
            }
        }
        return choosePoints(x, from, number, scale);
    }

    /** Sorts the elements, equal ones in their order, and sums up along them. */
    private void sort(float[] x, int from) {
        for (int j = 0; j < block; j++) {
            int i = j;
            while (i > 0 && x[from + order[i - 1]] > x[from + j]) {
                order[i] = order[i - 1];
                i--;
            }
            order[i] = j;
        }
        for (int part = 0; part < sumX.length; part++) {
            for (int j = 0; j < block; j++) {
                int i = order[j];
                boolean counts = i * sumX.length / block == part;
                float w = counts ? weights[i] : 0;
                sumX[part][j + 1] = sumX[part][j] + w * x[from + i];
                sumW[part][j + 1] = sumW[part][j] + w;
            }
        }
    }

    /** Tries all splits; gives the scale of the best one, and leaves it and its shift. */
    private float split() {
        float best = -Float.MAX_VALUE;
        float scale = 0;
        firstSplit = -1;
        for (int first = 0; first <= block; first++) {
            for (int second = first; second <= block; second++) {
                for (int s = 0; s < 1 << sumX.length; s++) {
                    float products = 0;
                    float squares = 0;
                    for (int part = 0; part < sumX.length; part++) {
                        float[] level = LEVELS[s >> sumX.length - 1 - part & 1];
                        products += products(sumX[part], first, second, level);
                        squares += squares(sumW[part], first, second, level);
                    }
                    if (squares > 0 && products * products > best * squares) {
                        scale = products / squares;
                        best = scale * products;
                        firstSplit = first;
                        secondSplit = second;
                        shift = s;
                    }
                }
            }
        }
        return scale;
    }

    private float products(float[] sum, int first, int second, float[] level) {
        return (sum[first] - sum[0]) * level[0]
                + (sum[second] - sum[first]) * level[1]
                + (sum[block] - sum[second]) * level[2];
    }

    private float squares(float[] sum, int first, int second, float[] level) {
        return (sum[first] - sum[0]) * level[0] * level[0]
                + (sum[second] - sum[first]) * level[1] * level[1]
                + (sum[block] - sum[second]) * level[2] * level[2];
    }

    /** The levels of a group under a shift of its block. */
    private float[] shifted(int blockShift, int group) {
        int parts = sumX.length;
        int part = parts == 1 ? 0 : group;
        return LEVELS[blockShift >> parts - 1 - part & 1];
    }

    private float choosePoints(float[] x, int from, int number, float scale) {
        boolean all = true;
        for (int k = 0; k < groups; k++) {
            int key = grid.key(levels, k * GROUP);
            int point = grid.point(key);
            if (point < 0) {
                all = false;
                point = best(x, from, k, key, scale);
            }
            indices[number * groups + k] = point;
        }
        if (all) {
            return scale;
        }
        float products = 0;
        float squares = 0;
        for (int k = 0; k < groups; k++) {
            float[] level = shifted(shift, k);
            for (int j = 0; j < GROUP; j++) {
                float w = weights[k * GROUP + j];
                float q = level[grid.level(indices[number * groups + k], j)];
                products += w * q * x[from + k * GROUP + j];
                squares += w * q * q;
            }
        }
        return products > 0 && squares > 0 ? products / squares : scale;
    }

    private int best(float[] x, int from, int group, int key, float scale) {
        float[] level = shifted(shift, group);
        int best = -1;
        float least = Float.MAX_VALUE;
        for (int point : grid.nearby(key)) {
            float error = 0;
            for (int i = 0; i < GROUP; i++) {
                float q = level[grid.level(point, i)];
                float difference = scale * q - x[from + group * GROUP + i];
                error += weights[group * GROUP + i] * difference * difference;
            }
            if (best < 0 || error < least) {
                least = error;
                best = point;
            }
        }
        return best;
    }

    /** The factor of a super-block of IQ1_M that fits all that was chosen. */
    private float fit(
            float[] x, int from, float @Nullable [] importance, float mean, float factor) {
        float products = 0;
        float squares = 0;
        for (int i = 0; i < scales.length; i++) {
            int start = from + i * block;
            weigh(x, start, importance, mean);
            for (int j = 0; j < block; j++) {
                float[] level = shifted(shifts[i], j / GROUP);
                int point = indices[i * groups + j / GROUP];
                float q = level[grid.level(point, j % GROUP)] * (2 * scaleCodes[i] + 1);
                products += weights[j] * q * x[start + j];
                squares += weights[j] * q * q;
            }
        }
        return squares > 0 ? products / squares : factor;
    }

    // ---- packing

    private void writeIndices(byte[] out, int at) {
        int low = type == TensorType.IQ1_S ? at + 2 : at;
        for (int i = 0; i < indices.length; i++) {
            out[low + i] = (byte) indices[i];
        }
        if (type == TensorType.IQ1_S) {
            for (int i = 0; i < scales.length; i++) {
                int high = 0;
                for (int k = 0; k < groups; k++) {
                    high |= indices[i * groups + k] >> 8 << 3 * k;
                }
                Numbers.shortAt(high, out, at + 34 + 2 * i);
            }
        } else {
            for (int i = 0; i < scales.length; i++) {
                out[at + 32 + i] = (byte) (indices[2 * i] >> 8 | indices[2 * i + 1] >> 8 << 4);
            }
        }
    }

    private void writeScales(float factor, byte[] out, int at) {
        Numbers.half(factor, out, at);
        for (int i = 0; i < scales.length; i++) {
            out[at + 35 + 2 * i] |= (byte) (scaleCodes[i] << 4 | shifts[i] << 7);
        }
    }

    private void writeSmallScales(float factor, byte[] out, int at) {
        byte[] half = new byte[2];
        Numbers.half(factor, half, 0);
        int bits = half[0] & 255 | (half[1] & 255) << 8;
        for (int part = 0; part < 4; part++) {
            int word = (bits >> 4 * part & 15) << 12;
            for (int i = 0; i < 4; i++) {
                word |= scaleCodes[4 * part + i] << 3 * i;
            }
            Numbers.shortAt(word, out, at + 48 + 2 * part);
        }
        for (int i = 0; i < scales.length; i++) {
            out[at + 32 + i] |= (byte) ((shifts[i] >> 1 & 1) << 3 | (shifts[i] & 1) << 7);
        }
    }
}
