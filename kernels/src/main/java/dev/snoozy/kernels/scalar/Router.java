package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.RouterSpec.Scoring;

import java.util.Arrays;

/** The choice of experts. */
public final class Router {
    /** The least that weights are divided by: the smallest normal number of half precision. */
    private static final float LEAST_SUM = 0x1p-14f;

    private Router() {}

    /**
     * Chooses the experts of row {@code t} and their weights, largest score first.
     *
     * @param scores {@code [rows, experts]}, the router's outputs
     * @param chosen {@code [rows, used]}, filled for row t
     * @param weights {@code [rows, used]}, filled for row t
     */
    public static void choose(Rows scores, int t, RouterSpec spec, int[] chosen, float[] weights) {
        int experts = scores.columns();
        int used = spec.used();
        if (used > experts || experts % spec.groups() != 0) {
            throw new IllegalArgumentException(
                    "cannot choose " + used + " of " + experts + " experts in " + spec.groups());
        }
        int at = scores.at(t);
        float[] outputs = Arrays.copyOfRange(scores.data(), at, at + experts);
        float[] parts = parts(outputs, spec.scoring());
        float[] ranks = ranks(outputs, parts, spec);
        float sum = 0;
        int from = t * used;
        for (int i = from; i < from + used; i++) {
            int best = largest(ranks);
            ranks[best] = Float.NaN; // taken
            chosen[i] = best;
            weights[i] = parts[best];
            sum += weights[i];
        }
        if (spec.scoring() == Scoring.SOFTMAX_OF_CHOSEN) {
            float[] own = parts(Arrays.copyOfRange(weights, from, from + used), Scoring.SOFTMAX);
            System.arraycopy(own, 0, weights, from, used);
        } else if (spec.normalize()) {
            for (int i = from; i < from + used; i++) {
                weights[i] /= Math.max(sum, LEAST_SUM);
            }
        }
        for (int i = from; spec.scale() != 1 && i < from + used; i++) {
            weights[i] *= spec.scale();
        }
    }

    private static float[] parts(float[] outputs, Scoring scoring) {
        float[] parts = outputs.clone();
        if (scoring == Scoring.SIGMOID) {
            for (int e = 0; e < parts.length; e++) {
                parts[e] = 1 / (1 + (float) Math.exp(-outputs[e]));
            }
        } else if (scoring == Scoring.SOFTMAX) {
            float max = Float.NEGATIVE_INFINITY;
            for (float output : outputs) {
                max = Math.max(max, output);
            }
            float sum = 0;
            for (float output : outputs) {
                sum += (float) Math.exp(output - max);
            }
            for (int e = 0; e < parts.length; e++) {
                parts[e] = (float) Math.exp(outputs[e] - max) / sum;
            }
        }
        return parts;
    }

    /** What experts are chosen by; NaN for those that cannot be. */
    private static float[] ranks(float[] outputs, float[] parts, RouterSpec spec) {
        float[] bias = spec.bias();
        if (bias.length == 0 && spec.groups() == 1) {
            return outputs.clone(); // the same order, without what is lost by rounding
        }
        float[] ranks = parts.clone();
        for (int e = 0; e < bias.length; e++) {
            ranks[e] += bias[e];
        }
        int size = ranks.length / spec.groups();
        float[] groups = new float[spec.groups()];
        for (int g = 0; g < groups.length; g++) {
            float[] own = Arrays.copyOfRange(ranks, g * size, (g + 1) * size);
            int first = largest(own);
            groups[g] = own[first];
            own[first] = Float.NaN;
            groups[g] += size > 1 ? own[largest(own)] : 0;
        }
        for (int dropped = spec.groups() - spec.usedGroups(); dropped > 0; dropped--) {
            int least = 0;
            for (int g = 0; g < groups.length; g++) {
                least = Float.isNaN(groups[least]) || groups[g] <= groups[least] ? g : least;
            }
            groups[least] = Float.NaN;
            Arrays.fill(ranks, least * size, (least + 1) * size, Float.NaN);
        }
        return ranks;
    }

    /** The first of the largest; any if none is a number. */
    private static int largest(float[] values) {
        int best = -1;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isNaN(values[i]) && (best < 0 || values[i] > values[best])) {
                best = i;
            }
        }
        return Math.max(best, 0);
    }
}
