package dev.snoozy.documents.bench;

import java.util.Arrays;

/**
 * How much more often words stand near each other than chance would have it: positive pointwise
 * mutual information (Church and Hanks 1990; Levy, Goldberg and Dagan 2015), a symmetric sparse
 * matrix {@code [words, words]}.
 */
final class Cooccurrence {
    /** Words so far apart are no longer neighbours. */
    private static final int WINDOW = 8;

    private final int[] starts; // [words + 1], where the entries of a row begin
    private final int[] columns; // [entries]
    private final float[] values; // [entries]

    private Cooccurrence(int[] starts, int[] columns, float[] values) {
        this.starts = starts;
        this.columns = columns;
        this.values = values;
    }

    /**
     * Counts texts.
     *
     * @param texts words as numbers from 0; negative ones count for nothing
     */
    static Cooccurrence of(Iterable<int[]> texts, int words) {
        long[] pairs = pairs(texts);
        Arrays.parallelSort(pairs);
        double[] sums = new double[words];
        int[] lengths = new int[words];
        int different = 0;
        for (int i = 0; i < pairs.length; i++) {
            sums[first(pairs[i])]++;
            sums[second(pairs[i])]++;
            if (i == 0 || pairs[i] != pairs[i - 1]) {
                different++;
                lengths[first(pairs[i])]++;
                lengths[second(pairs[i])] += first(pairs[i]) == second(pairs[i]) ? 0 : 1;
            }
        }
        int[] starts = new int[words + 1];
        for (int i = 0; i < words; i++) {
            starts[i + 1] = starts[i] + lengths[i];
        }
        int[] ends = Arrays.copyOf(starts, words);
        int[] columns = new int[starts[words]];
        float[] values = new float[starts[words]];
        double all = 2.0 * pairs.length;
        int run = 0;
        for (int i = 0; different > 0 && i < pairs.length; i += run) {
            for (run = 1; i + run < pairs.length && pairs[i + run] == pairs[i]; ) {
                run++;
            }
            int a = first(pairs[i]);
            int b = second(pairs[i]);
            // A pair of a word with itself was counted once, and is on both sides of the matrix.
            double count = a == b ? 2.0 * run : run;
            float value = (float) Math.max(0, Math.log(count * all / (sums[a] * sums[b])));
            columns[ends[a]] = b;
            values[ends[a]++] = value;
            if (a != b) {
                columns[ends[b]] = a;
                values[ends[b]++] = value;
            }
        }
        return new Cooccurrence(starts, columns, values);
    }

    /** All neighbours, the smaller number first. */
    private static long[] pairs(Iterable<int[]> texts) {
        long[] pairs = new long[1 << 20];
        int count = 0;
        for (int[] text : texts) {
            for (int i = 0; i < text.length; i++) {
                for (int j = i + 1; j < text.length && j <= i + WINDOW; j++) {
                    if (text[i] < 0 || text[j] < 0) {
                        continue;
                    }
                    if (count == pairs.length) {
                        pairs = Arrays.copyOf(pairs, 2 * count);
                    }
                    pairs[count++] =
                            (long) Math.min(text[i], text[j]) << 32 | Math.max(text[i], text[j]);
                }
            }
        }
        return Arrays.copyOf(pairs, count);
    }

    private static int first(long pair) {
        return (int) (pair >>> 32);
    }

    private static int second(long pair) {
        return (int) pair;
    }

    int words() {
        return starts.length - 1;
    }

    /** This matrix times another: {@code [words, width]}. */
    float[][] times(float[][] other) {
        float[][] product = new float[words()][other[0].length];
        for (int i = 0; i < words(); i++) {
            float[] row = product[i];
            for (int e = starts[i]; e < starts[i + 1]; e++) {
                float value = values[e];
                float[] from = other[columns[e]];
                for (int d = 0; d < row.length; d++) {
                    row[d] += value * from[d];
                }
            }
        }
        return product;
    }
}
