package dev.snoozy.cli;

import java.util.Locale;

/** Text from a file, or an amount, in a form that suits a terminal. */
public final class Printable {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private Printable() {}

    /**
     * At most {@code most} characters on one line. Control characters are escaped: a model file
     * must not be able to move the cursor or change the colours of whoever looks at it.
     */
    public static String text(String text, int most) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && line.length() < most; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.length() < most ? line.toString() : line.substring(0, most - 1) + "…";
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
