package dev.snoozy.curate.dedup;

/**
 * The words of texts in ASCII, straight from the text: the same hashes as {@link WordScanner} gives
 * for its normal form, in a third of the time.
 */
final class AsciiWords {
    /** What a letter or digit adds to the hash of its word; 0 for all else. */
    private static final byte[] LETTERS = new byte[128];

    static {
        for (char c = 0; c < 128; c++) {
            LETTERS[c] = (byte) (Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : 0);
        }
    }

    private AsciiWords() {}

    /**
     * Finds the words.
     *
     * @param symbols as in {@link WordScanner#hashes}
     * @param into takes the hashes from {@code start} on, with room for {@code n}
     * @return how many words there are, -1 if a character is not in ASCII
     */
    static int hashes(char[] chars, int n, boolean symbols, int[] into, int start) {
        int found = start;
        long hash = 0;
        int inside = 0;
        for (int i = 0; i < n; i++) {
            char c = chars[i];
            if (c >= 128) {
                return -1;
            }
            byte letter = LETTERS[c];
            if (letter != 0) {
                hash = (hash + letter) * WordScanner.FACTOR;
                inside = 1;
                continue;
            }
            if (symbols && c > ' ') {
                if (c == '\'' && inside > 0 && i + 1 < n && isLetter(chars[i + 1])) {
                    continue;
                }
                if (WordScanner.isWord(c) || isBesideDigit(chars, i, n)) {
                    into[found] = WordScanner.finish(hash);
                    found += inside;
                    into[found++] = WordScanner.finish(c * WordScanner.FACTOR);
                    hash = 0;
                    inside = 0;
                    continue;
                }
            }
            // Written always, counted if there was a word: no branch that is guessed wrongly.
            into[found] = WordScanner.finish(hash);
            found += inside;
            hash = 0;
            inside = 0;
        }
        if (inside > 0) {
            into[found++] = WordScanner.finish(hash);
        }
        return found - start;
    }

    private static boolean isLetter(char c) {
        return c < 128 ? LETTERS[c] > '9' : Character.isLetter(c);
    }

    /**
     * A sign that counts there, with a digit before or after it and white space at most between.
     */
    private static boolean isBesideDigit(char[] chars, int i, int n) {
        if (!WordScanner.isWordBesideDigit(chars[i])) {
            return false;
        }
        int before = i - 1;
        while (before >= 0 && isSpace(chars[before])) {
            before--;
        }
        int after = i + 1;
        while (after < n && isSpace(chars[after])) {
            after++;
        }
        return before >= 0 && isDigit(chars[before]) || after < n && isDigit(chars[after]);
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || c == 127;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
