package dev.snoozy.curate.dedup;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Finds the words of a {@link NormalText}: as strings for people, as hashes for everything else.
 */
final class WordScanner {
    private static final byte NOTHING = 0;
    private static final byte LETTER = 1;
    private static final byte SYMBOL = 2;
    private static final byte SYMBOL_BESIDE_DIGIT = 3;
    private static final byte[] KINDS = kinds();

    static final long FACTOR = 0x9E3779B97F4A7C15L;

    private WordScanner() {}

    /**
     * The hashes of the words, 32 bits each: two different words share one with a chance of
     * 2<sup>-32</sup>.
     *
     * @param symbols whether symbols are words and apostrophes join, as {@link Normaliser} tells;
     *     otherwise nothing counts but letters and digits
     * @param into takes them from {@code start} on, and is copied if it is too small
     * @return the array with the hashes; their number is in {@code count[0]}
     */
    static int[] hashes(NormalText text, boolean symbols, int[] into, int start, int[] count) {
        char[] chars = text.chars;
        int n = text.length;
        // A word takes one character at least.
        int[] words = into.length < start + n ? Arrays.copyOf(into, start + n) : into;
        int found = start;
        long hash = 0;
        boolean inside = false;
        for (int i = 0; i < n; i++) {
            char c = chars[i];
            byte kind = c < 128 ? KINDS[c] : NOTHING;
            if (kind == LETTER) {
                hash = (hash + c) * FACTOR;
                inside = true;
                continue;
            }
            if (c >= 128) {
                int point = codePoint(chars, i, n);
                int other = kindOf(point);
                i += Character.charCount(point) - 1;
                if (other == LETTER && !standsAlone(point)) {
                    hash = (hash + point) * FACTOR;
                    inside = true;
                    continue;
                }
                if (inside) {
                    words[found++] = finish(hash);
                    hash = 0;
                    inside = false;
                }
                if (other == LETTER || symbols && other != NOTHING) {
                    words[found++] = finish(point * FACTOR);
                }
                continue;
            }
            if (symbols && c == '\'' && inside && i + 1 < n && Character.isLetter(chars[i + 1])) {
                continue;
            }
            if (inside) {
                words[found++] = finish(hash);
                hash = 0;
                inside = false;
            }
            if (symbols
                    && (kind == SYMBOL
                            || kind == SYMBOL_BESIDE_DIGIT && besideDigit(chars, i, n))) {
                words[found++] = finish(c * FACTOR);
            }
        }
        if (inside) {
            words[found++] = finish(hash);
        }
        count[0] = found - start;
        return words;
    }

    /** The words themselves: the slow twin of {@link #hashes}, which judges it. */
    static void scan(NormalText text, Consumer<String> words) {
        char[] chars = text.chars;
        int n = text.length;
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < n; ) {
            int point = codePoint(chars, i, n);
            int next = i + Character.charCount(point);
            int kind = kindOf(point);
            boolean joins =
                    point == '\'' && !word.isEmpty() && next < n && Character.isLetter(chars[next]);
            if (kind == LETTER && !standsAlone(point)) {
                word.appendCodePoint(point);
            } else if (!joins) {
                if (!word.isEmpty()) {
                    words.accept(word.toString());
                    word.setLength(0);
                }
                if (kind == LETTER
                        || kind == SYMBOL
                        || kind == SYMBOL_BESIDE_DIGIT && besideDigit(chars, i, n)) {
                    words.accept(Character.toString(point));
                }
            }
            i = next;
        }
        if (!word.isEmpty()) {
            words.accept(word.toString());
        }
    }

    /** Whether a sign in ASCII is a word wherever it stands. */
    static boolean isWord(char c) {
        return KINDS[c] == SYMBOL;
    }

    /** Whether a sign in ASCII is a word if a digit is beside it. */
    static boolean isWordBesideDigit(char c) {
        return KINDS[c] == SYMBOL_BESIDE_DIGIT;
    }

    private static int codePoint(char[] chars, int i, int n) {
        return Character.codePointAt(chars, i, n);
    }

    private static boolean besideDigit(char[] chars, int i, int n) {
        int before = i > 0 && chars[i - 1] == ' ' ? i - 2 : i - 1;
        int after = i + 1 < n && chars[i + 1] == ' ' ? i + 2 : i + 1;
        return before >= 0 && isDigit(chars[before]) || after < n && isDigit(chars[after]);
    }

    private static boolean isDigit(char c) {
        return c < 128 ? c >= '0' && c <= '9' : Character.isDigit(c);
    }

    private static int kindOf(int point) {
        if (point < 128) {
            return KINDS[point];
        }
        return switch (Character.getType(point)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    LETTER;
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.OTHER_SYMBOL -> SYMBOL;
            default -> NOTHING;
        };
    }

    /** Whether the script is written without spaces between words. */
    private static boolean standsAlone(int point) {
        if (point < 0x0E00) {
            return false;
        }
        return switch (Character.UnicodeScript.of(point)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
            default -> false;
        };
    }

    static int finish(long hash) {
        return (int) (Mix.mix64(hash) >>> 32);
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[128];
        for (char c = 0; c < 128; c++) {
            if (Character.isLetterOrDigit(c)) {
                kinds[c] = LETTER;
            } else if ("+=<>%$^&".indexOf(c) >= 0) {
                kinds[c] = SYMBOL;
            } else if ("-*/#|~@\\".indexOf(c) >= 0) {
                kinds[c] = SYMBOL_BESIDE_DIGIT;
            }
        }
        return kinds;
    }
}
