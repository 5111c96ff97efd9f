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

    char[] chars = {};
    int length;

    /** Takes a text. What the last one left is gone. */
    NormalText set(CharSequence raw) {
        int n = raw.length();
        if (chars.length < n) {
            chars = new char[Math.max(n, chars.length * 2)];
        }
        length = 0;
        for (int i = 0; i < n; i++) {
            char c = raw.charAt(i);
            if (c >= 128) {
                setUnicode(raw);
                return this;
            }
            if (c <= ' ' || c == 127) {
                space();
            } else {
                chars[length++] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            }
        }
        trim();
        return this;
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
