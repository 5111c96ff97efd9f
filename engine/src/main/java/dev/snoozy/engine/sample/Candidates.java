package dev.snoozy.engine.sample;

import dev.snoozy.engine.ModelException;

import java.util.Arrays;

/**
 * The tokens that may come next with their scores, as the samplers of a chain pass them on. Starts
 * with the whole vocabulary in the order of ids; the first sampler that needs an order sorts,
 * largest score first, ties to the lower id. Scratch memory of one chain: used by one thread.
 */
final class Candidates {
    private int[] ids = {};
    private float[] scores = {};
    private double[] probabilities = {};
    private long[] order = {};
    private int size;
    private boolean sorted;

    /** Takes the scores of a whole vocabulary. */
    void reset(float[] logits) {
        if (ids.length < logits.length) {
            ids = new int[logits.length];
            scores = new float[logits.length];
            probabilities = new double[logits.length];
            order = new long[logits.length];
        }
        size = logits.length;
        sorted = false;
        for (int i = 0; i < size; i++) {
            if (Float.isNaN(logits[i])) {
                throw new ModelException(
                        "the model gave token " + i + " the score NaN; are its weights damaged?");
            }
            ids[i] = i;
            scores[i] = logits[i];
        }
    }

    int size() {
        return size;
    }

    int id(int i) {
        return ids[i];
    }

    float score(int i) {
        return scores[i];
    }

    void score(int i, float score) {
        scores[i] = score;
    }

    double probability(int i) {
        return probabilities[i];
    }

    /** Keeps the first {@code count}. */
    void keep(int count) {
        size = Math.max(1, Math.min(size, count));
    }

    /** Sorts all. */
    void sort() {
        sortLargest(size);
    }

    /**
     * Keeps the {@code count} largest, sorted. The scores are turned into integers that order
     * alike, with the complement of the position below, so that one sort of longs does it all.
     */
    void sortLargest(int count) {
        if (sorted) {
            keep(count);
            return;
        }
        for (int i = 0; i < size; i++) {
            int bits = Float.floatToIntBits(scores[i] + 0f);
            int ascending = bits ^ (bits >> 31 & Integer.MAX_VALUE);
            order[i] = (long) ascending << 32 | (Integer.MAX_VALUE - ids[i]);
        }
        if (count < size) {
            Selection.largestLast(order, size, count);
        }
        Arrays.sort(order, size - Math.min(count, size), size);
        int kept = Math.min(count, size);
        for (int i = 0; i < kept; i++) {
            long key = order[size - 1 - i];
            int ascending = (int) (key >> 32);
            ids[i] = Integer.MAX_VALUE - (int) key;
            scores[i] = Float.intBitsToFloat(ascending ^ (ascending >> 31 & Integer.MAX_VALUE));
        }
        size = kept;
        sorted = true;
    }

    /** Soft-max of the scores, in F64 and in index order. */
    void softmax() {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            max = Math.max(max, scores[i]);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            throw new ModelException(
                    "every token is forbidden; cure: fewer tokens with a bias of -infinity");
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            probabilities[i] = Math.exp(scores[i] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < size; i++) {
            probabilities[i] /= sum;
        }
    }

    /** Keeps the positions listed, in that order. */
    void keep(int[] positions, int count) {
        int[] keptIds = new int[count];
        float[] keptScores = new float[count];
        for (int i = 0; i < count; i++) {
            keptIds[i] = ids[positions[i]];
            keptScores[i] = scores[positions[i]];
        }
        System.arraycopy(keptIds, 0, ids, 0, count);
        System.arraycopy(keptScores, 0, scores, 0, count);
        size = count;
    }

    /** Drops the first {@code count}. */
    void dropFirst(int count) {
        System.arraycopy(ids, count, ids, 0, size - count);
        System.arraycopy(scores, count, scores, 0, size - count);
        size -= count;
    }
}
