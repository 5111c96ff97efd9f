package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;

/** Strings as sequences of code points, with Python's notion of whitespace. */
final class Strings {
    private Strings() {}

    static boolean isSpace(int c) {
        if (c < 128) {
            return c >= 9 && c <= 13 || c >= 28 && c <= 32;
        }
        return c == 0x85
                || Character.getType(c) == Character.SPACE_SEPARATOR
                || c == 0x2028
                || c == 0x2029;
    }

    static boolean isBlank(String text) {
        return text.codePoints().allMatch(Strings::isSpace);
    }

    static String stripTrailing(String text) {
        return strip(text, null, false, true);
    }

    static String strip(String text) {
        return strip(text, null, true, true);
    }

    /** Removes whitespace, or the given characters, from the ends. */
    static String strip(String text, @Nullable String chars, boolean left, boolean right) {
        int[] set = chars == null ? null : chars.codePoints().sorted().toArray();
        int begin = 0;
        int end = text.length();
        while (left && begin < end && isIn(set, text.codePointAt(begin))) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        while (right && end > begin && isIn(set, text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    private static boolean isIn(int @Nullable [] sorted, int c) {
        return sorted == null ? isSpace(c) : Arrays.binarySearch(sorted, c) >= 0;
    }

    /** The number of code points. */
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /** The first character in title case, the others in lower case. */
    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + lower(text.substring(rest));
    }

    /** A character in title case, which may be several characters. */
    static String titleCase(int c) {
        String upper = upper(Character.toString(c));
        if (upper.length() == Character.charCount(c)) {
            return Character.toString(Character.toTitleCase(c));
        }
        int first = upper.codePointAt(0);
        return Character.toString(first) + lower(upper.substring(Character.charCount(first)));
    }

    /** Compares by code points, which differs from UTF-16 order. */
    static int compare(String left, String right) {
        int mismatch = -1;
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common && mismatch < 0; i++) {
            if (left.charAt(i) != right.charAt(i)) {
                mismatch = i;
            }
        }
        if (mismatch < 0) {
            return Integer.compare(left.length(), right.length());
        }
        char a = left.charAt(mismatch);
        char b = right.charAt(mismatch);
        if (Character.isSurrogate(a) != Character.isSurrogate(b)) {
            return Character.isSurrogate(a) ? 1 : -1;
        }
        return Character.compare(a, b);
    }

    /**
     * Where a text occurs, in time that grows with the sum of the lengths: the search of the
     * standard library takes their product on hostile input.
     */
    static int indexOf(String text, String sought, int from) {
        if (sought.length() <= 16) {
            return text.indexOf(sought, from);
        }
        int[] border = borders(sought);
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched > 0 && sought.charAt(matched) != text.charAt(i)) {
                matched = border[matched - 1];
            }
            if (sought.charAt(matched) == text.charAt(i)) {
                matched++;
            }
            if (matched == sought.length()) {
                return i + 1 - matched;
            }
        }
        return -1;
    }

    /** For each prefix, the length of its longest border (Knuth, Morris and Pratt). */
    private static int[] borders(String sought) {
        int[] border = new int[sought.length()];
        int length = 0;
        for (int i = 1; i < border.length; i++) {
            while (length > 0 && sought.charAt(i) != sought.charAt(length)) {
                length = border[length - 1];
            }
            if (sought.charAt(i) == sought.charAt(length)) {
                length++;
            }
            border[i] = length;
        }
        return border;
    }
}
