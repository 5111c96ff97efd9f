package dev.snoozy.compress.quantize;

/**
 * The lowest and the highest elements of many blocks of 32, found for all of them side by side:
 * element by element of each block, which leaves no branch that could be foretold wrongly.
 */
final class BlockRanges {
    private static final int BLOCK = PlainCodes.BLOCK;

    /** Blocks at a time: their elements stay in the first-level cache. */
    private static final int BATCH = 256;

    private final float[] element = new float[BATCH];
    private final float[] low = new float[BATCH];
    private final float[] high = new float[BATCH];
    private float[] x = new float[0];
    private float[] lowest = new float[0];
    private float[] highest = new float[0];

    /** Finds them for blocks that begin at index 0. */
    void find(float[] elements, int count) {
        int blocks = count / BLOCK;
        x = elements;
        if (lowest.length < blocks) {
            lowest = new float[blocks];
            highest = new float[blocks];
        }
        for (int first = 0; first < blocks; first += BATCH) {
            int batch = Math.min(BATCH, blocks - first);
            gather(elements, first * BLOCK, low, batch);
            System.arraycopy(low, 0, high, 0, batch);
            for (int i = 1; i < BLOCK; i++) {
                gather(elements, first * BLOCK + i, element, batch);
                widen(element, low, high, batch);
            }
            System.arraycopy(low, 0, lowest, first, batch);
            System.arraycopy(high, 0, highest, first, batch);
        }
    }

    private static void gather(float[] source, int from, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = source[from + i * BLOCK];
        }
    }

    private static void widen(float[] x, float[] low, float[] high, int count) {
        for (int i = 0; i < count; i++) {
            low[i] = Math.min(low[i], x[i]);
            high[i] = Math.max(high[i], x[i]);
        }
    }

    /** The lowest element; of zeros with either sign the first. */
    float lowest(int block) {
        int i = block * BLOCK;
        while (lowest[block] == 0 && x[i] != 0) {
            i++;
        }
        return lowest[block] == 0 ? x[i] : lowest[block];
    }

    float highest(int block) {
        return highest[block];
    }

    /**
     * The element with the largest absolute value, with its sign; the first of several, 0 if all
     * are zero.
     */
    float largest(int block) {
        float below = -lowest[block];
        float above = highest[block];
        if (above == below) {
            return Extremes.largest(x, block * BLOCK, BLOCK);
        }
        return above > below ? above : -below;
    }
}
