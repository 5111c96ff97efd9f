package dev.snoozy.curate.map;

import dev.snoozy.curate.vectors.Vectors;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Splits rows into groups around means (Lloyd 1982), which begin as k-means++ says (Arthur and
 * Vassilvitskii 2007) with a fixed seed; means are found on at most {@value #SAMPLE} rows.
 */
final class KMeans {
    private static final int SAMPLE = 10_000;
    private static final int ROUNDS = 30;

    private final Vectors vectors;
    private final int k;
    private final double[] means;

    private KMeans(Vectors vectors, int k) {
        this.vectors = vectors;
        this.k = k;
        means = new double[k * vectors.width()];
    }

    /**
     * The group of each of some rows, 0 to k-1; a group may be empty.
     *
     * @param rows which rows of the vectors
     */
    static int[] split(Vectors vectors, int[] rows, int k) {
        KMeans work = new KMeans(vectors, k);
        int step = Math.max(1, (rows.length + SAMPLE - 1) / SAMPLE);
        int[] sample = new int[(rows.length + step - 1) / step];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = rows[i * step];
        }
        work.begin(sample);
        int[] groups = new int[sample.length];
        Arrays.fill(groups, -1);
        for (int round = 0; round < ROUNDS && work.assign(sample, groups); round++) {
            work.update(sample, groups);
        }
        int[] all = new int[rows.length];
        work.assign(rows, all);
        return all;
    }

    private void begin(int[] rows) {
        SplittableRandom random = new SplittableRandom(rows.length);
        double[] distances = new double[rows.length];
        Arrays.fill(distances, Double.MAX_VALUE);
        int chosen = random.nextInt(rows.length);
        for (int mean = 0; mean < k; mean++) {
            for (int i = 0; i < vectors.width(); i++) {
                means[mean * vectors.width() + i] = vectors.get(rows[chosen], i);
            }
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                distances[i] = Math.min(distances[i], distance(rows[i], mean));
                sum += distances[i];
            }
            double at = random.nextDouble() * sum;
            chosen = 0;
            while (chosen < rows.length - 1 && (at -= distances[chosen]) >= 0) {
                chosen++;
            }
        }
    }

    private boolean assign(int[] rows, int[] groups) {
        boolean changed = false;
        for (int i = 0; i < rows.length; i++) {
            int best = 0;
            double least = Double.MAX_VALUE;
            for (int mean = 0; mean < k; mean++) {
                double distance = distance(rows[i], mean);
                if (distance < least) {
                    least = distance;
                    best = mean;
                }
            }
            changed |= groups[i] != best;
            groups[i] = best;
        }
        return changed;
    }

    private void update(int[] rows, int[] groups) {
        int width = vectors.width();
        double[] sums = new double[means.length];
        int[] counts = new int[k];
        for (int i = 0; i < rows.length; i++) {
            counts[groups[i]]++;
            for (int c = 0; c < width; c++) {
                sums[groups[i] * width + c] += vectors.get(rows[i], c);
            }
        }
        for (int i = 0; i < means.length; i++) {
            if (counts[i / width] > 0) {
                means[i] = sums[i] / counts[i / width];
            }
        }
    }

    private double distance(int row, int mean) {
        int width = vectors.width();
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double difference = vectors.get(row, i) - means[mean * width + i];
            sum += difference * difference;
        }
        return sum;
    }
}
