package dev.snoozy.compress.quantize;

/** The outermost element of a block. */
final class Extremes {
    private Extremes() {}

    /**
     * The element with the largest absolute value, with its sign; the first of several, 0 if all
     * are zero.
     */
    static float largest(float[] x, int from, int count) {
        float largest = 0;
        float magnitude = 0;
        for (int i = from; i < from + count; i++) {
            float a = Math.abs(x[i]);
            if (magnitude < a) { // seldom, so a branch is faster than a choice
                magnitude = a;
                largest = x[i];
            }
        }
        return largest;
    }
}
