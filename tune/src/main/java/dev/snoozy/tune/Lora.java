package dev.snoozy.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The trained matrices of one weight (Hu et al. 2021): {@code y = W x + scale B (A x)}. They are
 * kept in F64, so that many small steps add up; each path computes with them as exactly as it can.
 *
 * <p>With magnitudes (Liu et al. 2024, DoRA) it is {@code y = m / n (W x + scale B (A x))}, where n
 * is the norm of each row of {@code W + scale B A}. As in the paper (section 4.3), n counts as a
 * constant of the step: no gradient goes through it.
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
    private double[] magnitude = {}; // [out], or empty
    private double[] gradientMagnitude = {};
    private double[] first = {}; // the norms of the rows of W
    private double[] norms = {}; // those of W + scale B A

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

    /** Begins to train the lengths of the rows, which are the norms of those of W at first. */
    void decompose(double[] rowNorms) {
        first = rowNorms;
        norms = rowNorms.clone();
        magnitude = rowNorms.clone();
        gradientMagnitude = new double[out];
    }

    boolean hasMagnitude() {
        return magnitude.length > 0;
    }

    /** {@code [out]}; empty if lengths are not trained. */
    double[] magnitude() {
        return magnitude;
    }

    double[] gradientMagnitude() {
        return gradientMagnitude;
    }

    /** Says what the norms of the rows of {@code W + scale B A} are now. */
    void norms(double[] rowNorms) {
        norms = rowNorms;
    }

    /** What the row {@code W + scale B A} is multiplied by; a row of zeros stays one. */
    double factor(int row) {
        return norms[row] == 0 ? 0 : magnitude[row] / norms[row];
    }

    /** Changes nothing of the weight any more; the norms are to be told anew. */
    void reset() {
        Arrays.fill(b, 0);
        System.arraycopy(first, 0, magnitude, 0, magnitude.length);
    }

    /** All that is trained, in an order that does not change. */
    List<Trained> trained() {
        List<Trained> trained = new ArrayList<>();
        trained.add(new Trained("a", a, gradientA));
        trained.add(new Trained("b", b, gradientB));
        if (hasMagnitude()) {
            trained.add(new Trained("m", magnitude, gradientMagnitude));
        }
        return trained;
    }

    /** Numbers that are trained, and the gradient of the loss for them. */
    record Trained(String name, double[] values, double[] gradient) {}

    void clearGradients() {
        trained().forEach(part -> Arrays.fill(part.gradient, 0));
    }
}
