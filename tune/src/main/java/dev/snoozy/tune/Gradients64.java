package dev.snoozy.tune;

import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Gradients in F64, which judge all others and are themselves judged by finite differences. */
final class Gradients64 extends Gradients {
    Gradients64(Float64Kernels kernels) {
        super(kernels);
    }

    @Override
    void read(Tensor tensor, int row, double[] target) {
        Matrix64 x = Matrix64.of(tensor);
        System.arraycopy(x.data(), x.at(row), target, 0, x.columns());
    }

    @Override
    Filling fill(int rows, int columns) {
        Matrix64 y = new Matrix64(rows, columns);
        return new Filling() {
            @Override
            public void write(int row, double[] values) {
                System.arraycopy(values, 0, y.data(), y.at(row), columns);
            }

            @Override
            public Tensor finish() {
                return y;
            }
        };
    }

    @Override
    Tensor[] attention(
            Tensor g, Tensor o, Tensor q, Tensor k, Tensor v, KvRows rows, AttentionSpec spec) {
        return Attention64.backward(
                Matrix64.of(g),
                Matrix64.of(o),
                Matrix64.of(q),
                Matrix64.of(k),
                Matrix64.of(v),
                rows,
                spec);
    }

    @Override
    void refresh(List<Lora> all) {
        // The matrices themselves are used.
    }

    @Override
    Tensor delta(Lora lora, Tensor x) {
        return scaled(kernels().linear(inner(lora, x), b(lora), null), lora.scale());
    }

    @Override
    @Nullable Tensor deltaBackward(Lora lora, Tensor gradient, Tensor tensor, boolean wanted) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 g = scaled(Matrix64.of(gradient), lora.scale());
        Matrix64 u = inner(lora, x); // [rows, rank]
        Matrix64 du = Matrix64.of(kernels().linearBackward(g, b(lora))); // [rows, rank]
        addOuter(g, u, lora.gradientB());
        addOuter(du, x, lora.gradientA());
        return wanted ? kernels().linearBackward(du, a(lora)) : null;
    }

    @Override
    double[] rowNorms(Tensor weight, Lora lora) {
        double[] norms = new double[lora.out()];
        double[] row = new double[lora.in()];
        for (int r = 0; r < norms.length; r++) {
            read(kernels().embed(weight, new int[] {r}), 0, row);
            double sum = 0;
            for (int i = 0; i < row.length; i++) {
                double delta = 0;
                for (int k = 0; k < lora.rank(); k++) {
                    delta += lora.b()[r * lora.rank() + k] * lora.a()[k * lora.in() + i];
                }
                double w = row[i] + lora.scale() * delta;
                sum += w * w;
            }
            norms[r] = Math.sqrt(sum);
        }
        return norms;
    }

    private Matrix64 inner(Lora lora, Tensor x) {
        return Matrix64.of(kernels().linear(x, a(lora), null));
    }

    private static Matrix64 a(Lora lora) {
        return new Matrix64(lora.a(), lora.rank(), lora.in());
    }

    private static Matrix64 b(Lora lora) {
        return new Matrix64(lora.b(), lora.out(), lora.rank());
    }

    private static Matrix64 scaled(Tensor tensor, double factor) {
        Matrix64 x = Matrix64.of(tensor);
        Matrix64 y = new Matrix64(x.rows(), x.columns());
        for (int i = 0; i < y.data().length; i++) {
            y.data()[i] = x.data()[i] * factor;
        }
        return y;
    }

    /** {@code sum [m, n] += x' y} over the rows of {@code x [rows, m]} and {@code y [rows, n]}. */
    private static void addOuter(Matrix64 x, Matrix64 y, double[] sum) {
        int n = y.columns();
        for (int t = 0; t < x.rows(); t++) {
            for (int i = 0; i < x.columns(); i++) {
                double xi = x.data()[x.at(t) + i];
                for (int j = 0; j < n; j++) {
                    sum[i * n + j] += xi * y.data()[y.at(t) + j];
                }
            }
        }
    }
}
