package dev.snoozy.tune;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The trained matrices of one weight (Hu et al. 2021): {@code y = W x + scale B (A x)}. They are
 * kept in F64, so that many small steps add up; each path computes with them as exactly as it can.
 */
final class Lora {
    private final String weight;
    private final int in;
    private final int out;
    private final int rank;
    private final double scale;
    private final double[] a; // [rank, in]
    private final double[] b; // [out, rank]
    private final double[] gradientA;
    private final double[] gradientB;

    /**
     * Matrices that change nothing yet: B is zero, A uniform within {@code 1 / sqrt(in)} (Kaiming's
     * with a slope of root 5).
     *
     * @param weight its name in the file
     */
    Lora(String weight, int in, int out, int rank, double scale, SplittableRandom random) {
        this.weight = weight;
        this.in = in;
        this.out = out;
        this.rank = rank;
        this.scale = scale;
        a = new double[Math.multiplyExact(rank, in)];
        b = new double[Math.multiplyExact(out, rank)];
        gradientA = new double[a.length];
        gradientB = new double[b.length];
        double bound = 1 / Math.sqrt(in);
        Arrays.setAll(a, i -> bound * (2 * random.nextDouble() - 1));
    }

    String weight() {
        return weight;
    }

    int in() {
        return in;
    }

    int out() {
        return out;
    }

    int rank() {
        return rank;
    }

    double scale() {
        return scale;
    }

    /** {@code [rank, in]}. */
    double[] a() {
        return a;
    }

    /** {@code [out, rank]}. */
    double[] b() {
        return b;
    }

    /** The gradient of the loss for A, added up until it is cleared. */
    double[] gradientA() {
        return gradientA;
    }

    /** The gradient of the loss for B, added up until it is cleared. */
    double[] gradientB() {
        return gradientB;
    }

    void clearGradients() {
        Arrays.fill(gradientA, 0);
        Arrays.fill(gradientB, 0);
    }
}
