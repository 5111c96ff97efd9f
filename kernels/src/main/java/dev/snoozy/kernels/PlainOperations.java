package dev.snoozy.kernels;

import dev.snoozy.kernels.scalar.Router;
import dev.snoozy.kernels.scalar.Rows;

/**
 * Operations that few models ask for, or little of: any kernels compute them in the same way, in
 * plain Java on the calling thread.
 */
public interface PlainOperations {
    /** See {@link Kernels}. */
    Tensor upload(float[] values, int rows, int columns);

    /** See {@link Kernels}. */
    void download(Tensor tensor, int row, float[] target);

    /**
     * The choices of a mixture.
     *
     * @param experts {@code [rows * used]}, the choices of a row one after the other, largest first
     * @param weights {@code [rows * used]}, of the choices
     */
    record Choices(int[] experts, float[] weights) {}

    /** All numbers of a tensor, row after row. */
    default float[] downloadAll(Tensor x) {
        float[] all = new float[x.rows() * x.columns()];
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            download(x, t, row);
            System.arraycopy(row, 0, all, t * row.length, row.length);
        }
        return all;
    }

    /** Every element cut off at {@code -most} and {@code most}; a NaN stays one. Saves x. */
    default Tensor clamp(Tensor x, float most) {
        float[] all = downloadAll(x);
        for (int i = 0; i < all.length; i++) {
            all[i] = Math.max(-most, Math.min(most, all[i]));
        }
        return upload(all, x.rows(), x.columns());
    }

    /** The product of each two elements. Saves both. */
    default Tensor multiply(Tensor a, Tensor b) {
        float[] all = downloadAll(a);
        float[] other = downloadAll(b);
        for (int i = 0; i < all.length; i++) {
            all[i] *= other[i];
        }
        return upload(all, a.rows(), a.columns());
    }

    /** Every row times the same factors, {@code [columns]}. Saves nothing. */
    default Tensor scaleColumns(Tensor x, float[] factors) {
        float[] all = downloadAll(x);
        for (int i = 0; i < all.length; i++) {
            all[i] *= factors[i % factors.length];
        }
        return upload(all, x.rows(), x.columns());
    }

    /** The same amounts added to every row, {@code [columns]}. Saves nothing. */
    default Tensor shiftColumns(Tensor x, float[] amounts) {
        float[] all = downloadAll(x);
        for (int i = 0; i < all.length; i++) {
            all[i] += amounts[i % amounts.length];
        }
        return upload(all, x.rows(), x.columns());
    }

    /**
     * Some columns of each head.
     *
     * @param x {@code [rows, heads * headLength]}
     * @return {@code [rows, heads * count]}
     */
    default Tensor headColumns(Tensor x, int headLength, int from, int count) {
        float[] all = downloadAll(x);
        int heads = x.columns() / headLength;
        float[] some = new float[x.rows() * heads * count];
        for (int head = 0; head < x.rows() * heads; head++) {
            System.arraycopy(all, head * headLength + from, some, head * count, count);
        }
        return upload(some, x.rows(), heads * count);
    }

    /**
     * Heads put together of two parts.
     *
     * @param first {@code [rows, heads * firstLength]}, or {@code [rows, firstLength]} for all
     *     heads
     * @param second {@code [rows, heads * secondLength]}
     * @return {@code [rows, heads * (firstLength + secondLength)]}
     */
    default Tensor joinHeads(Tensor first, int firstLength, Tensor second, int secondLength) {
        float[] a = downloadAll(first);
        float[] b = downloadAll(second);
        int heads = second.columns() / secondLength;
        int firsts = first.columns() / firstLength;
        int length = firstLength + secondLength;
        float[] joined = new float[second.rows() * heads * length];
        for (int head = 0; head < second.rows() * heads; head++) {
            int from = (head / heads * firsts + head % heads % firsts) * firstLength;
            System.arraycopy(a, from, joined, head * length, firstLength);
            System.arraycopy(
                    b, head * secondLength, joined, head * length + firstLength, secondLength);
        }
        return upload(joined, second.rows(), heads * length);
    }

    /** The same numbers in rows of another length. */
    default Tensor reshape(Tensor x, int rows, int columns) {
        return upload(downloadAll(x), rows, columns);
    }

    /** {@code 1 / (1 + exp(-x))}. Saves the output. */
    default Tensor sigmoid(Tensor x) {
        float[] all = downloadAll(x);
        for (int i = 0; i < all.length; i++) {
            all[i] = 1 / (1 + (float) Math.exp(-all[i]));
        }
        return upload(all, x.rows(), x.columns());
    }

    /**
     * xIELU of every element (Huang and Schlag 2024): {@code alphaP x^2 + beta x} above 0, else
     * {@code alphaN (exp(min(x, epsilon)) - 1 - x) + beta x}. Saves the input.
     */
    default Tensor xielu(Tensor x, float alphaP, float alphaN, float beta, float epsilon) {
        float[] all = downloadAll(x);
        for (int i = 0; i < all.length; i++) {
            float value = all[i];
            double bent =
                    value > 0
                            ? (double) alphaP * value * value
                            : alphaN * (Math.exp(Math.min(value, epsilon)) - 1 - value);
            all[i] = (float) (bent + (double) beta * value);
        }
        return upload(all, x.rows(), x.columns());
    }

    /**
     * What of each row lies above its mean by more than so many of its standard deviations: {@code
     * max(0, x - mean - deviations * deviation)}.
     */
    default Tensor above(Tensor x, float deviations) {
        float[] all = downloadAll(x);
        int n = x.columns();
        for (int at = 0; at < all.length; at += n) {
            double sum = 0;
            for (int i = at; i < at + n; i++) {
                sum += all[i];
            }
            double mean = sum / n;
            double squares = 0;
            for (int i = at; i < at + n; i++) {
                squares += (all[i] - mean) * (all[i] - mean);
            }
            float least = (float) (mean + deviations * Math.sqrt(squares / (n - 1)));
            for (int i = at; i < at + n; i++) {
                all[i] = Math.max(0, all[i] - least);
            }
        }
        return upload(all, x.rows(), n);
    }

    /**
     * What a router chooses.
     *
     * @param router {@code [rows, experts]}, its outputs
     */
    default Choices choose(Tensor router, RouterSpec spec) {
        Rows scores = new Rows(downloadAll(router), router.rows(), router.columns());
        int[] chosen = new int[router.rows() * spec.used()];
        float[] weights = new float[chosen.length];
        for (int t = 0; t < router.rows(); t++) {
            Router.choose(scores, t, spec, chosen, weights);
        }
        return new Choices(chosen, weights);
    }

    /**
     * Adds up rows that stand beside each other, in their order, each with its weight.
     *
     * @param x {@code [rows * count, n]}
     * @param weights {@code [rows * count]}
     * @return {@code [rows, n]}
     */
    default Tensor weightedSums(Tensor x, float[] weights, int count) {
        float[] all = downloadAll(x);
        int n = x.columns();
        float[] sums = new float[all.length / count];
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < n; j++) {
                sums[i / count * n + j] += weights[i] * all[i * n + j];
            }
        }
        return upload(sums, x.rows() / count, n);
    }

    /**
     * The gate of gpt-oss (OpenAI 2025): {@code g sigmoid(alpha g) (u + 1)} with {@code g =
     * min(gate, most)} and {@code u} cut off at {@code -most} and {@code most}.
     */
    default Tensor clampedGate(Tensor gate, Tensor up, float alpha, float most) {
        float[] g = downloadAll(gate);
        float[] u = downloadAll(up);
        for (int i = 0; i < g.length; i++) {
            float x = Math.min(g[i], most);
            float factor = Math.max(-most, Math.min(most, u[i])) + 1;
            g[i] = x / (1 + (float) Math.exp(-alpha * x)) * factor;
        }
        return upload(g, gate.rows(), gate.columns());
    }
}
