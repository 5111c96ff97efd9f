package dev.snoozy.curate.dedup;

/** Stirring of bits. */
final class Mix {
    private Mix() {}

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on every bit. */
    static long mix64(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
