package dev.snoozy.cli.conformance;

/** Small arithmetic on a row of scores. */
final class Scores {
    private Scores() {}

    /** The id with the largest score; the lowest such id. */
    static int best(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The natural logarithm of a token's probability. */
    static double logprob(float[] row, int id) {
        double max = Double.NEGATIVE_INFINITY;
        for (float x : row) {
            max = Math.max(max, x);
        }
        double sum = 0;
        for (float x : row) {
            sum += Math.exp(x - max);
        }
        return row[id] - max - Math.log(sum);
    }
}
