package dev.snoozy.compress.quantize;

import java.util.Arrays;

/**
 * Many blocks side by side: element i of every block in one array, a lane for each block.
 *
 * <p>A search sums over the elements of a block in their order, which leaves nothing to do at once
 * within a block. Across blocks everything can be done at once, and the compiler does so where all
 * arrays of a loop have the same index.
 *
 * @param at {@code [elements of a block][lanes]}
 */
record Lanes(float[][] at) {
    /** Blocks that are searched together: few enough for the second-level cache. */
    static final int COUNT = 512;

    Lanes(int block) {
        this(new float[block][COUNT]);
    }

    int block() {
        return at.length;
    }

    /** Takes blocks that lie one after another. */
    void load(float[] source, int from, int lanes) {
        int block = at.length;
        for (int i = 0; i < block; i++) {
            gather(source, from + i, block, at[i], lanes);
        }
    }

    private static void gather(float[] source, int from, int step, float[] target, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            target[lane] = source[from + lane * step];
        }
    }

    /**
     * Takes the importance of the columns of blocks that lie one after another.
     *
     * @param column of the first element
     */
    void loadColumns(float[] importance, int column, int lanes) {
        int block = at.length;
        int first = column % importance.length;
        for (int lane = 0; lane < lanes; lane++) {
            for (int i = 0; i < block; i++) {
                at[i][lane] = importance[first + i];
            }
            first += block;
            if (first == importance.length) {
                first = 0;
            }
        }
    }

    /**
     * Turns the importance of columns into weights of elements: times the root of the mean square
     * around the element plus its own square.
     */
    void weigh(Lanes x, float[] mean, int lanes) {
        for (int i = 0; i < at.length; i++) {
            weigh(x.at[i], mean, at[i], lanes);
        }
    }

    private static void weigh(float[] x, float[] mean, float[] weight, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            weight[lane] *= (float) Math.sqrt(mean[lane] + x[lane] * x[lane]);
        }
    }

    /** Sets every element to its square in another. */
    void squares(Lanes x, int lanes) {
        for (int i = 0; i < at.length; i++) {
            squares(x.at[i], at[i], lanes);
        }
    }

    private static void squares(float[] x, float[] square, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            square[lane] = x[lane] * x[lane];
        }
    }

    /** Sets every element to its absolute value in another, plus a number for each lane. */
    void magnitudes(Lanes x, float[] more, int lanes) {
        for (int i = 0; i < at.length; i++) {
            magnitudes(x.at[i], more, at[i], lanes);
        }
    }

    private static void magnitudes(float[] x, float[] more, float[] target, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            target[lane] = more[lane] + Math.abs(x[lane]);
        }
    }

    /** Sums over the elements of each block. */
    void sum(float[] sums, int lanes) {
        Arrays.fill(sums, 0, lanes, 0);
        for (float[] x : at) {
            add(x, sums, lanes);
        }
    }

    private static void add(float[] x, float[] sums, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            sums[lane] += x[lane];
        }
    }

    /** Sums of squares over the elements of each block. */
    void sumSquares(float[] sums, int lanes) {
        Arrays.fill(sums, 0, lanes, 0);
        for (float[] x : at) {
            addSquares(x, sums, lanes);
        }
    }

    private static void addSquares(float[] x, float[] sums, int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            sums[lane] += x[lane] * x[lane];
        }
    }

    /**
     * Sets every element to the code that comes nearest to {@code (x + offset) / scale}.
     *
     * @param scale of each lane; where it is 0 the codes mean nothing
     */
    void round(Lanes x, float[] offset, float[] scale, float least, float most, int lanes) {
        for (int i = 0; i < at.length; i++) {
            round(x.at[i], offset, scale, least, most, at[i], lanes);
        }
    }

    private static void round(
            float[] x,
            float[] offset,
            float[] scale,
            float least,
            float most,
            float[] code,
            int lanes) {
        for (int lane = 0; lane < lanes; lane++) {
            float q = Numbers.nearest((x[lane] + offset[lane]) / scale[lane]);
            code[lane] = Math.max(least, Math.min(most, q));
        }
    }

    /** The codes of one block as bytes, with a number added to each. */
    void bytes(int lane, int more, byte[] codes, int from) {
        for (int i = 0; i < at.length; i++) {
            codes[from + i] = (byte) ((int) at[i][lane] + more);
        }
    }
}
