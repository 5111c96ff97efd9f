package dev.snoozy.text.grammar;

/**
 * The UTF-8 forms of a range of characters, as sequences of byte ranges (RFC 3629). A range is cut
 * where the number of bytes changes and where a leading byte does not go with all continuations.
 */
final class Utf8Ranges {
    private static final int CONTINUATION_BITS = 6;
    private static final int CONTINUATION_MASK = (1 << CONTINUATION_BITS) - 1;
    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

    /** Takes the ranges of one sequence; the arrays are not used again. */
    @FunctionalInterface
    interface Sink {
        /** Bytes from {@code first[i]} to {@code last[i]} in place {@code i}. */
        void sequence(int[] first, int[] last);
    }

    private Utf8Ranges() {}

    /** Gives the sequences of all characters from {@code first} to {@code last}. */
    static void split(int first, int last, Sink sink) {
        int from = first;
        for (int length = 1; length <= LAST_OF_LENGTH.length && from <= last; length++) {
            int end = Math.min(last, LAST_OF_LENGTH[length - 1]);
            if (from <= end) {
                splitSameLength(from, end, length, sink);
                from = end + 1;
            }
        }
    }

    /** Cuts until every place but a tail of full ranges has the same byte in both ends. */
    private static void splitSameLength(int first, int last, int length, Sink sink) {
        for (int places = 1; places < length; places++) {
            int mask = (1 << CONTINUATION_BITS * places) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    splitSameLength(first, first | mask, length, sink);
                    splitSameLength((first | mask) + 1, last, length, sink);
                    return;
                }
                if ((last & mask) != mask) {
                    splitSameLength(first, (last & ~mask) - 1, length, sink);
                    splitSameLength(last & ~mask, last, length, sink);
                    return;
                }
            }
        }
        sink.sequence(bytes(first, length), bytes(last, length));
    }

    private static int[] bytes(int point, int length) {
        int[] bytes = new int[length];
        int rest = point;
        for (int i = length - 1; i > 0; i--) {
            bytes[i] = 0x80 | rest & CONTINUATION_MASK;
            rest >>= CONTINUATION_BITS;
        }
        bytes[0] =
                switch (length) {
                    case 1 -> rest;
                    case 2 -> 0xC0 | rest;
                    case 3 -> 0xE0 | rest;
                    default -> 0xF0 | rest;
                };
        return bytes;
    }
}
