package dev.snoozy.engine.model;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.Arrays;

/**
 * Several states of each token, of which a layer computes one and predicts and corrects the others
 * (Baykal et al. 2023, "Alternating Updates for Efficient Transformers"), in the form of Gemma 3n.
 *
 * @param router {@code [states, embedding]}
 * @param routerNorm {@code [embedding]}
 * @param predict {@code [states * states, states]}
 * @param correct {@code [states, states]}
 * @param states how many
 * @param active the one that is computed
 */
record Altup(
        Linear router,
        Tensor routerNorm,
        Linear predict,
        Linear correct,
        int states,
        int active,
        float epsilon) {
    static Altup of(Weights w, ModelConfig config, int layer, int states, int active) {
        String name = "blk." + layer + ".altup_";
        int n = config.embedding();
        return new Altup(
                w.linear(name + "router", states, n),
                w.vector(name + "router_norm.weight", n),
                w.linear(name + "predict_coef", (long) states * states, states),
                w.linear(name + "correct_coef", states, states),
                states,
                active,
                config.epsilon());
    }

    /** The states, each {@code [tokens, embedding]}, as the layer expects them. */
    Tensor[] predicted(Kernels k, Tensor[] x) {
        float[] factors = k.downloadAll(predict.apply(k, modes(k, x[active])));
        Tensor[] y = x.clone();
        for (int to = 0; to < states; to++) {
            for (int from = 0; from < states; from++) {
                float[] column = column(factors, states * states, to * states + from, 0);
                y[to] = k.add(k.scaleRows(x[from], column), y[to]);
            }
        }
        return y;
    }

    /** The states, after one of them was found to be {@code computed}. */
    Tensor[] corrected(Kernels k, Tensor[] predicted, Tensor computed) {
        float[] factors = k.downloadAll(correct.apply(k, modes(k, computed)));
        Tensor change = k.add(computed, k.scale(predicted[active], -1));
        Tensor[] y = new Tensor[states];
        for (int i = 0; i < states; i++) {
            float[] column = column(factors, states, i, 1);
            y[i] = k.add(k.scaleRows(change, column), predicted[i]);
        }
        return y;
    }

    /** {@code [tokens, states]}. */
    private Tensor modes(Kernels k, Tensor x) {
        Tensor normed = k.scale(k.rmsNorm(x, routerNorm, epsilon), 1f / x.columns());
        return k.softcap(router.apply(k, normed), 1); // the hyperbolic tangent
    }

    /** A column of a table, with something added. */
    private static float[] column(float[] table, int columns, int column, float added) {
        float[] values = new float[table.length / columns];
        for (int row = 0; row < values.length; row++) {
            values[row] = table[row * columns + column] + added;
        }
        return values;
    }

    /** One more state of the same length, {@code [tokens, embedding]}, by one of several maps. */
    static Tensor like(Kernels k, Tensor x, Tensor maps, int map, float[] lengths) {
        int[] all = new int[x.rows()];
        Arrays.fill(all, map);
        Tensor y = k.expertLinear(x, all, maps);
        float[] factors = lengths(k, y);
        for (int i = 0; i < factors.length; i++) {
            factors[i] = lengths[i] / factors[i];
        }
        return k.scaleRows(y, factors);
    }

    /** The length of each row. */
    static float[] lengths(Kernels k, Tensor x) {
        float[] all = k.downloadAll(x);
        float[] lengths = new float[x.rows()];
        for (int row = 0; row < lengths.length; row++) {
            double sum = 0;
            for (int i = row * x.columns(); i < (row + 1) * x.columns(); i++) {
                sum += (double) all[i] * all[i];
            }
            lengths[row] = (float) Math.sqrt(sum);
        }
        return lengths;
    }
}
