package dev.snoozy.engine.sample;

import dev.snoozy.engine.ModelException;
import dev.snoozy.text.grammar.TokenMask;

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

    /**
     * Takes the scores of a whole vocabulary.
     *
     * @param logits {@code [at least count]}; what is beyond the count is padding
     * @throws ModelException if a score is NaN or positive infinity, or all are negative infinity
     */
    void reset(float[] logits, int count) {
        if (ids.length < count) {
            ids = new int[count];
            scores = new float[count];
            probabilities = new double[count];
            order = new long[count];
        }
        size = count;
        sorted = false;
        boolean possible = false;
        for (int i = 0; i < size; i++) {
            if (!(logits[i] < Float.POSITIVE_INFINITY)) {
                throw damaged("token " + i, logits[i]);
            }
            possible |= logits[i] > Float.NEGATIVE_INFINITY;
            ids[i] = i;
            scores[i] = logits[i];
        }
        if (!possible) {
            throw damaged("every token", Float.NEGATIVE_INFINITY);
        }
    }

    /**
     * Drops the tokens that may not come; the others keep their order. Only before any other step.
     *
     * @throws ModelException if none is left, or all have negative infinity
     */
    void keep(TokenMask mask) {
        int kept = 0;
        boolean possible = false;
        int words = Math.min(size, mask.size()) + Long.SIZE - 1 >>> 6;
        for (int i = 0; i < words; i++) {
            for (long word = mask.word(i); word != 0; word &= word - 1) {
                int id = (i << 6) + Long.numberOfTrailingZeros(word);
                if (id < size) {
                    ids[kept] = id;
                    scores[kept] = scores[id];
                    possible |= scores[id] > Float.NEGATIVE_INFINITY;
                    kept++;
                }
            }
        }
        if (!possible) {
            throw new ModelException(
                    kept == 0
                            ? "the grammar allows none of the tokens of the vocabulary; cure: a"
                                    + " grammar whose characters the model can write"
                            : "the model gave every token that the grammar allows the score"
                                    + " -infinity");
        }
        size = kept;
    }

    private static ModelException damaged(String who, float score) {
        return new ModelException(
                "the model gave " + who + " the score " + score + "; are its weights damaged?");
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

    /**
     * Gives a candidate another score, which is not NaN. What is forbidden stays so. A score too
     * large for F32 becomes the largest number, because infinity minus infinity is none.
     */
    void score(int i, double score) {
        if (scores[i] != Float.NEGATIVE_INFINITY) {
            scores[i] = (float) Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
    }

    /** Gives a candidate the probability 0. */
    void forbid(int i) {
        scores[i] = Float.NEGATIVE_INFINITY;
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

    /**
     * The largest score.
     *
     * @throws ModelException if every candidate is forbidden
     */
    float largest() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            max = Math.max(max, scores[i]);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            throw new ModelException(
                    "every token is forbidden, by a bias or by a grammar; cure: fewer tokens with"
                            + " a bias of -infinity");
        }
        return max;
    }

    /** Soft-max of the scores, in F64 and in index order. */
    void softmax() {
        double max = largest();
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
