package dev.snoozy.documents.bench;

import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.Reranker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An embedder and a reranker over {@link StaticVectors}. A text's vector is the sum of its words'
 * with frequent ones weighed down and what all texts have in common taken out (Arora, Liang and Ma
 * 2017). The reranker looks for each word of the question for the nearest of the passage (Khattab
 * and Zaharia 2020), rare words counting more.
 */
final class StaticEmbedder implements Embedder, Reranker {
    /** Of the weight {@code a / (a + share)}, as its authors chose it. */
    private static final double WEIGHT = 1e-3;

    private final StaticVectors vectors;
    private final float[] common;

    StaticEmbedder(StaticVectors vectors) {
        this.vectors = vectors;
        common = new float[vectors.dimensions()];
        for (int i = 0; i < vectors.size(); i++) {
            StaticVectors.add(common, vectors.vector(i), (float) (weight(i) * vectors.share(i)));
        }
        StaticVectors.scale(common);
    }

    private double weight(int word) {
        return WEIGHT / (WEIGHT + vectors.share(word));
    }

    @Override
    public String id() {
        return "static";
    }

    @Override
    public int dimensions() {
        return vectors.dimensions();
    }

    @Override
    public int contextLength() {
        return 512;
    }

    @Override
    public int tokens(String text) {
        return text.length() / 4 + 1;
    }

    @Override
    public List<float[]> passages(List<String> texts) {
        return texts.stream().map(this::question).toList();
    }

    @Override
    public float[] question(String text) {
        float[] sum = new float[dimensions()];
        for (String stem : StaticVectors.stems(text)) {
            int word = vectors.number(stem);
            if (word >= 0) {
                StaticVectors.add(sum, vectors.vector(word), (float) weight(word));
            }
        }
        StaticVectors.add(sum, common, -StaticVectors.dot(sum, common));
        StaticVectors.scale(sum);
        return sum;
    }

    @Override
    public float[] judge(String question, List<String> passages) {
        List<String> asked = StaticVectors.stems(question).stream().distinct().toList();
        float[] scores = new float[passages.size()];
        for (int p = 0; p < scores.length; p++) {
            Map<String, Integer> counts = new HashMap<>();
            StaticVectors.stems(passages.get(p)).forEach(s -> counts.merge(s, 1, Integer::sum));
            List<float[]> there = new ArrayList<>();
            counts.keySet().stream()
                    .mapToInt(vectors::number)
                    .filter(word -> word >= 0)
                    .forEach(word -> there.add(vectors.vector(word)));
            for (String stem : asked) {
                scores[p] += (float) (rarity(stem) * nearest(stem, counts, there));
            }
        }
        return scores;
    }

    private double rarity(String stem) {
        int word = vectors.number(stem);
        return -Math.log(word >= 0 ? vectors.share(word) : 1e-7);
    }

    private double nearest(String stem, Map<String, Integer> counts, List<float[]> there) {
        if (counts.containsKey(stem)) {
            return 1;
        }
        int word = vectors.number(stem);
        double best = 0;
        if (word >= 0) {
            for (float[] other : there) {
                best = Math.max(best, StaticVectors.dot(vectors.vector(word), other));
            }
        }
        return best;
    }
}
