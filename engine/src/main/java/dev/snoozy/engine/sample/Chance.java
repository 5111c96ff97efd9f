package dev.snoozy.engine.sample;

/**
 * The random numbers of one text: SplitMix64 (Steele, Lea and Flood 2014), written out so that a
 * seed gives the same text on every machine and in every version.
 */
final class Chance {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    Chance(long seed) {
        state = seed;
    }

    /** A number from 0 to 1, 1 excluded, with 53 random bits. */
    double next() {
        state += GOLDEN_GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
    }
}
