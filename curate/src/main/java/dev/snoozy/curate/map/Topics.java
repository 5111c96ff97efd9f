package dev.snoozy.curate.map;

import dev.snoozy.curate.dedup.Normaliser;
import dev.snoozy.curate.vectors.Vectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Topics in three levels: k-means splits all rows, then the rows of each topic. A topic is named by
 * the words with the largest class TF-IDF among the topics of its level (Grootendorst 2022), stop
 * words left out.
 *
 * @param all the topics, wider ones first
 * @param finest of each row, the number of its topic of the last level
 */
public record Topics(List<Topic> all, int[] finest) {
    /** Levels of topics. */
    public static final int LEVELS = 3;

    private static final int[] PARTS = {8, 5, 4};
    private static final int SMALLEST = 20;
    private static final int VOCABULARY = 20_000;
    private static final int MOST_WORDS = 400_000;
    private static final int LABEL_WORDS = 3;

    static Topics find(Vectors vectors, IntFunction<? extends CharSequence> texts) {
        List<int[]> members = new ArrayList<>();
        List<Integer> parents = new ArrayList<>();
        List<Integer> levels = new ArrayList<>();
        int[] every = new int[vectors.rows()];
        Arrays.setAll(every, i -> i);
        List<int[]> wider = List.of(every);
        int firstWider = -1;
        int[] finest = new int[vectors.rows()];
        for (int level = 0; level < LEVELS; level++) {
            int firstHere = members.size();
            for (int w = 0; w < wider.size(); w++) {
                for (int[] part : parts(vectors, wider.get(w), PARTS[level])) {
                    for (int row : part) {
                        finest[row] = members.size();
                    }
                    members.add(part);
                    parents.add(level == 0 ? -1 : firstWider + w);
                    levels.add(level);
                }
            }
            wider = List.copyOf(members.subList(firstHere, members.size()));
            firstWider = firstHere;
        }
        String[] labels = labels(parents, levels, finest, texts);
        List<Topic> topics = new ArrayList<>();
        for (int t = 0; t < labels.length; t++) {
            topics.add(new Topic(parents.get(t), levels.get(t), labels[t], members.get(t).length));
        }
        return new Topics(List.copyOf(topics), finest);
    }

    /** The parts that are not empty, largest first. */
    private static List<int[]> parts(Vectors vectors, int[] rows, int most) {
        int k = Math.min(most, rows.length / SMALLEST);
        if (k < 2) {
            return rows.length == 0 ? List.of() : List.of(rows);
        }
        int[] groups = KMeans.split(vectors, rows, k);
        List<int[]> parts = new ArrayList<>();
        for (int group = 0; group < k; group++) {
            int[] part = new int[rows.length];
            int n = 0;
            for (int i = 0; i < rows.length; i++) {
                if (groups[i] == group) {
                    part[n++] = rows[i];
                }
            }
            if (n > 0) {
                parts.add(Arrays.copyOf(part, n));
            }
        }
        parts.sort(Comparator.comparingInt((int[] p) -> -p.length).thenComparingInt(p -> p[0]));
        return parts;
    }

    private static String[] labels(
            List<Integer> parents,
            List<Integer> levels,
            int[] finest,
            IntFunction<? extends CharSequence> texts) {
        List<String> words = vocabulary(finest.length, texts);
        Map<String, Integer> numbers = new HashMap<>();
        for (int w = 0; w < words.size(); w++) {
            numbers.put(words.get(w), w);
        }
        int[][] counts = new int[parents.size()][words.size()];
        for (int row = 0; row < finest.length; row++) {
            for (String word : new HashSet<>(Normaliser.words(texts.apply(row)))) {
                Integer number = numbers.get(word);
                for (int t = finest[row]; number != null && t >= 0; t = parents.get(t)) {
                    counts[t][number]++;
                }
            }
        }
        String[] labels = new String[parents.size()];
        for (int level = 0; level < LEVELS; level++) {
            label(level, parents, levels, counts, words, labels);
        }
        return labels;
    }

    private static void label(
            int level,
            List<Integer> parents,
            List<Integer> levels,
            int[][] counts,
            List<String> words,
            String[] labels) {
        long[] sums = new long[words.size()];
        long all = 0;
        int classes = 0;
        for (int t = 0; t < counts.length; t++) {
            if (levels.get(t) == level) {
                classes++;
                for (int w = 0; w < sums.length; w++) {
                    sums[w] += counts[t][w];
                    all += counts[t][w];
                }
            }
        }
        double[] rarity = new double[sums.length];
        for (int w = 0; w < sums.length; w++) {
            double mean = (double) all / Math.max(1, classes);
            rarity[w] = StrictMath.log(1 + mean / Math.max(1, sums[w]));
        }
        for (int t = 0; t < counts.length; t++) {
            if (levels.get(t) == level) {
                // Words of the wider topic's name would say nothing new.
                Set<String> said = new HashSet<>();
                for (int p = parents.get(t); p >= 0; p = parents.get(p)) {
                    said.addAll(List.of(labels[p].split(" · ")));
                }
                labels[t] = best(counts[t], rarity, words, said);
            }
        }
    }

    private static String best(
            int[] counts, double[] rarity, List<String> words, Set<String> said) {
        List<String> best = new ArrayList<>();
        boolean[] taken = new boolean[counts.length];
        while (best.size() < LABEL_WORDS) {
            int top = -1;
            for (int w = 0; w < counts.length; w++) {
                if (!taken[w]
                        && counts[w] > 0
                        && !said.contains(words.get(w))
                        && (top < 0 || counts[w] * rarity[w] > counts[top] * rarity[top])) {
                    top = w;
                }
            }
            if (top < 0) {
                break;
            }
            taken[top] = true;
            best.add(words.get(top));
        }
        return best.isEmpty() ? "other" : String.join(" · ", best);
    }

    /** The words that most texts have, without stop words, numbers and single letters. */
    private static List<String> vocabulary(int rows, IntFunction<? extends CharSequence> texts) {
        Map<String, int[]> counts = new HashMap<>();
        for (int row = 0; row < rows; row++) {
            for (String word : new HashSet<>(Normaliser.words(texts.apply(row)))) {
                if (saysSomething(word)) {
                    counts.computeIfAbsent(word, w -> new int[1])[0]++;
                }
            }
            // Words that came once among so many are names and noise.
            if (counts.size() > MOST_WORDS) {
                counts.values().removeIf(c -> c[0] == 1);
            }
            if (counts.size() > MOST_WORDS) {
                counts.values().removeIf(c -> c[0] < 5);
            }
        }
        return counts.entrySet().stream()
                .filter(e -> rows < 50 || e.getValue()[0] > 1)
                .sorted(
                        Comparator.comparingInt((Map.Entry<String, int[]> e) -> -e.getValue()[0])
                                .thenComparing(Map.Entry::getKey))
                .limit(VOCABULARY)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean saysSomething(String word) {
        int first = word.codePointAt(0);
        return word.length() <= 30
                && Character.isLetter(first)
                && (word.length() > 2 || Character.isIdeographic(first))
                && !StopWords.contains(word);
    }
}
