package dev.snoozy.text.chat;

/**
 * The text of an answer that has come and is not yet given away. Positions count from its first
 * character.
 */
final class Window {
    /** What a position may say of a text that is expected there. */
    enum Is {
        YES,
        NO,
        /** The text that has come ends before it can be said. */
        UNKNOWN
    }

    /** Longest text of a call. What is longer is content. */
    static final int LONGEST_CALL = 1 << 20;

    private final StringBuilder text = new StringBuilder();
    private int from;
    private boolean last;

    void add(String more) {
        text.append(more);
    }

    /** No more text will come. */
    void end() {
        last = true;
    }

    /** Whether no more text will come. */
    boolean ended() {
        return last;
    }

    int length() {
        return text.length() - from;
    }

    /** Characters that a call may look at. */
    int visible() {
        return Math.min(length(), LONGEST_CALL);
    }

    /** Whether a call may not look at more than {@link #visible}, now or ever. */
    boolean closed() {
        return last || length() >= LONGEST_CALL;
    }

    char at(int position) {
        return text.charAt(from + position);
    }

    String text(int start, int end) {
        return text.substring(from + start, from + end);
    }

    /** Gives the first characters away. */
    void drop(int count) {
        from += count;
    }

    /** Frees the room of what was given away. */
    void compact() {
        text.delete(0, from);
        from = 0;
    }

    /** Whether a text stands at a position, as far as a call may look. */
    Is startsWith(int position, String expected) {
        int available = Math.min(expected.length(), visible() - position);
        for (int i = 0; i < available; i++) {
            if (at(position + i) != expected.charAt(i)) {
                return Is.NO;
            }
        }
        if (available == expected.length()) {
            return Is.YES;
        }
        return closed() ? Is.NO : Is.UNKNOWN;
    }

    /** The first position from here on that holds no white space, as far as a call may look. */
    int skipSpace(int position) {
        int at = position;
        while (at < visible() && isSpace(at(at))) {
            at++;
        }
        return at;
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }
}
