package dev.snoozy.documents.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * An embedder of tests that computes: a text's vector is the sum of random ones of its words, so
 * that texts with common words are near each other.
 */
final class WordEmbedder implements Embedder {
    private final String id;
    private final int dimensions;
    private int embedded;

    WordEmbedder(String id, int dimensions) {
        this.id = id;
        this.dimensions = dimensions;
    }

    /** How many passages it was asked for. */
    synchronized int embedded() {
        return embedded;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int contextLength() {
        return 512;
    }

    @Override
    public int tokens(String text) {
        return TokenCounter.estimate(text);
    }

    @Override
    public synchronized List<float[]> passages(List<String> texts) {
        embedded += texts.size();
        List<float[]> vectors = new ArrayList<>();
        texts.forEach(text -> vectors.add(question(text)));
        return vectors;
    }

    @Override
    public float[] question(String text) {
        double[] sum = new double[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\P{L}+")) {
            SplittableRandom random = new SplittableRandom(word.hashCode());
            for (int i = 0; i < dimensions; i++) {
                sum[i] += random.nextDouble() - 0.5;
            }
        }
        double length = 0;
        for (double x : sum) {
            length += x * x;
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(length));
        }
        return vector;
    }
}
