package dev.snoozy.curate.vectors;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Exact neighbours, by comparing every row with every other: 12 to 17 thousand million products of
 * numbers per second and core, so 100,000 rows of 50 take 40 seconds and 100,000 of 384 four
 * minutes. The result does not depend on the number of threads.
 *
 * @param rows [rows, k]: the neighbours of a row, nearest first; equally near ones in the order of
 *     rows
 * @param distances [rows, k]: Euclidean
 */
public record Neighbours(int[] rows, float[] distances, int k) {
    private static final int RANGE = 2048;

    /** Takes each pair of rows that lie near each other. */
    @FunctionalInterface
    public interface Pair {
        void found(int row, int other);
    }

    /**
     * The nearest rows of each row, itself not among them.
     *
     * @param k how many; fewer if there are not so many rows
     * @throws InterruptedException if the thread is interrupted
     */
    public static Neighbours nearest(Vectors vectors, int k, int threads)
            throws InterruptedException {
        int n = vectors.rows();
        int most = Math.max(0, Math.min(k, n - 1));
        int[] rows = new int[Math.multiplyExact(n, most)];
        float[] scores = new float[rows.length];
        if (most > 0) {
            Arrays.fill(scores, Float.NEGATIVE_INFINITY);
            float[] halves = halfSquares(vectors);
            Work.split(
                    n,
                    RANGE,
                    threads,
                    (start, end) -> nearest(vectors, halves, most, start, end, rows, scores));
        }
        return new Neighbours(rows, scores, most);
    }

    /**
     * Of two rows that near is which has the larger a·b - b·b/2: the squared distance without a·a.
     */
    private static void nearest(
            Vectors vectors, float[] halves, int k, int start, int end, int[] rows, float[] scores)
            throws InterruptedException {
        Products products = new Products(vectors);
        float[] sums = new float[Products.TILE];
        int n = vectors.rows();
        for (int first = 0; first < n; first += Products.TILE) {
            int count = Math.min(Products.TILE, n - first);
            products.load(first, count);
            for (int row = start; row < end; row++) {
                for (int i = 0; i < count; i++) {
                    sums[i] = -halves[first + i];
                }
                products.addTo(sums, row);
                int worst = row * k + k - 1;
                for (int i = 0; i < count; i++) {
                    if (sums[i] > scores[worst] && first + i != row) {
                        insert(rows, scores, row * k, k, first + i, sums[i]);
                    }
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        for (int i = start * k; i < end * k; i++) {
            float squared = 2 * (halves[i / k] - scores[i]);
            scores[i] = (float) Math.sqrt(Math.max(0, squared));
        }
    }

    private static void insert(int[] rows, float[] scores, int at, int k, int row, float score) {
        int i = at + k - 1;
        for (; i > at && scores[i - 1] < score; i--) {
            scores[i] = scores[i - 1];
            rows[i] = rows[i - 1];
        }
        scores[i] = score;
        rows[i] = row;
    }

    private static float[] halfSquares(Vectors vectors) {
        float[] halves = new float[vectors.rows()];
        for (int row = 0; row < halves.length; row++) {
            float sum = 0;
            for (int column = 0; column < vectors.width(); column++) {
                float value = vectors.get(row, column);
                sum = Math.fma(value, value, sum);
            }
            halves[row] = sum / 2;
        }
        return halves;
    }

    /**
     * All pairs of rows whose scalar product is at least so large.
     *
     * @param group tells which rows need not be compared: two of the same group
     * @param pair is called by several threads
     * @throws InterruptedException if the thread is interrupted
     */
    public static void pairs(
            Vectors vectors, float least, int threads, IntUnaryOperator group, Pair pair)
            throws InterruptedException {
        int n = vectors.rows();
        Work.split(
                n,
                RANGE,
                threads,
                (start, end) -> {
                    Products products = new Products(vectors);
                    float[] sums = new float[Products.TILE];
                    for (int first = 0; first < end; first += Products.TILE) {
                        int count = Math.min(Products.TILE, n - first);
                        products.load(first, count);
                        for (int row = Math.max(start, first + 1); row < end; row++) {
                            Arrays.fill(sums, 0);
                            products.addTo(sums, row);
                            int below = Math.min(count, row - first);
                            for (int i = 0; i < below; i++) {
                                if (sums[i] >= least
                                        && group.applyAsInt(row) != group.applyAsInt(first + i)) {
                                    pair.found(row, first + i);
                                }
                            }
                        }
                        if (Thread.interrupted()) {
                            throw new InterruptedException();
                        }
                    }
                });
    }
}
