package dev.snoozy.text.tokenizer;

import java.util.Arrays;

/** Characters listed as in the brackets of a regular expression: {@code a-z0-9_}. Immutable. */
final class CharacterSet {
    /** Starts and ends (inclusive) of ranges, ascending. */
    private final int[] ranges;

    private CharacterSet(int[] ranges) {
        this.ranges = ranges;
    }

    /**
     * @param listed single characters, and ranges with a minus between; no escapes
     */
    static CharacterSet of(String listed) {
        int[] points = listed.codePoints().toArray();
        int[] ranges = new int[2 * points.length];
        int size = 0;
        for (int i = 0; i < points.length; i++) {
            ranges[size++] = points[i];
            if (i + 2 < points.length && points[i + 1] == '-') {
                i += 2;
            }
            ranges[size++] = points[i];
        }
        return merged(ranges, size);
    }

    /**
     * @param listed code points and ranges of them in hexadecimal, a space between
     */
    static CharacterSet ofHex(String listed) {
        String[] parts = listed.split(" ");
        int[] ranges = new int[2 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            int minus = parts[i].indexOf('-');
            ranges[2 * i] =
                    Integer.parseInt(minus < 0 ? parts[i] : parts[i].substring(0, minus), 16);
            ranges[2 * i + 1] = Integer.parseInt(parts[i].substring(minus + 1), 16);
        }
        return merged(ranges, ranges.length);
    }

    private static CharacterSet merged(int[] ranges, int size) {
        long[] sorted = new long[size / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) ranges[2 * i] << 32 | ranges[2 * i + 1];
        }
        Arrays.sort(sorted);
        int[] result = new int[size];
        int used = 0;
        for (long range : sorted) {
            int first = (int) (range >> 32);
            int last = (int) range;
            if (used > 0 && first <= result[used - 1]) {
                result[used - 1] = Math.max(result[used - 1], last);
            } else {
                result[used++] = first;
                result[used++] = last;
            }
        }
        return new CharacterSet(Arrays.copyOf(result, used));
    }

    boolean contains(int point) {
        int low = 0;
        int high = ranges.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (point < ranges[2 * middle]) {
                high = middle - 1;
            } else if (point > ranges[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
