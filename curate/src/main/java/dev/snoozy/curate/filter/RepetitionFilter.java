package dev.snoozy.curate.filter;

import java.util.HashSet;
import java.util.Set;

/**
 * See {@link FilterKind#REPETITION}. The share of lines that came before; the share of characters
 * in the most frequent sequence of 2 to 4 words; the share of characters in sequences of 5 to 10
 * words that came before. Short answers are not looked at: each has some pair of words twice.
 * Gopher's own thresholds (0.20, 0.18, 0.16 and 0.15 to 0.10) are for pages of the web and would
 * remove every sixth solution of GSM8K, where each step is said in the same words.
 */
record RepetitionFilter(Thresholds thresholds) implements RowFilter {
    static final Thresholds DEFAULTS =
            Thresholds.of(
                    "words", 60,
                    "lines", 0.30,
                    "top-2", 0.35,
                    "top-3", 0.35,
                    "top-4", 0.35,
                    "again-5", 0.50,
                    "again-6", 0.45,
                    "again-7", 0.40,
                    "again-8", 0.40,
                    "again-9", 0.35,
                    "again-10", 0.35);

    private static final int LAST_TOP = 4;
    private static final int LAST = 10;

    /** Lines with fewer words repeat in any code and any table. */
    private static final int WORDS_OF_LINE = 4;

    @Override
    public String name() {
        return FilterKind.REPETITION.title();
    }

    @Override
    public Verdict judge(RowTexts row) {
        String response = row.response();
        int[] hashes = row.responseWords();
        if (hashes.length < thresholds.number("words")) {
            return Verdict.KEEP;
        }
        double lines = lines(response);
        if (lines > thresholds.number("lines")) {
            return remove("lines that came before", lines);
        }
        WordSequences words = new WordSequences(response, hashes);
        for (int n = 2; n <= LAST_TOP; n++) {
            double share = words.top(n);
            if (share > thresholds.number("top-" + n)) {
                return remove("the same " + n + " words", share);
            }
        }
        for (int n = LAST_TOP + 1; n <= LAST; n++) {
            double share = words.again(n);
            if (share > thresholds.number("again-" + n)) {
                return remove("sequences of " + n + " words that came before", share);
            }
        }
        return Verdict.KEEP;
    }

    private static Verdict remove(String what, double share) {
        return new Verdict.Remove("%.0f %% are %s".formatted(100 * share, what));
    }

    private static double lines(String text) {
        Set<Long> seen = new HashSet<>();
        int lines = 0;
        int again = 0;
        for (String line : text.lines().toList()) {
            int[] words = RowTexts.words(line);
            if (words.length >= WORDS_OF_LINE) {
                lines++;
                again += seen.add(WordSequences.hash(words, 0, words.length)) ? 0 : 1;
            }
        }
        return lines < 2 ? 0 : (double) again / lines;
    }
}
