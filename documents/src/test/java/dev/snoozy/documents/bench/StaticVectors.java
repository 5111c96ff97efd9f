package dev.snoozy.documents.bench;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Vectors of words that are made from a collection's own texts: the leading eigenvectors of {@link
 * Cooccurrence}, found by subspace iteration from random ones (Halko, Martinsson and Tropp 2011).
 * They need no other data, so that searches by vectors can be measured where no trained model is.
 */
final class StaticVectors {
    private static final int DIMENSIONS = 192;
    private static final int ITERATIONS = 4;

    /** Rarer words have no company to know them by. */
    private static final int LEAST_COUNT = 3;

    private static final Analyzer ENGLISH = new EnglishAnalyzer();

    private final Map<String, Integer> words;
    private final long[] counts;
    private final long all;
    private final float[][] vectors; // [words, dimensions], each of length 1

    private StaticVectors(Map<String, Integer> words, long[] counts, long all, float[][] vectors) {
        this.words = words;
        this.counts = counts;
        this.all = all;
        this.vectors = vectors;
    }

    static StaticVectors of(List<String> texts) {
        Map<String, Long> counted = new TreeMap<>();
        List<List<String>> read = new ArrayList<>();
        long all = 0;
        for (String text : texts) {
            List<String> stems = stems(text);
            stems.forEach(stem -> counted.merge(stem, 1L, Long::sum));
            read.add(stems);
            all += stems.size();
        }
        counted.values().removeIf(count -> count < LEAST_COUNT);
        Map<String, Integer> words = new HashMap<>();
        counted.keySet().forEach(word -> words.put(word, words.size()));
        List<int[]> numbers = new ArrayList<>();
        for (List<String> stems : read) {
            numbers.add(stems.stream().mapToInt(stem -> words.getOrDefault(stem, -1)).toArray());
        }
        long[] counts = counted.values().stream().mapToLong(Long::longValue).toArray();
        Cooccurrence cooccurrence = Cooccurrence.of(numbers, words.size());
        return new StaticVectors(words, counts, all, normalised(leading(cooccurrence)));
    }

    /** The words of a text as a search by words has them: stems, no stop words. */
    static List<String> stems(String text) {
        List<String> stems = new ArrayList<>();
        try (TokenStream stream = ENGLISH.tokenStream("text", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                stems.add(term.toString());
            }
            stream.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stems;
    }

    private static float[][] leading(Cooccurrence matrix) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] subspace = new float[matrix.words()][DIMENSIONS];
        for (float[] row : subspace) {
            for (int d = 0; d < DIMENSIONS; d++) {
                row[d] = (float) random.nextGaussian();
            }
        }
        for (int i = 0; i < ITERATIONS; i++) {
            subspace = matrix.times(subspace);
            orthonormalise(subspace);
        }
        return subspace;
    }

    /** Gram and Schmidt over columns, twice, since one pass leaves what rounding made. */
    private static void orthonormalise(float[][] rows) {
        float[][] columns = new float[DIMENSIONS][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < DIMENSIONS; d++) {
                columns[d][i] = rows[i][d];
            }
        }
        for (int d = 0; d < DIMENSIONS; d++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int e = 0; e < d; e++) {
                    add(columns[d], columns[e], -dot(columns[d], columns[e]));
                }
            }
            scale(columns[d]);
        }
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < DIMENSIONS; d++) {
                rows[i][d] = columns[d][i];
            }
        }
    }

    private static float[][] normalised(float[][] rows) {
        for (float[] row : rows) {
            scale(row);
        }
        return rows;
    }

    static float dot(float[] a, float[] b) {
        float[] sums = new float[4]; // side by side: one sum would wait for itself
        int i = 0;
        for (; i + 4 <= a.length; i += 4) {
            sums[0] += a[i] * b[i];
            sums[1] += a[i + 1] * b[i + 1];
            sums[2] += a[i + 2] * b[i + 2];
            sums[3] += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            sums[0] += a[i] * b[i];
        }
        return sums[0] + sums[1] + sums[2] + sums[3];
    }

    static void add(float[] to, float[] what, float factor) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    /** To length 1; a vector of nothing becomes one that is like no other's. */
    static void scale(float[] vector) {
        float length = (float) Math.sqrt(dot(vector, vector));
        if (length == 0) {
            vector[0] = 1;
            return;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
    }

    int dimensions() {
        return DIMENSIONS;
    }

    /** The number of a word, or -1. */
    int number(String stem) {
        return words.getOrDefault(stem, -1);
    }

    /** {@code [dimensions]}, of length 1. */
    float[] vector(int number) {
        return vectors[number];
    }

    /** The share of a word among all. */
    double share(int number) {
        return (double) counts[number] / all;
    }

    int size() {
        return counts.length;
    }
}
