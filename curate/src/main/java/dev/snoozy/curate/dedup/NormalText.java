package dev.snoozy.curate.dedup;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text in the form that {@link Normaliser} describes, in memory that is used again. One thread.
 */
final class NormalText {
    /** Of Unicode's stream-safe text format (UAX 15, section 13). */
    private static final int MARKS = 30;

    /** A character of ASCII in lower case; 0 for what separates words and is not seen. */
    private static final byte[] LOWER = new byte[128];

    static {
        for (char c = '!'; c < 127; c++) {
            LOWER[c] = (byte) Character.toLowerCase(c);
        }
    }

    char[] chars = {};
    int length;

    /** Takes a text. What the last one left is gone. */
    NormalText set(CharSequence raw) {
        int n = raw.length();
        if (chars.length < n) {
            chars = new char[Math.max(n, chars.length * 2)];
        }
        for (int i = 0; i < n; i++) {
            chars[i] = raw.charAt(i);
        }
        if (!setAscii(chars, n)) {
            setUnicode(raw);
        }
        return this;
    }

    /**
     * Takes the first {@code n} of some characters, which may be those that it has.
     *
     * @return whether they are all in ASCII; if not, nothing has been taken
     */
    boolean setAscii(char[] raw, int n) {
        if (chars.length < n) {
            chars = new char[Math.max(n, chars.length * 2)];
        }
        char[] to = chars;
        int found = 0;
        char before = ' ';
        for (int i = 0; i < n; i++) {
            char c = raw[i];
            if (c >= 128) {
                return false;
            }
            byte lower = LOWER[c];
            // Written always, counted unless it is one more space: no branch that is guessed
            // wrongly.
            char now = lower == 0 ? ' ' : (char) lower;
            to[found] = now;
            found += now != ' ' || before != ' ' ? 1 : 0;
            before = now;
        }
        length = found;
        trim();
        return true;
    }

    private void setUnicode(CharSequence raw) {
        String lower = compose(raw).toLowerCase(Locale.ROOT);
        int n = lower.length();
        if (chars.length < n) {
            chars = new char[n];
        }
        length = 0;
        for (int i = 0; i < n; i++) {
            char c = lower.charAt(i);
            if (Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)) {
                space();
            } else if (Character.getType(c) != Character.FORMAT) {
                chars[length++] = plain(c);
            }
        }
        trim();
    }

    /**
     * Piece by piece where marks follow each other without end: their order takes time by the
     * square.
     */
    private static String compose(CharSequence raw) {
        StringBuilder pieces = new StringBuilder();
        int start = 0;
        int marks = 0;
        for (int i = 0; i < raw.length(); ) {
            int point = Character.codePointAt(raw, i);
            marks = isMark(point) ? marks + 1 : 0;
            if (marks > MARKS) {
                pieces.append(
                        Normalizer.normalize(raw.subSequence(start, i), Normalizer.Form.NFKC));
                start = i;
                marks = 1;
            }
            i += Character.charCount(point);
        }
        String rest =
                Normalizer.normalize(raw.subSequence(start, raw.length()), Normalizer.Form.NFKC);
        return start == 0 ? rest : pieces.append(rest).toString();
    }

    private static boolean isMark(int point) {
        if (point < 0x300) {
            return false;
        }
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static char plain(char c) {
        return switch (c) {
            case '\u2018', '\u2019', '\u201a', '\u201b', '\u2039', '\u203a' -> '\'';
            case '\u201c', '\u201d', '\u201e', '\u201f', '\u00ab', '\u00bb' -> '"';
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '-';
            default -> c;
        };
    }

    private void space() {
        if (length > 0 && chars[length - 1] != ' ') {
            chars[length++] = ' ';
        }
    }

    private void trim() {
        if (length > 0 && chars[length - 1] == ' ') {
            length--;
        }
    }

    @Override
    public String toString() {
        return String.valueOf(Arrays.copyOf(chars, length));
    }
}
