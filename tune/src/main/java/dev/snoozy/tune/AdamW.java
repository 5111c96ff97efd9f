package dev.snoozy.tune;

import java.util.ArrayList;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019): moments with bias correction, decay apart from the gradient.
 */
final class AdamW {
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double decay;
    private final List<Moments> moments = new ArrayList<>();
    private int steps;

    /** Of one array of parameters. */
    record Moments(double[] first, double[] second) {}

    /** Moments of zero for all that is trained. */
    AdamW(OptimizerOptions options, List<Lora> adapters) {
        beta1 = options.beta1();
        beta2 = options.beta2();
        epsilon = options.epsilon();
        decay = options.weightDecay();
        for (Lora.Trained part : parts(adapters)) {
            int n = part.values().length;
            moments.add(new Moments(new double[n], new double[n]));
        }
    }

    private static List<Lora.Trained> parts(List<Lora> adapters) {
        return adapters.stream().flatMap(lora -> lora.trained().stream()).toList();
    }

    /** Moments of all that is trained, in its order. */
    List<Moments> moments() {
        return moments;
    }

    int steps() {
        return steps;
    }

    /** Goes on from where another has stopped. */
    void resume(int stepsDone) {
        steps = stepsDone;
    }

    /** The norm of all gradients together. */
    static double norm(List<Lora> adapters) {
        double sum = 0;
        for (Lora.Trained part : parts(adapters)) {
            for (double g : part.gradient()) {
                sum += g * g;
            }
        }
        return Math.sqrt(sum);
    }

    /**
     * Takes a step and clears the gradients.
     *
     * @param factor that gradients are multiplied with: less than 1 to clip them
     */
    void step(List<Lora> adapters, double rate, double factor) {
        steps++;
        List<Lora.Trained> parts = parts(adapters);
        for (int i = 0; i < parts.size(); i++) {
            Lora.Trained part = parts.get(i);
            update(part.values(), part.gradient(), moments.get(i), rate, factor);
        }
        adapters.forEach(Lora::clearGradients);
    }

    private void update(double[] x, double[] g, Moments moments, double rate, double factor) {
        double correction1 = 1 - Math.pow(beta1, steps);
        double correction2 = 1 - Math.pow(beta2, steps);
        double[] m = moments.first;
        double[] v = moments.second;
        for (int i = 0; i < x.length; i++) {
            double gi = g[i] * factor;
            m[i] = beta1 * m[i] + (1 - beta1) * gi;
            v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
            double move = m[i] / correction1 / (Math.sqrt(v[i] / correction2) + epsilon);
            x[i] -= rate * (move + decay * x[i]);
        }
    }
}
