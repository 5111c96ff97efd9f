package dev.snoozy.tune;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The backward of each operation that is no operation itself, and what adapters compute. What goes
 * row by row is computed in F64 from {@link Formulas}, whatever the activations are; products and
 * attention are each path's own. {@code g} is the gradient for an output.
 */
abstract class Gradients {
    /** Rows whose shares of the gradient of magnitudes are summed by themselves. */
    private static final int MAGNITUDE_RUN = 32;

    private final Kernels kernels;
    private final double[][][] scratch;

    Gradients(Kernels kernels) {
        this.kernels = kernels;
        scratch = new double[kernels.members()][5][0];
    }

    final Kernels kernels() {
        return kernels;
    }

    // ---- what a path brings

    /** Copies a row to the beginning of an array. Called by any member of the team. */
    abstract void read(Tensor x, int row, double[] target);

    /** A tensor to be filled with {@code [rows, columns]}. */
    abstract Filling fill(int rows, int columns);

    /** A tensor whose rows are written, by any member of the team, and which is then finished. */
    interface Filling {
        void write(int row, double[] values);

        Tensor finish();
    }

    /** Gradients of q, k and v; {@code o} is what attention gave. */
    abstract Tensor[] attention(
            Tensor g, Tensor o, Tensor q, Tensor k, Tensor v, KvRows rows, AttentionSpec spec);

    /** Makes the path's copies of the matrices, after they have changed. */
    abstract void refresh(List<Lora> all);

    /** {@code scale B (A x)}: {@code x [rows, in]} → {@code [rows, out]}. */
    abstract Tensor delta(Lora lora, Tensor x);

    /**
     * The backward of {@link #delta}, with {@code u = A x}: {@code dB += scale g' u}, {@code dA +=
     * (scale g B)' x}, {@code dx = (scale g B) A}.
     *
     * @return dx, or null if nobody wants it
     */
    abstract @Nullable Tensor deltaBackward(Lora lora, Tensor g, Tensor x, boolean wanted);

    /** The norms of the rows of {@code W + scale B A}; what the kernels have lent is taken back. */
    abstract double[] rowNorms(Tensor weight, Lora lora);

    // ---- magnitudes

    /** {@code y = m / n z + bias}, z being {@code W x + scale B (A x)}. */
    final Tensor magnify(Lora lora, Tensor z, @Nullable Tensor bias) {
        double[] b = bias == null ? new double[z.columns()] : vector(bias);
        return map(
                z.columns(),
                (t, in, y) -> {
                    for (int r = 0; r < b.length; r++) {
                        y[r] = in[0][r] * lora.factor(r) + b[r];
                    }
                },
                z);
    }

    /**
     * The backward of {@link #magnify}, with what it gave: {@code dz = g m / n}, {@code dm += g z /
     * n}. Runs of rows are summed by themselves and then added in their order.
     */
    final Tensor magnifyBackward(Lora lora, Tensor g, Tensor y, @Nullable Tensor bias) {
        int n = g.columns();
        double[] b = bias == null ? new double[n] : vector(bias);
        double[][] sums = new double[(g.rows() + MAGNITUDE_RUN - 1) / MAGNITUDE_RUN][n];
        kernels.each(
                sums.length,
                (run, member) -> {
                    double[][] mine = scratch[member];
                    mine[0] = sized(mine[0], n);
                    mine[1] = sized(mine[1], n);
                    int end = Math.min(g.rows(), (run + 1) * MAGNITUDE_RUN);
                    for (int t = run * MAGNITUDE_RUN; t < end; t++) {
                        read(g, t, mine[0]);
                        read(y, t, mine[1]);
                        for (int r = 0; r < n; r++) {
                            sums[run][r] += mine[0][r] * (mine[1][r] - b[r]);
                        }
                    }
                });
        for (double[] sum : sums) {
            for (int r = 0; r < n; r++) {
                double m = lora.magnitude()[r];
                lora.gradientMagnitude()[r] += m == 0 ? 0 : sum[r] / m;
            }
        }
        return map(
                n,
                (t, in, dz) -> {
                    for (int r = 0; r < n; r++) {
                        dz[r] = in[0][r] * lora.factor(r);
                    }
                },
                g);
    }

    // ---- row by row

    /** One row of several inputs becomes a row of an output. */
    private interface RowFunction {
        void apply(int row, double[][] in, double[] out);
    }

    private Tensor map(int columns, RowFunction f, Tensor... inputs) {
        int rows = inputs[0].rows();
        Filling y = fill(rows, columns);
        kernels.each(
                rows,
                (row, member) -> {
                    double[][] mine = scratch[member];
                    for (int i = 0; i < inputs.length; i++) {
                        mine[i] = sized(mine[i], inputs[i].columns());
                        read(inputs[i], row, mine[i]);
                    }
                    mine[inputs.length] = sized(mine[inputs.length], columns);
                    f.apply(row, mine, mine[inputs.length]);
                    y.write(row, mine[inputs.length]);
                });
        return y.finish();
    }

    private static double[] sized(double[] array, int length) {
        return array.length >= length ? array : new double[length];
    }

    private double[] vector(Tensor tensor) {
        double[] values = new double[tensor.columns()];
        read(tensor, 0, values);
        return values;
    }

    final Tensor rmsNorm(Tensor g, Tensor x, Tensor weight, float epsilon) {
        double[] w = vector(weight);
        int n = x.columns();
        return map(
                n, (t, in, dx) -> Formulas.rmsNormBackward(in[0], in[1], w, epsilon, dx, n), g, x);
    }

    final Tensor layerNorm(Tensor g, Tensor x, Tensor weight, float epsilon) {
        double[] w = vector(weight);
        return map(
                x.columns(),
                (t, in, dx) -> Formulas.layerNormBackward(in[0], in[1], w, epsilon, dx),
                g,
                x);
    }

    /** {@code dgate = g up f'(gate)} and {@code dup = g f(gate)}. */
    final Tensor[] gated(Activation f, Tensor g, Tensor gate, Tensor up) {
        int n = g.columns();
        Filling dGate = fill(g.rows(), n);
        Filling dUp = fill(g.rows(), n);
        kernels.each(
                g.rows(),
                (row, member) -> {
                    double[][] mine = scratch[member];
                    for (int i = 0; i < mine.length; i++) {
                        mine[i] = sized(mine[i], n);
                    }
                    read(g, row, mine[0]);
                    read(gate, row, mine[1]);
                    read(up, row, mine[2]);
                    Formulas.gatedBackward(f, mine[0], mine[1], mine[2], mine[3], mine[4], n);
                    dGate.write(row, mine[3]);
                    dUp.write(row, mine[4]);
                });
        return new Tensor[] {dGate.finish(), dUp.finish()};
    }

    final Tensor activate(Activation f, Tensor g, Tensor x) {
        int n = g.columns();
        return map(
                n,
                (t, in, dx) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = in[0][i] * Formulas.slope(f, in[1][i]);
                    }
                },
                g,
                x);
    }

    /**
     * The backward of the soft cap.
     *
     * @param y what it gave
     */
    final Tensor softcap(Tensor g, Tensor y, float cap) {
        int n = g.columns();
        return map(
                n,
                (t, in, dx) -> {
                    for (int i = 0; i < n; i++) {
                        dx[i] = in[0][i] * Formulas.softcapSlope(in[1][i], cap);
                    }
                },
                g,
                y);
    }

    /** Rows of g back to where they came from, of {@code rows}; the others are zero. */
    final Tensor rows(Tensor g, int[] indices, int rows) {
        int n = g.columns();
        Filling y = fill(rows, n);
        double[] sum = new double[n];
        double[] row = new double[n];
        for (int t = 0; t < rows; t++) {
            Arrays.fill(sum, 0);
            for (int i = 0; i < indices.length; i++) {
                if (indices[i] == t) {
                    read(g, i, row);
                    for (int j = 0; j < n; j++) {
                        sum[j] += row[j];
                    }
                }
            }
            y.write(t, sum);
        }
        return y.finish();
    }

    /** Columns of g back to where they came from, of {@code columns}; the others are zero. */
    final Tensor columns(Tensor g, int from, int columns) {
        int n = g.columns();
        return map(
                columns,
                (t, in, dx) -> {
                    Arrays.fill(dx, 0);
                    System.arraycopy(in[0], 0, dx, from, n);
                },
                g);
    }

    /**
     * Sets elements to zero with a probability, and scales the others up (Srivastava et al. 2014):
     * forward of x, and backward of g, by the same seed.
     */
    final Tensor dropout(Tensor x, double probability, long seed) {
        int n = x.columns();
        double keep = 1 / (1 - probability);
        return map(
                n,
                (t, in, y) -> {
                    SplittableRandom random = new SplittableRandom(seed + 0x9E3779B9L * (t + 1));
                    for (int i = 0; i < n; i++) {
                        y[i] = random.nextDouble() < probability ? 0 : in[0][i] * keep;
                    }
                },
                x);
    }

    /**
     * Cross-entropy of scores {@code z [rows, vocabulary]}: the gradient, which is {@code
     * (softmax(z) - onehot(target)) weight}.
     *
     * @param losses is filled with that of each row, {@code -ln softmax(z)[target]}
     */
    final Tensor crossEntropy(Tensor z, int[] targets, double weight, double[] losses) {
        int n = z.columns();
        return map(
                n,
                (t, in, dz) -> {
                    System.arraycopy(in[0], 0, dz, 0, n);
                    losses[t] = Formulas.crossEntropy(dz, n, targets[t], weight);
                },
                z);
    }
}
