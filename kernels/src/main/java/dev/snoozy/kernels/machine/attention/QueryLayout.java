package dev.snoozy.kernels.machine.attention;

/**
 * What attention keeps of a query, which is one head of one row, while it walks over the tiles: a
 * record of {@link #bytes}. A number that stands in a field of sixteen bytes stands there four
 * times.
 */
record QueryLayout(int keyLength, int valueLength) {
    /** The largest score of the present segment. */
    static final int MAX = 0;

    /** Sum of the weights of the present segment. */
    static final int SUM = 16;

    /** What earlier results of the segment are multiplied with before a tile is added. */
    static final int FACTOR = 32;

    /** The largest score of all segments before. */
    static final int ALL_MAX = 48;

    /** Sum of the weights of all segments before. */
    static final int ALL_SUM = 64;

    /** The first and the last position that the query sees. */
    static final int LIMITS = 80;

    /** The first and the last of them within the present tile, 0 to 63. */
    static final int RANGE = 96;

    /** How fast scores fall with the distance, where they do; once. */
    static final int SLOPE = 112;

    /** The position of the query, once. */
    static final int POSITION = 116;

    /** Scores of the present tile, then its weights: 64. */
    static final int SCORES = 128;

    /** The query. */
    static final int QUERY = SCORES + CacheLayout.TILE * Float.BYTES;

    /** Weighted sum of the values of the present segment. */
    int result() {
        return QUERY + CacheLayout.padded(keyLength) * Float.BYTES;
    }

    /** Weighted sum of the values of all segments before. */
    int all() {
        return result() + CacheLayout.padded(valueLength) * Float.BYTES;
    }

    /** Bytes of a record, a multiple of 64. */
    int bytes() {
        return all() + CacheLayout.padded(valueLength) * Float.BYTES;
    }
}
