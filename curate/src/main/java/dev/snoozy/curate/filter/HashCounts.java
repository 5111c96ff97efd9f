package dev.snoozy.curate.filter;

/** How often each of some hashes has come. One thread. */
final class HashCounts {
    private final long[] hashes;
    private final int[] counts;

    /**
     * @param most different hashes that will be added
     */
    HashCounts(int most) {
        int slots = Integer.highestOneBit(Math.max(4, most)) * 4;
        hashes = new long[slots];
        counts = new int[slots];
    }

    /** Adds a hash and gives how often it has come now. */
    int add(long hash) {
        int slot = slot(hash);
        hashes[slot] = hash;
        return ++counts[slot];
    }

    boolean has(long hash) {
        return counts[slot(hash)] > 0;
    }

    /** Where it is, or the empty place where it belongs. */
    private int slot(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (counts[slot] > 0 && hashes[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
