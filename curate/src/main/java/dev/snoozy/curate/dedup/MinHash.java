package dev.snoozy.curate.dedup;

/**
 * The 112 smallest hashes of a set of shingles, as 14 bands of 8 (Broder 1997; Leskovec, Rajaraman
 * and Ullman, Mining of Massive Datasets, §3). Two sets of similarity s share at least one band
 * with a chance of 1 - (1 - s<sup>8</sup>)<sup>14</sup>: 0.57 at 0.7, 0.92 at 0.8, 0.999 at 0.9.
 * One thread.
 */
final class MinHash {
    static final int BANDS = 14;
    static final int ROWS = 8;
    static final int HASHES = BANDS * ROWS;

    private static final int[] FACTORS = new int[HASHES];
    private static final int[] OFFSETS = new int[HASHES];

    static {
        for (int i = 0; i < HASHES; i++) {
            long random = Mix.mix64((i + 1L) * 0x9E3779B97F4A7C15L);
            FACTORS[i] = (int) random | 1; // odd: one to one over 32 bits
            OFFSETS[i] = (int) (random >>> 32);
        }
    }

    private final int[] smallest = new int[HASHES];
    private int[] lower = {};

    /**
     * The keys of the bands.
     *
     * @param shingles hashes of 64 well-stirred bits; repetitions change nothing
     */
    long[] bands(long[] shingles, int count) {
        int[] least = smallest;
        int[] low = lower(shingles, count);
        for (int k = 0; k < HASHES; k += 2) {
            int factor = FACTORS[k];
            int offset = OFFSETS[k];
            int factor1 = FACTORS[k + 1];
            int offset1 = OFFSETS[k + 1];
            int smallest = Integer.MAX_VALUE;
            int smallest1 = Integer.MAX_VALUE;
            // Without a branch: the compiler makes it vector instructions.
            for (int s = 0; s < count; s++) {
                smallest = Math.min(smallest, factor * low[s] + offset);
                smallest1 = Math.min(smallest1, factor1 * low[s] + offset1);
            }
            least[k] = smallest;
            least[k + 1] = smallest1;
        }
        long[] keys = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            long key = band + 1;
            for (int k = band * ROWS; k < (band + 1) * ROWS; k++) {
                key = Mix.mix64(key ^ least[k]) + k;
            }
            keys[band] = key;
        }
        return keys;
    }

    private int[] lower(long[] shingles, int count) {
        if (lower.length < count) {
            lower = new int[count];
        }
        for (int s = 0; s < count; s++) {
            lower[s] = (int) shingles[s];
        }
        return lower;
    }
}
