package dev.snoozy.text.grammar;

/** Which tokens of a vocabulary may come next. Immutable and thread-safe. */
public final class TokenMask {
    private final long[] bits;
    private final int size;

    TokenMask(long[] bits, int size) {
        this.bits = bits;
        this.size = size;
    }

    /** Whether a token may come; false for one that the vocabulary does not have. */
    public boolean allows(int token) {
        return token >= 0 && token < size && (bits[token >>> 6] >>> token & 1) != 0;
    }

    /** Tokens of the vocabulary. */
    public int size() {
        return size;
    }

    /** How many tokens may come. */
    public int count() {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /**
     * 64 tokens at once, a bit for each, the lowest for the first: for those who go through all.
     *
     * @param part the tokens from {@code 64 * part} on, of {@code (size() + 63) / 64} parts
     */
    public long word(int part) {
        return bits[part];
    }

    /** The first token from this one on that may come, or -1. */
    public int next(int from) {
        int at = from >>> 6;
        if (at >= bits.length) {
            return -1;
        }
        long word = bits[at] & -1L << from;
        while (word == 0) {
            if (++at == bits.length) {
                return -1;
            }
            word = bits[at];
        }
        return (at << 6) + Long.numberOfTrailingZeros(word);
    }
}
