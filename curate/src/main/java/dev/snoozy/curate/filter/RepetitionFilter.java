package dev.snoozy.curate.filter;

import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.records.DataRecord;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    public Verdict judge(DataRecord row) {
        String response = row.response();
        List<String> words = Normaliser.words(response);
        if (words.size() < thresholds.number("words")) {
            return Verdict.KEEP;
        }
        double lines = lines(response);
        if (lines > thresholds.number("lines")) {
            return remove("lines that came before", lines);
        }
        long[] hashes = words.stream().mapToLong(w -> 31L * w.hashCode() + w.length()).toArray();
        int[] lengths = words.stream().mapToInt(String::length).toArray();
        double all = Arrays.stream(lengths).sum();
        for (int n = 2; n <= LAST_TOP; n++) {
            double share = top(hashes, lengths, n) / all;
            if (share > thresholds.number("top-" + n)) {
                return remove("the same " + n + " words", share);
            }
        }
        for (int n = LAST_TOP + 1; n <= LAST; n++) {
            double share = again(hashes, lengths, n) / all;
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
        Set<String> seen = new HashSet<>();
        int lines = 0;
        int again = 0;
        for (String line : text.lines().toList()) {
            List<String> words = Normaliser.words(line);
            if (words.size() >= WORDS_OF_LINE) {
                lines++;
                again += seen.add(String.join(" ", words)) ? 0 : 1;
            }
        }
        return lines < 2 ? 0 : (double) again / lines;
    }

    /** Characters in the most frequent sequence, if it is there three times and more. */
    private static int top(long[] words, int[] lengths, int n) {
        Map<Long, Integer> counts = new HashMap<>();
        Map<Long, Integer> sizes = new HashMap<>();
        for (int i = 0; i + n <= words.length; i++) {
            long hash = hash(words, i, n);
            counts.merge(hash, 1, Integer::sum);
            sizes.putIfAbsent(hash, Arrays.stream(lengths, i, i + n).sum());
        }
        int most = 0;
        for (Map.Entry<Long, Integer> entry : counts.entrySet()) {
            int count = entry.getValue();
            if (count >= 3) {
                most = Math.max(most, count * sizes.getOrDefault(entry.getKey(), 0));
            }
        }
        return most;
    }

    /** Characters of words within a sequence that came before, each word once. */
    private static int again(long[] words, int[] lengths, int n) {
        Set<Long> seen = new HashSet<>();
        int characters = 0;
        int counted = 0;
        for (int i = 0; i + n <= words.length; i++) {
            if (!seen.add(hash(words, i, n))) {
                for (int w = Math.max(i, counted); w < i + n; w++) {
                    characters += lengths[w];
                }
                counted = i + n;
            }
        }
        return characters;
    }

    private static long hash(long[] words, int start, int n) {
        long hash = n;
        for (int i = start; i < start + n; i++) {
            hash = (hash ^ words[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
