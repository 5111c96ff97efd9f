package dev.snoozy.text.chat;

/**
 * Finds the end of a value with brackets and strings, while its text comes. What it has seen it
 * does not look at again.
 */
final class Extent {
    /** No end yet. */
    static final int OPEN = -1;

    /** Nested deeper than any call. */
    static final int BROKEN = -2;

    /** As deep as the JSON reader goes. */
    private static final int DEEPEST = 64;

    private final String quotes;
    private final String longQuote;
    private int at;
    private int depth;
    private char quote;
    private boolean inLongQuote;
    private boolean escaped;

    private Extent(int start, int depth, String quotes, String longQuote) {
        this.at = start;
        this.depth = depth;
        this.quotes = quotes;
        this.longQuote = longQuote;
    }

    /** Of a JSON object, array or string. */
    static Extent json(int start) {
        return new Extent(start, 0, "\"", "");
    }

    /** Of a Python list whose first bracket has gone by, or of a call from its bracket on. */
    static Extent python(int start, int depth) {
        return new Extent(start, depth, "\"'", "");
    }

    /** Of braces with strings between long quotation marks. */
    static Extent quoted(int start, String longQuote) {
        return new Extent(start, 0, "", longQuote);
    }

    /** How far it has looked. */
    int at() {
        return at;
    }

    /** The position behind the value, or {@link #OPEN} or {@link #BROKEN}. */
    int end(Window window) {
        int end = window.visible();
        while (at < end) {
            if (!longQuote.isEmpty()) {
                switch (window.startsWith(at, longQuote)) {
                    case UNKNOWN -> {
                        return OPEN;
                    }
                    case YES -> {
                        inLongQuote = !inLongQuote;
                        at += longQuote.length();
                        continue;
                    }
                    case NO -> {}
                }
            }
            char c = window.at(at++);
            if (quote != 0) {
                if (escaped) {
                    escaped = false;
                } else if (c == '\\') {
                    escaped = true;
                } else if (c == quote) {
                    quote = 0;
                    if (depth == 0) {
                        return at;
                    }
                }
            } else if (!inLongQuote) {
                if (quotes.indexOf(c) >= 0) {
                    quote = c;
                } else if (c == '{' || c == '[' || c == '(') {
                    if (++depth > DEEPEST) {
                        return BROKEN;
                    }
                } else if ((c == '}' || c == ']' || c == ')') && --depth <= 0) {
                    return at;
                }
            }
        }
        return OPEN;
    }
}
