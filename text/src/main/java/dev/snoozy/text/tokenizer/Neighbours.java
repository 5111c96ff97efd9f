package dev.snoozy.text.tokenizer;

/**
 * Which characters stand side by side in some token. No merge crosses a place where the text has
 * two characters that never do, so a text falls into short pieces there. May answer yes where no is
 * true, never the other way round.
 */
final class Neighbours {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] bits;

    /**
     * @param tokens about how many tokens there are
     */
    Neighbours(int tokens) {
        // Sixteen bits for each token keep wrong answers near 2 % for the vocabularies tried.
        bits = new long[Integer.highestOneBit(Math.max(64, Math.min(tokens, 1 << 22))) / 2];
    }

    void add(String token) {
        for (int i = 0; i < token.length(); ) {
            int left = token.codePointAt(i);
            i += Character.charCount(left);
            if (i < token.length()) {
                int bit = bit(left, token.codePointAt(i));
                bits[bit >>> 6] |= 1L << bit;
            }
        }
    }

    /** Whether some token holds these two characters side by side. */
    boolean meet(int left, int right) {
        int bit = bit(left, right);
        return (bits[bit >>> 6] & 1L << bit) != 0;
    }

    private int bit(int left, int right) {
        long key = (long) left << 32 | right;
        return (int) (key * MULTIPLIER >>> 40) & (bits.length * 64 - 1);
    }
}
