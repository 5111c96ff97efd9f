package dev.snoozy.cli;

import java.util.Locale;

/** Text from a file, or an amount, in a form that suits a terminal. */
public final class Printable {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Printable() {}

    /**
     * At most {@code most} characters on one line, whole characters only. What a terminal acts on
     * is escaped: a file must not be able to move the cursor, change the colours or turn around the
     * text of whoever looks at it.
     */
    public static String text(String text, int most) {
        StringBuilder line = new StringBuilder();
        int shown = 0; // up to where it fits if the rest is left out
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            append(line, c);
            if (line.length() < most) {
                shown = line.length();
            } else if (line.length() > most || i < text.length()) {
                return line.substring(0, shown) + "…";
            }
        }
        return line.toString();
    }

    /** All of a text on one line, with what a terminal acts on escaped. */
    public static String line(String text) {
        return text(text, Integer.MAX_VALUE);
    }

    /**
     * What a model writes, or other text of several lines. Ends of lines and tabs stay, and so do
     * the joiners within letters and pictures; all else that a terminal acts on is escaped. Each
     * piece of a stream can be given by itself.
     */
    public static String lines(String text) {
        StringBuilder lines = new StringBuilder(text.length());
        text.replace("\r\n", "\n")
                .codePoints()
                .forEach(c -> {
                    if (c == '\n'
                            || c == '\t'
                            || c == ZERO_WIDTH_NON_JOINER
                            || c == ZERO_WIDTH_JOINER) {
                        lines.append((char) c);
                    } else {
                        append(lines, c);
                    }
                });
        return lines.toString();
    }

    private static void append(StringBuilder text, int c) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (isActedOn(c)) {
                    text.append(String.format(Locale.ROOT, "\\u%04x", c));
                } else {
                    text.appendCodePoint(c);
                }
            }
        }
    }

    /** Whether a character is none to see: controls, order of writing, marks, halves of others. */
    private static boolean isActedOn(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }

    /** An amount of memory with three digits or so: {@code 1.02 MiB}. */
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = -1;
        while (amount >= 1024 && unit + 1 < UNITS.length) {
            amount /= 1024;
            unit++;
        }
        if (unit < 0) {
            return bytes + " B";
        }
        String digits = amount < 10 ? "%.2f" : amount < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits + " %s", amount, UNITS[unit]);
    }

    /** A count as people say it: {@code 260 K}, {@code 7.24 B}. */
    public static String count(long count) {
        if (count < 10_000) {
            return Long.toString(count);
        }
        double amount = count;
        String unit = "";
        for (String next : new String[] {"K", "M", "B", "T"}) {
            if (amount < 999.5) { // what would be rounded to 1000 takes the next unit
                break;
            }
            amount /= 1000;
            unit = next;
        }
        String digits = amount < 10 ? "%.2f" : amount < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, digits + " %s", amount, unit);
    }
}
