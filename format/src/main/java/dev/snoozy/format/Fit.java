package dev.snoozy.format;

/**
 * The memory that a model takes at most while texts grow to a length, in bytes, and whether it is
 * there.
 *
 * @param contextLength tokens of each text
 * @param weights as they are packed; what stays in its file counts as it is read
 * @param kvCache keys and values of the texts in progress
 * @param remembered keys and values that windows have left, and that are kept for texts which begin
 *     the same; as much as there is room for
 * @param compute activations, scores and the work of attention
 * @param program Java, and what it knows of the vocabulary
 */
public record Fit(
        int contextLength,
        long weights,
        long kvCache,
        long remembered,
        long compute,
        long program,
        Verdict verdict) {
    /** Whether a model fits. */
    public enum Verdict {
        /** All of it, with its weights packed. */
        FITS,
        /**
         * All but the packed weights. Products read them in their file, which is slow, and slower
         * still if that does not stay in memory.
         */
        MAPPED,
        /** Not even that, or the cache may not take so much. */
        TOO_LARGE
    }

    /** What is taken with packed weights, all in all. */
    public long total() {
        return sum(needed(), remembered);
    }

    /** What cannot be done without if the weights are packed. */
    public long needed() {
        return sum(weights, neededMapped());
    }

    /** What the model takes beside a program that runs already, with packed weights. */
    public long beside() {
        return sum(weights, sum(kvCache, compute));
    }

    /** What cannot be done without if the weights stay in their file. */
    public long neededMapped() {
        return sum(sum(kvCache, compute), program);
    }

    /** A file may announce what no machine has. */
    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
