package dev.snoozy.tune;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The operations in F64, one plain loop each: the path by which gradients are proven. Weights are
 * decoded when they are taken. Attention sees the rows of its own call only, so texts are evaluated
 * whole.
 */
final class Float64Kernels implements Kernels {
    private final Cliffs cliffs = new Cliffs();

    /** Keys and values are read from the rows of the call, so pages hold nothing. */
    private record NoPages(int kvHeads, int keyLength, int valueLength) implements KvPages {
        @Override
        public void reserve(int pages) {}

        @Override
        public void copy(int from, int to) {}

        @Override
        public long bytesPerPage() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Override
    public String description() {
        return "reference in F64, 1 thread";
    }

    @Override
    public Cliffs cliffs() {
        return cliffs;
    }

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        long elements = 1;
        for (long n : shape) {
            elements = Math.multiplyExact(elements, n);
        }
        int columns = Math.toIntExact(shape[shape.length - 1]);
        float[] values = new float[Math.toIntExact(elements)];
        BlockCodec.of(type).decode(blocks, 0, values, 0, values.length);
        return upload(values, values.length / columns, columns);
    }

    @Override
    public Tensor upload(float[] values, int rows, int columns) {
        Matrix64 y = new Matrix64(rows, columns);
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = values[i];
        }
        return y;
    }

    @Override
    public void download(Tensor tensor, int row, float[] target) {
        Matrix64 x = Matrix64.of(tensor);
        for (int i = 0; i < x.columns(); i++) {
            target[i] = (float) x.data()[x.at(row) + i];
        }
    }

    @Override
    public void recycle(Tensor... kept) {
        // The collector does it.
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        return rows(table, ids);
    }

    @Override
    public Tensor rows(Tensor tensor, int[] indices) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(indices.length, x.columns());
        for (int t = 0; t < indices.length; t++) {
            System.arraycopy(x.data(), x.at(indices[t]), y.data(), y.at(t), x.columns());
        }
        return y;
    }

    @Override
    public Tensor columns(Tensor tensor, int from, int count) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), count);
        for (int t = 0; t < x.rows(); t++) {
            System.arraycopy(x.data(), x.at(t) + from, y.data(), y.at(t), count);
        }
        return y;
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Matrix64 a = Matrix64.of(left);
        Matrix64 b = Matrix64.of(right);
        requireSame(a, b);
        Matrix64 y = new Matrix64(a.rows(), a.columns());
        Arrays.setAll(y.data(), i -> a.data()[i] + b.data()[i]);
        return y;
    }

    @Override
    public Tensor addRows(Tensor tensor, int[] indices, Tensor delta) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 d = Matrix64.of(delta);
        Matrix64 y = new Matrix64(x.data().clone(), x.rows(), x.columns());
        for (int t = 0; t < indices.length; t++) {
            for (int i = 0; i < x.columns(); i++) {
                y.data()[y.at(indices[t]) + i] += d.data()[d.at(t) + i];
            }
        }
        return y;
    }

    @Override
    public Tensor scale(Tensor tensor, float factor) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        Arrays.setAll(y.data(), i -> x.data()[i] * factor);
        return y;
    }

    @Override
    public Tensor scaleRows(Tensor tensor, float[] factors) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        Arrays.setAll(y.data(), i -> x.data()[i] * factors[i / x.columns()]);
        return y;
    }

    @Override
    public Tensor softcap(Tensor tensor, float cap) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        Arrays.setAll(y.data(), i -> Formulas.softcap(x.data()[i], cap));
        return y;
    }

    @Override
    public Tensor activate(Activation activation, Tensor tensor) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        Arrays.setAll(y.data(), i -> Formulas.activation(activation, x.data()[i]));
        return y;
    }

    @Override
    public Tensor gated(Activation activation, Tensor gate, Tensor up) {
        Matrix64 a = Matrix64.of(gate);
        Matrix64 b = Matrix64.of(up);
        requireSame(a, b);
        Matrix64 y = new Matrix64(a.rows(), a.columns());
        Arrays.setAll(y.data(), i -> Formulas.activation(activation, a.data()[i]) * b.data()[i]);
        return y;
    }

    @Override
    public Tensor rmsNorm(Tensor tensor, Tensor weight, float epsilon) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        Formulas.rmsNorm(x.data(), Matrix64.of(weight).data(), epsilon, y.data(), x.data().length);
        return y;
    }

    @Override
    public Tensor layerNorm(Tensor tensor, Tensor weight, @Nullable Tensor bias, float epsilon) {
        Matrix64 x = Matrix64.of(tensor);
        double[] b = bias == null ? new double[0] : Matrix64.of(bias).data();
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        double[] out = new double[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            double[] row = Arrays.copyOfRange(x.data(), x.at(t), x.at(t + 1));
            Formulas.layerNorm(row, Matrix64.of(weight).data(), b, epsilon, out);
            System.arraycopy(out, 0, y.data(), y.at(t), out.length);
        }
        return y;
    }

    @Override
    public Tensor linear(Tensor tensor, Tensor weight, @Nullable Tensor bias) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 w = Matrix64.of(weight);
        double[] b = bias == null ? new double[w.rows()] : Matrix64.of(bias).data();
        Matrix64 y = new Matrix64(x.rows(), w.rows());
        for (int t = 0; t < x.rows(); t++) {
            for (int r = 0; r < w.rows(); r++) {
                double sum = 0;
                for (int k = 0; k < w.columns(); k++) {
                    sum += x.data()[x.at(t) + k] * w.data()[w.at(r) + k];
                }
                y.data()[y.at(t) + r] = sum + b[r];
            }
        }
        return y;
    }

    @Override
    public Tensor linearBackward(Tensor gradient, Tensor weight) {
        Matrix64 g = Matrix64.of(gradient);
        Matrix64 w = Matrix64.of(weight);
        Matrix64 y = new Matrix64(g.rows(), w.columns());
        for (int t = 0; t < g.rows(); t++) {
            for (int r = 0; r < w.rows(); r++) {
                double gr = g.data()[g.at(t) + r];
                for (int k = 0; k < w.columns(); k++) {
                    y.data()[y.at(t) + k] += gr * w.data()[w.at(r) + k];
                }
            }
        }
        return y;
    }

    @Override
    public Tensor expertLinear(Tensor x, int[] experts, Tensor weights) {
        throw new UnsupportedOperationException("a mixture of experts in F64");
    }

    @Override
    public Tensor experts(
            Tensor x,
            Tensor router,
            RouterSpec spec,
            Tensor gate,
            Tensor up,
            Tensor down,
            Activation activation) {
        throw new UnsupportedOperationException("a mixture of experts in F64");
    }

    @Override
    public Tensor rope(Tensor tensor, int headLength, Rope rope, int[] positions) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.data().clone(), x.rows(), x.columns());
        int pairs = rope.frequencies().length;
        boolean adjacent = rope.pairing() == Rope.Pairing.ADJACENT;
        int step = adjacent ? 2 : 1;
        int distance = adjacent ? 1 : pairs;
        for (int t = 0; t < x.rows(); t++) {
            for (int head = x.at(t); head < x.at(t + 1); head += headLength) {
                for (int i = 0; i < pairs; i++) {
                    double angle = (double) positions[t] * rope.frequencies()[i];
                    double cos = Math.cos(angle) * rope.magnitude();
                    double sin = Math.sin(angle) * rope.magnitude();
                    int at = head + i * step;
                    double a = x.data()[at];
                    double b = x.data()[at + distance];
                    y.data()[at] = a * cos - b * sin;
                    y.data()[at + distance] = a * sin + b * cos;
                }
            }
        }
        return y;
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new NoPages(kvHeads, keyLength, valueLength);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages pages, KvRows rows, AttentionSpec spec) {
        return Attention64.forward(Matrix64.of(q), Matrix64.of(k), Matrix64.of(v), rows, spec);
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private static void requireSame(Matrix64 a, Matrix64 b) {
        if (a.rows() != b.rows() || a.columns() != b.columns()) {
            throw new IllegalArgumentException(a + " does not fit " + b);
        }
    }
}
