package dev.snoozy.curate.map;

import java.util.Arrays;

/**
 * Vectors for texts when there is no embedding model: the weights of their terms (1 + ln of the
 * count, times the inverse document frequency), brought from 262,144 dimensions to {@value #WIDTH}
 * by a sparse random projection (Achlioptas 2003; Li, Hastie and Church 2006): each term goes, with
 * signs, to {@value #SPREAD} dimensions that its hash chooses. Texts with the same words are near
 * each other; meaning that takes other words is not seen. One thread.
 */
public final class TextVectors {
    /** Numbers in a vector. */
    public static final int WIDTH = 256;

    private static final int SPREAD = 8;

    private final TermTable table;
    private final TermReader reader = new TermReader();
    private final double[] sums = new double[WIDTH];

    public TextVectors(TermTable table) {
        this.table = table;
    }

    /** A vector of length 1, or of zeros if no term of the text says anything; [WIDTH]. */
    public float[] vector(CharSequence text) {
        Arrays.fill(sums, 0);
        int n = reader.read(text);
        int[] terms = reader.terms();
        for (int i = 0; i < n; ) {
            int end = i + 1;
            while (end < n && terms[end] == terms[i]) {
                end++;
            }
            spread(terms[i], (1 + StrictMath.log(end - i)) * table.weight(terms[i]));
            i = end;
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        float[] vector = new float[WIDTH];
        if (squares > 0) {
            double scale = 1 / Math.sqrt(squares);
            for (int i = 0; i < WIDTH; i++) {
                vector[i] = (float) (sums[i] * scale);
            }
        }
        return vector;
    }

    private void spread(int term, double weight) {
        long random = (term + 1) * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < SPREAD; i++) {
            random = (random ^ random >>> 29) * 0xBF58476D1CE4E5B9L;
            random = (random ^ random >>> 32) * 0x94D049BB133111EBL;
            sums[(int) (random >>> 56)] += (random >>> 40 & 1) == 0 ? weight : -weight;
        }
    }
}
