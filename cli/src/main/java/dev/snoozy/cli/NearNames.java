package dev.snoozy.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What to say of a name that nobody knows. */
public final class NearNames {
    private static final int SHOWN = 3;

    private NearNames() {}

    /** One line: where the name was found, the nearest known ones, and all of them. */
    public static String unknown(String where, String name, List<String> known) {
        List<String> near = of(name, known);
        return "%s: found \"%s\", which is unknown; near names: %s; all: %s"
                .formatted(where, name, String.join(", ", near), String.join(", ", known));
    }

    /** The nearest few of the known names. */
    static List<String> of(String name, List<String> known) {
        return known.stream()
                .sorted(Comparator.comparingInt(k -> distance(lower(name), lower(k))))
                .limit(SHOWN)
                .toList();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's distance of two short names. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
