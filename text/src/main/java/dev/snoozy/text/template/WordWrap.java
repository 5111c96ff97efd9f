package dev.snoozy.text.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The filter {@code wordwrap}: breaks lines at spaces and hyphens, as Python's textwrap does. */
final class WordWrap {
    private final int width;
    private final boolean breakLongWords;
    private final boolean breakOnHyphens;

    private final Budget budget;

    private WordWrap(int width, boolean breakLongWords, boolean breakOnHyphens, Budget budget) {
        this.budget = budget;
        this.width = width;
        this.breakLongWords = breakLongWords;
        this.breakOnHyphens = breakOnHyphens;
    }

    static Object filter(Runtime runtime, Object value, Arguments arguments) {
        Arguments.Bound bound =
                arguments.bind(
                        "wordwrap", "width", "break_long_words", "wrapstring", "break_on_hyphens");
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        String text = StringMethods.string(value, "wordwrap");
        long width = Numbers.index(bound.optional(0, 79L), "width");
        if (width <= 0) {
            throw TemplateException.value("invalid width " + width + " (must be > 0)");
        }
        Object separator = bound.given(2);
        String newline = separator == null ? "\n" : StringMethods.string(separator, "wordwrap");
        WordWrap wrap =
                new WordWrap(
                        (int) Math.min(width, Integer.MAX_VALUE),
                        Comparison.truth(bound.optional(1, true)),
                        Comparison.truth(bound.optional(3, true)),
                        runtime.budget());
        runtime.budget().work(text.length() * 4L);
        List<Object> lines = new ArrayList<>();
        for (Object line : SearchMethods.lines(text, false)) {
            List<Object> wrapped = wrap.wrap((String) line);
            runtime.budget().elements(wrapped.size());
            lines.add(StringMethods.joined(newline, wrapped, runtime.budget()));
        }
        return StringMethods.joined(newline, lines, runtime.budget());
    }

    private List<Object> wrap(String line) {
        Deque<String> chunks = new ArrayDeque<>(chunks(line));
        List<Object> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            if (!lines.isEmpty() && isBlank(chunks.getFirst())) {
                chunks.removeFirst();
            }
            List<String> current = new ArrayList<>();
            int length = 0;
            while (!chunks.isEmpty() && length + Strings.length(chunks.getFirst()) <= width) {
                length += Strings.length(chunks.getFirst());
                current.add(chunks.removeFirst());
            }
            boolean tooLong = !chunks.isEmpty() && Strings.length(chunks.getFirst()) > width;
            if (tooLong) {
                placeLongWord(chunks, current, width - length);
            }
            if (!current.isEmpty() && isBlank(current.getLast())) {
                current.removeLast();
            }
            if (!current.isEmpty()) {
                lines.add(String.join("", current));
            }
        }
        return lines;
    }

    private void placeLongWord(Deque<String> chunks, List<String> current, int room) {
        if (!breakLongWords) {
            if (current.isEmpty()) {
                current.add(chunks.removeFirst());
            }
            return;
        }
        String chunk = chunks.removeFirst();
        budget.work(chunk.length());
        int end = chunk.offsetByCodePoints(0, room);
        int hyphen = breakOnHyphens ? chunk.lastIndexOf('-', end - 1) : -1;
        boolean afterHyphen =
                hyphen > 0 && chunk.substring(0, hyphen).chars().anyMatch(c -> c != '-');
        int cut = afterHyphen ? hyphen + 1 : end;
        current.add(chunk.substring(0, cut));
        chunks.addFirst(chunk.substring(cut));
    }

    private static boolean isBlank(String chunk) {
        return Strings.strip(chunk).isEmpty();
    }

    /** Runs of whitespace, and words, which may be broken after hyphens. */
    private List<String> chunks(String line) {
        List<String> chunks = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= line.length(); i++) {
            if (i == line.length() || isBreak(line, from, i)) {
                chunks.add(line.substring(from, i));
                from = i;
            }
        }
        return line.isEmpty() ? List.of() : chunks;
    }

    private boolean isBreak(String line, int from, int at) {
        if (isWhite(line.charAt(at - 1)) != isWhite(line.charAt(at))) {
            return true;
        }
        if (!breakOnHyphens || isWhite(line.charAt(at))) {
            return false;
        }
        boolean hyphen =
                line.charAt(at - 1) == '-'
                        && line.charAt(at) != '-'
                        && (isLetter(line, at - 2) && isLetter(line, at - 3)
                                || isLetter(line, at - 4)
                                        && line.charAt(at - 3) == '-'
                                        && isWordOrPunctuation(line, at - 2));
        boolean letters =
                isLetter(line, at)
                        && (isLetter(line, at + 1)
                                || at + 1 < line.length()
                                        && line.charAt(at + 1) == '-'
                                        && isLetter(line, at + 2));
        return hyphen && letters || isDash(line, at) || isAfterDash(line, from, at);
    }

    /** Whether a dash of several hyphens begins between words. */
    private static boolean isDash(String line, int at) {
        if (!isWordOrPunctuation(line, at - 1)) {
            return false;
        }
        int end = at;
        while (end < line.length() && line.charAt(end) == '-') {
            end++;
        }
        return end - at >= 2
                && end < line.length()
                && TextFilters.isWordCharacter(line.charAt(end));
    }

    private static boolean isAfterDash(String line, int from, int at) {
        if (line.charAt(at) == '-' || from == 0 || at - from < 2) {
            return false;
        }
        int end = from;
        while (end < at && line.charAt(end) == '-') {
            end++;
        }
        return end == at && isDash(line, from);
    }

    private static boolean isWhite(char c) {
        return "\t\n\u000b\f\r ".indexOf(c) >= 0;
    }

    private static boolean isLetter(String line, int at) {
        return at >= 0
                && at < line.length()
                && TextFilters.isWordCharacter(line.charAt(at))
                && !Character.isDigit(line.charAt(at));
    }

    private static boolean isWordOrPunctuation(String line, int at) {
        return at >= 0
                && (TextFilters.isWordCharacter(line.charAt(at))
                        || "!\"'&.,?".indexOf(line.charAt(at)) >= 0);
    }
}
