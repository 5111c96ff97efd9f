package dev.snoozy.curate.map;

import dev.snoozy.curate.vectors.Vectors;
import dev.snoozy.curate.vectors.Work;

import java.util.SplittableRandom;

/**
 * Principal components: the directions in which rows differ most, by orthogonal iteration on the
 * covariance of at most {@value #SAMPLE} rows evenly taken. The sign of a direction is such that
 * its largest number is positive, so the same rows give the same result.
 */
final class Pca {
    private static final int SAMPLE = 20_000;
    private static final int ROUNDS = 40;
    private static final int RANGE = 1024;

    private Pca() {}

    /**
     * The rows by their first components.
     *
     * @param vectors [rows, width]
     * @return [rows, min(components, width)]
     */
    static Vectors project(Vectors vectors, int components, int threads)
            throws InterruptedException {
        int width = vectors.width();
        int count = Math.min(components, width);
        double[] mean = mean(vectors);
        double[] covariance = covariance(vectors, mean, threads);
        double[] directions = directions(covariance, width, count);
        Vectors result = Vectors.zeros(vectors.rows(), count);
        Work.split(
                vectors.rows(),
                RANGE,
                threads,
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        for (int c = 0; c < count; c++) {
                            double sum = 0;
                            for (int i = 0; i < width; i++) {
                                sum += (vectors.get(row, i) - mean[i]) * directions[c * width + i];
                            }
                            result.values()[row * count + c] = (float) sum;
                        }
                    }
                });
        return result;
    }

    private static double[] mean(Vectors vectors) {
        double[] mean = new double[vectors.width()];
        for (int row = 0; row < vectors.rows(); row++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vectors.get(row, i);
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= Math.max(1, vectors.rows());
        }
        return mean;
    }

    /** Each thread sums other rows of the matrix, all over the same rows in the same order. */
    private static double[] covariance(Vectors vectors, double[] mean, int threads)
            throws InterruptedException {
        int width = mean.length;
        int step = Math.max(1, (vectors.rows() + SAMPLE - 1) / SAMPLE);
        double[] covariance = new double[width * width];
        Work.split(
                width,
                32,
                threads,
                (start, end) -> {
                    double[] centred = new double[width];
                    for (int row = 0; row < vectors.rows(); row += step) {
                        for (int i = 0; i < width; i++) {
                            centred[i] = vectors.get(row, i) - mean[i];
                        }
                        for (int i = start; i < end; i++) {
                            double scale = centred[i];
                            int at = i * width;
                            for (int j = 0; j < width; j++) {
                                covariance[at + j] += scale * centred[j];
                            }
                        }
                    }
                });
        return covariance;
    }

    private static double[] directions(double[] covariance, int width, int count)
            throws InterruptedException {
        SplittableRandom random = new SplittableRandom(1);
        double[] directions = random.doubles((long) count * width, -1, 1).toArray();
        orthonormalise(directions, width, count);
        for (int round = 0; round < ROUNDS; round++) {
            double[] next = new double[directions.length];
            for (int c = 0; c < count; c++) {
                for (int i = 0; i < width; i++) {
                    double scale = directions[c * width + i];
                    for (int j = 0; j < width; j++) {
                        next[c * width + j] += scale * covariance[i * width + j];
                    }
                }
            }
            orthonormalise(next, width, count);
            directions = next;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        for (int c = 0; c < count; c++) {
            fixSign(directions, c * width, width);
        }
        return directions;
    }

    /** Gram and Schmidt, modified. A direction in which nothing is left becomes zero. */
    private static void orthonormalise(double[] directions, int width, int count) {
        for (int c = 0; c < count; c++) {
            double before = norm(directions, c * width, width);
            for (int earlier = 0; earlier < c; earlier++) {
                double product = 0;
                for (int i = 0; i < width; i++) {
                    product += directions[c * width + i] * directions[earlier * width + i];
                }
                for (int i = 0; i < width; i++) {
                    directions[c * width + i] -= product * directions[earlier * width + i];
                }
            }
            double norm = norm(directions, c * width, width);
            double scale = norm > 1e-12 * before && norm > 1e-300 ? 1 / norm : 0;
            for (int i = 0; i < width; i++) {
                directions[c * width + i] *= scale;
            }
        }
    }

    private static double norm(double[] values, int start, int count) {
        double sum = 0;
        for (int i = start; i < start + count; i++) {
            sum += values[i] * values[i];
        }
        return Math.sqrt(sum);
    }

    private static void fixSign(double[] directions, int start, int width) {
        int largest = start;
        for (int i = start; i < start + width; i++) {
            if (Math.abs(directions[i]) > Math.abs(directions[largest])) {
                largest = i;
            }
        }
        if (directions[largest] < 0) {
            for (int i = start; i < start + width; i++) {
                directions[i] = -directions[i];
            }
        }
    }
}
