package dev.snoozy.engine.sample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Plain double-precision formulas and random scores, for comparison with the samplers. */
final class Plain {
    /** Sums in another order may differ by this. */
    static final double ROUNDING = 1e-12;

    private static final int[] VOCABULARIES = {1, 2, 17, 512};

    private Plain() {}

    /** A token with its score. */
    record Token(int id, double score) {}

    /** Random scores of vocabularies of 1, 2, 17 and 512 tokens: all different, or full of ties. */
    static Stream<float[]> scores() {
        Random random = new Random(7);
        return IntStream.of(VOCABULARIES)
                .boxed()
                .flatMap(size ->
                        Stream.of(
                                spread(random, size, 1),
                                spread(random, size, 4),
                                spread(random, size, 30),
                                ties(random, size),
                                new float[size]));
    }

    static float[] spread(Random random, int size, double deviation) {
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = (float) (deviation * random.nextGaussian());
        }
        return logits;
    }

    static float[] ties(Random random, int size) {
        float[] logits = new float[size];
        for (int i = 0; i < size; i++) {
            logits[i] = random.nextInt(7) - 3;
        }
        return logits;
    }

    /** The logarithms of weights: the soft-max gives each its share. */
    static float[] logs(double... weights) {
        float[] logits = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            logits[i] = (float) Math.log(weights[i]);
        }
        return logits;
    }

    /** Largest score first, ties to the lower id. */
    static List<Token> sorted(float[] logits) {
        return IntStream.range(0, logits.length)
                .mapToObj(i -> new Token(i, logits[i]))
                .sorted(
                        Comparator.comparingDouble((Token token) -> -token.score())
                                .thenComparingInt(Token::id))
                .toList();
    }

    static double[] softmax(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - max);
        }
        double[] result = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            result[i] = Math.exp(scores[i] - max) / sum;
        }
        return result;
    }

    static double[] softmax(float[] scores) {
        return softmax(IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray());
    }

    static double[] softmax(List<Token> tokens) {
        return softmax(tokens.stream().mapToDouble(Token::score).toArray());
    }

    /** What a sampler leaves of a vocabulary's scores, in its order. */
    static List<Token> after(Sampler sampler, float[] logits) {
        return after(sampler, logits, 1);
    }

    static List<Token> after(Sampler sampler, float[] logits, long seed) {
        Candidates candidates = new Candidates();
        candidates.reset(logits, logits.length);
        sampler.apply(candidates, new Chance(seed));
        List<Token> left = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            left.add(new Token(candidates.id(i), candidates.score(i)));
        }
        return left;
    }

    static int[] ids(List<Token> tokens) {
        return tokens.stream().mapToInt(Token::id).toArray();
    }

    /** The scores that a sampler gives to all tokens. */
    static double[] scoresAfter(Sampler sampler, float[] logits) {
        double[] scores = new double[logits.length];
        after(sampler, logits).forEach(token -> scores[token.id()] = token.score());
        return scores;
    }

    /** The sum of (found - expected)² / expected over the cells. */
    static double chiSquare(int[] counts, double[] probabilities, int draws) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = draws * probabilities[i];
            sum += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return sum;
    }
}
