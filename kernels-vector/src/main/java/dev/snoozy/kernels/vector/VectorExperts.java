package dev.snoozy.kernels.vector;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.scalar.Router;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import java.util.Arrays;

/**
 * A mixture of experts, expert by expert: the rows that chose one are gathered and share its
 * decoded panels. The outputs are added row by row, in the order of choice. Used by one thread.
 */
final class VectorExperts {
    private final ScalarKernels outputs;
    private final VectorProducts products;
    private final Gates gates;

    VectorExperts(ScalarKernels outputs, VectorProducts products, Gates gates) {
        this.outputs = outputs;
        this.products = products;
        this.gates = gates;
    }

    /**
     * The sum of the chosen experts' outputs, {@code [rows, embedding]}.
     *
     * @param scores {@code [rows, experts]}, before soft-max
     */
    Rows run(
            Rows x,
            Rows scores,
            RouterSpec spec,
            Weight gate,
            Weight up,
            Weight down,
            Activation f) {
        int used = spec.used();
        int[] chosen = new int[x.rows() * used];
        float[] weights = new float[x.rows() * used];
        for (int t = 0; t < x.rows(); t++) {
            Router.choose(scores, t, spec, chosen, weights);
        }
        Rows each = outputs.output(x.rows() * used, down.out());
        for (int expert = 0; expert < gate.experts(); expert++) {
            int[] items = items(chosen, expert);
            if (items.length > 0) {
                expert(x, used, items, expert, gate, up, down, f, each);
            }
        }
        Rows y = outputs.output(x.rows(), down.out());
        for (int t = 0; t < x.rows(); t++) {
            Arrays.fill(y.data(), y.at(t), y.at(t + 1), 0f);
            for (int i = t * used; i < (t + 1) * used; i++) {
                for (int n = 0; n < down.out(); n++) {
                    float sum = y.data()[y.at(t) + n];
                    y.data()[y.at(t) + n] = Math.fma(weights[i], each.data()[each.at(i) + n], sum);
                }
            }
        }
        return y;
    }

    /** Each row with the matrix of its own expert; see {@code Kernels#expertLinear}. */
    Rows each(Rows x, int[] chosen, Weight w) {
        Rows y = outputs.output(x.rows(), w.out());
        for (int expert = 0; expert < w.experts(); expert++) {
            int[] items = items(chosen, expert);
            Rows in = outputs.output(items.length, x.columns());
            for (int i = 0; i < items.length; i++) {
                System.arraycopy(x.data(), x.at(items[i]), in.data(), in.at(i), x.columns());
            }
            Rows out = outputs.output(items.length, w.out());
            products.multiply(in.data(), items.length, w, expert, out.data());
            for (int i = 0; i < items.length; i++) {
                System.arraycopy(out.data(), out.at(i), y.data(), y.at(items[i]), w.out());
            }
        }
        return y;
    }

    /** Which choices fell on an expert. */
    private static int[] items(int[] chosen, int expert) {
        int[] items = new int[chosen.length];
        int count = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] == expert) {
                items[count++] = i;
            }
        }
        return Arrays.copyOf(items, count);
    }

    private void expert(
            Rows x,
            int used,
            int[] items,
            int expert,
            Weight gate,
            Weight up,
            Weight down,
            Activation f,
            Rows each) {
        int n = items.length;
        Rows in = outputs.output(n, x.columns());
        for (int i = 0; i < n; i++) {
            System.arraycopy(x.data(), x.at(items[i] / used), in.data(), in.at(i), x.columns());
        }
        Rows gated = outputs.output(n, gate.out());
        Rows factor = outputs.output(n, gate.out());
        products.multiply(in.data(), n, gate, expert, gated.data());
        products.multiply(in.data(), n, up, expert, factor.data());
        gates.multiply(f, gated.data(), factor.data(), gated.data(), n * gate.out());
        Rows out = outputs.output(n, down.out());
        products.multiply(gated.data(), n, down, expert, out.data());
        for (int i = 0; i < n; i++) {
            System.arraycopy(out.data(), out.at(i), each.data(), each.at(items[i]), down.out());
        }
    }
}
