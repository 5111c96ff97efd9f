package dev.snoozy.studio.lab;

import dev.snoozy.studio.store.Votes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ratings from comparisons of two, by the model of Bradley and Terry (1952): the better of two wins
 * with the probability 1 / (1 + exp(b - a)). A draw is half a win for both. So that a rating exists
 * for whoever has only won, each has also played some draws against one of rating {@value #MIDDLE}.
 *
 * <p>The scale is that of Elo: 400 points are odds of ten to one. Intervals hold with 95 %, from
 * the curvature of the likelihood at its maximum.
 */
final class BradleyTerry {
    /** The rating of the average. */
    static final double MIDDLE = 1000;

    /** Points on the scale of Elo for each unit of the logarithm of the odds. */
    private static final double POINTS = 400 / Math.log(10);

    /** 95 % of a normal distribution lie within so many standard deviations. */
    private static final double DEVIATIONS = 1.959964;

    private static final int MOST_STEPS = 100;
    private static final double ENOUGH = 1e-10;

    private final double draws;

    /**
     * @param draws how many draws against the average each is taken to have played, above 0
     */
    BradleyTerry(double draws) {
        if (!(draws > 0)) {
            throw new IllegalArgumentException("draws: expected more than 0, found " + draws);
        }
        this.draws = draws;
    }

    /** A rating and its interval. */
    public record Rating(String name, double rating, double low, double high, int games) {}

    /** The ratings, the best first. Votes of something against itself say nothing. */
    public List<Rating> ratings(List<Votes.Vote> votes) {
        Map<String, Integer> places = new LinkedHashMap<>();
        List<Votes.Vote> games =
                votes.stream().filter(vote -> !vote.left().equals(vote.right())).toList();
        for (Votes.Vote vote : games) {
            places.putIfAbsent(vote.left(), places.size());
            places.putIfAbsent(vote.right(), places.size());
        }
        int n = places.size();
        double[] wins = new double[n];
        int[] played = new int[n];
        double[][] against = new double[n][n];
        for (Votes.Vote vote : games) {
            int left = places.getOrDefault(vote.left(), 0);
            int right = places.getOrDefault(vote.right(), 0);
            double score =
                    switch (vote.winner()) {
                        case "left" -> 1;
                        case "right" -> 0;
                        default -> 0.5;
                    };
            wins[left] += score;
            wins[right] += 1 - score;
            played[left]++;
            played[right]++;
            against[left][right]++;
            against[right][left]++;
        }
        double[] strength = strengths(wins, against);
        double[][] variance = Matrix.inverse(curvature(strength, against));
        List<Rating> ratings = new ArrayList<>();
        places.forEach((name, i) -> {
            double rating = MIDDLE + POINTS * strength[i];
            double half = POINTS * DEVIATIONS * Math.sqrt(variance[i][i]);
            ratings.add(new Rating(name, rating, rating - half, rating + half, played[i]));
        });
        ratings.sort(Comparator.comparingDouble(Rating::rating).reversed());
        return ratings;
    }

    /** Newton's method; the likelihood has one maximum only. */
    private double[] strengths(double[] wins, double[][] against) {
        int n = wins.length;
        double[] strength = new double[n];
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] slope = new double[n];
            for (int i = 0; i < n; i++) {
                slope[i] = wins[i] + draws / 2 - draws * probability(strength[i]);
                for (int j = 0; j < n; j++) {
                    slope[i] -= against[i][j] * probability(strength[i] - strength[j]);
                }
            }
            double[] change = Matrix.times(Matrix.inverse(curvature(strength, against)), slope);
            double largest = 0;
            for (int i = 0; i < n; i++) {
                double bounded = Math.clamp(change[i], -1, 1); // far from the end it may overshoot
                strength[i] += bounded;
                largest = Math.max(largest, Math.abs(bounded));
            }
            if (largest < ENOUGH) {
                break;
            }
        }
        return strength;
    }

    /** Minus the second derivatives of the logarithm of the likelihood. */
    private double[][] curvature(double[] strength, double[][] against) {
        int n = strength.length;
        double[][] curvature = new double[n][n];
        for (int i = 0; i < n; i++) {
            double alone = probability(strength[i]);
            curvature[i][i] += draws * alone * (1 - alone);
            for (int j = 0; j < n; j++) {
                double p = probability(strength[i] - strength[j]);
                double weight = against[i][j] * p * (1 - p);
                curvature[i][i] += weight;
                curvature[i][j] -= weight;
            }
        }
        return curvature;
    }

    private static double probability(double difference) {
        return 1 / (1 + Math.exp(-difference));
    }
}
