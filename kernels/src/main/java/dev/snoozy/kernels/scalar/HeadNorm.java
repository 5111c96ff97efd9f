package dev.snoozy.kernels.scalar;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/** Layer norm of each head by weights of its own, over any kernels; on the calling thread. */
public final class HeadNorm {
    private HeadNorm() {}

    /**
     * The norm of {@code x [rows, heads * length]} by {@code weight [heads, length]}.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public static Tensor apply(Kernels kernels, Tensor x, Tensor weight, float epsilon) {
        int heads = weight.rows();
        int n = weight.columns();
        ScalarKernels.require(x.columns() == heads * n, "layerNormHeads", x, weight);
        float[][] weights = new float[heads][n];
        Tensor table = kernels.embed(weight, ascending(heads));
        for (int head = 0; head < heads; head++) {
            kernels.download(table, head, weights[head]);
        }
        float[] all = new float[x.rows() * x.columns()];
        float[] row = new float[x.columns()];
        float[] lanes = new float[Sums.LANES];
        for (int t = 0; t < x.rows(); t++) {
            kernels.download(x, t, row);
            for (int head = 0; head < heads; head++) {
                float mean = Sums.sum(row, head * n, n, lanes) / n;
                float variance = Sums.sumOfSquares(row, head * n, n, mean, lanes) / n;
                float inverse = (float) (1 / Math.sqrt(variance + epsilon));
                for (int i = 0; i < n; i++) {
                    int at = head * n + i;
                    all[t * row.length + at] = (row[at] - mean) * inverse * weights[head][i];
                }
            }
        }
        return kernels.upload(all, x.rows(), x.columns());
    }

    private static int[] ascending(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }
}
