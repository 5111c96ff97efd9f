package dev.snoozy.studio.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must be taken from a text and put into it to make it another: by words, else by lines. */
final class TextDiff {
    private static final Pattern WORDS =
            Pattern.compile("\\s+|[\\p{L}\\p{N}_]+|[^\\s\\p{L}\\p{N}_]");
    private static final Pattern LINES = Pattern.compile("[^\n]*\n|[^\n]+");
    private static final int MOST = 4000;

    private TextDiff() {}

    /**
     * A part of both texts ({@code same}), of the first ({@code gone}) or the second ({@code new}).
     */
    record Part(String kind, String text) {}

    /** The parts in their order. Of texts that are very long only the beginnings are compared. */
    static List<Part> of(String a, String b) {
        List<String> left = pieces(a);
        List<String> right = pieces(b);
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] =
                        left.get(i).equals(right.get(j))
                                ? common[i + 1][j + 1] + 1
                                : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<Part> parts = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                add(parts, "same", left.get(i));
                i++;
                j++;
            } else if (j == right.size()
                    || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
                add(parts, "gone", left.get(i++));
            } else {
                add(parts, "new", right.get(j++));
            }
        }
        return parts;
    }

    private static List<String> pieces(String text) {
        List<String> words = pieces(text, WORDS);
        return words.size() <= MOST ? words : pieces(text, LINES).stream().limit(MOST).toList();
    }

    private static List<String> pieces(String text, Pattern pattern) {
        List<String> pieces = new ArrayList<>();
        for (Matcher each = pattern.matcher(text); each.find(); ) {
            pieces.add(each.group());
        }
        return pieces;
    }

    private static void add(List<Part> parts, String kind, String text) {
        if (!parts.isEmpty() && parts.getLast().kind().equals(kind)) {
            text = parts.removeLast().text() + text;
        }
        parts.add(new Part(kind, text));
    }
}
