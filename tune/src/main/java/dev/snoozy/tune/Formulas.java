package dev.snoozy.tune;

import dev.snoozy.kernels.Activation;

/**
 * Forward and backward of what is computed row by row, in F64. {@code g} is the gradient of the
 * loss for an output, {@code dx} that for an input.
 */
final class Formulas {
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private Formulas() {}

    /** {@code f(x)}. */
    static double activation(Activation f, double x) {
        return switch (f) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(inner(x)));
            default -> throw unknown(f);
        };
    }

    /** {@code f'(x)}. */
    static double slope(Activation f, double x) {
        return switch (f) {
            case SILU -> {
                double sigmoid = 1 / (1 + Math.exp(-x));
                yield sigmoid * (1 + x * (1 - sigmoid));
            }
            case GELU_TANH -> {
                double tanh = Math.tanh(inner(x));
                double innerSlope = SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
                yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * innerSlope;
            }
            default -> throw unknown(f);
        };
    }

    /** {@code dgate = g up f'(gate)} and {@code dup = g f(gate)}, with one exponential for both. */
    static void gatedBackward(
            Activation f,
            double[] g,
            double[] gate,
            double[] up,
            double[] dGate,
            double[] dUp,
            int n) {
        for (int i = 0; i < n; i++) {
            double x = gate[i];
            double value;
            double slope;
            if (f == Activation.SILU) {
                double sigmoid = 1 / (1 + Math.exp(-x));
                value = x * sigmoid;
                slope = sigmoid * (1 + x * (1 - sigmoid));
            } else {
                value = activation(f, x);
                slope = slope(f, x);
            }
            dGate[i] = g[i] * up[i] * slope;
            dUp[i] = g[i] * value;
        }
    }

    private static double inner(double x) {
        return SQRT_2_OVER_PI * x * (1 + CUBIC * x * x);
    }

    private static UnsupportedOperationException unknown(Activation f) {
        return new UnsupportedOperationException("no derivative of " + f + " yet");
    }

    /** {@code y = x rho w} with {@code rho = (mean(x^2) + epsilon)^-1/2}, for each group of w. */
    static void rmsNorm(double[] x, double[] w, double epsilon, double[] y, int count) {
        int n = w.length;
        for (int at = 0; at < count; at += n) {
            double rho = rho(x, at, n, epsilon);
            for (int i = 0; i < n; i++) {
                y[at + i] = x[at + i] * rho * w[i];
            }
        }
    }

    /** With {@code u = g w}: {@code dx = rho (u - x rho^2 mean(u x))}. */
    static void rmsNormBackward(
            double[] g, double[] x, double[] w, double epsilon, double[] dx, int count) {
        int n = w.length;
        for (int at = 0; at < count; at += n) {
            double rho = rho(x, at, n, epsilon);
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += g[at + i] * w[i] * x[at + i];
            }
            double factor = rho * rho * mean / n;
            for (int i = 0; i < n; i++) {
                dx[at + i] = rho * (g[at + i] * w[i] - x[at + i] * factor);
            }
        }
    }

    private static double rho(double[] x, int at, int n, double epsilon) {
        double sum = 0;
        for (int i = at; i < at + n; i++) {
            sum += x[i] * x[i];
        }
        return 1 / Math.sqrt(sum / n + epsilon);
    }

    /** {@code y = (x - mean) rho w + b}; b may be empty. */
    static void layerNorm(double[] x, double[] w, double[] b, double epsilon, double[] y) {
        int n = w.length;
        double mean = mean(x, n);
        double rho = inverseDeviation(x, mean, n, epsilon);
        for (int i = 0; i < n; i++) {
            y[i] = (x[i] - mean) * rho * w[i] + (b.length == 0 ? 0 : b[i]);
        }
    }

    /**
     * With {@code u = g w} and {@code h = (x - mean) rho}: {@code dx = rho (u - mean(u) - h mean(u
     * h))}.
     */
    static void layerNormBackward(double[] g, double[] x, double[] w, double epsilon, double[] dx) {
        int n = w.length;
        double mean = mean(x, n);
        double rho = inverseDeviation(x, mean, n, epsilon);
        double sum = 0;
        double product = 0;
        for (int i = 0; i < n; i++) {
            double u = g[i] * w[i];
            sum += u;
            product += u * (x[i] - mean) * rho;
        }
        for (int i = 0; i < n; i++) {
            dx[i] = rho * (g[i] * w[i] - sum / n - (x[i] - mean) * rho * product / n);
        }
    }

    private static double mean(double[] x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i];
        }
        return sum / n;
    }

    private static double inverseDeviation(double[] x, double mean, int n, double epsilon) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (x[i] - mean) * (x[i] - mean);
        }
        return 1 / Math.sqrt(sum / n + epsilon);
    }

    /** {@code cap tanh(x / cap)}. */
    static double softcap(double x, double cap) {
        return cap * Math.tanh(x / cap);
    }

    /** Its slope, from its result y. */
    static double softcapSlope(double y, double cap) {
        return 1 - y / cap * (y / cap);
    }

    /**
     * Cross-entropy of a row of scores z: {@code -ln softmax(z)[target]}. Turns z into {@code
     * (softmax(z) - onehot) weight}.
     */
    static double crossEntropy(double[] z, int n, int target, double weight) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, z[i]);
        }
        double sum = 0;
        double wanted = z[target];
        for (int i = 0; i < n; i++) {
            z[i] = Math.exp(z[i] - max);
            sum += z[i];
        }
        double factor = weight / sum;
        for (int i = 0; i < n; i++) {
            z[i] *= factor;
        }
        z[target] -= weight;
        return Math.log(sum) + max - wanted;
    }
}
