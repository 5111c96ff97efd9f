package dev.snoozy.tune;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients in F32 over the kernels of the engine. */
final class Gradients32 extends Gradients {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Rows whose products are summed in F32 before they are added to a gradient in F64. */
    private static final int RUN = 128;

    /** Columns of a sum that a member of the team takes at once. */
    private static final int STRIPE = 512;

    private final Arena arena = Arena.ofAuto();
    private final Map<Lora, Copies> copies = new IdentityHashMap<>();
    private final Attention32 attention;
    private final float[][] rows;

    /** The matrices in F32, as the kernels read them. */
    private record Copies(MemorySegment dataA, MemorySegment dataB, Tensor a, Tensor b) {}

    Gradients32(Kernels kernels) {
        super(kernels);
        attention = new Attention32(kernels);
        rows = new float[kernels.members()][0];
    }

    @Override
    void read(Tensor x, int row, double[] target) {
        float[] values = new float[x.columns()];
        kernels().download(x, row, values);
        for (int i = 0; i < values.length; i++) {
            target[i] = values[i];
        }
    }

    @Override
    Filling fill(int rowCount, int columns) {
        float[] y = new float[Math.multiplyExact(rowCount, columns)];
        return new Filling() {
            @Override
            public void write(int row, double[] values) {
                for (int i = 0; i < columns; i++) {
                    y[row * columns + i] = (float) values[i];
                }
            }

            @Override
            public Tensor finish() {
                return kernels().upload(y, rowCount, columns);
            }
        };
    }

    @Override
    Tensor[] attention(
            Tensor g, Tensor o, Tensor q, Tensor k, Tensor v, KvRows seen, AttentionSpec spec) {
        return attention.backward(g, o, q, k, v, seen, spec);
    }

    @Override
    void refresh(List<Lora> all) {
        for (Lora lora : all) {
            Copies mine = copies.computeIfAbsent(lora, this::copies);
            copy(lora.a(), mine.dataA);
            copy(lora.b(), mine.dataB);
        }
    }

    private Copies copies(Lora lora) {
        MemorySegment a = arena.allocate((long) lora.a().length * Float.BYTES, 64);
        MemorySegment b = arena.allocate((long) lora.b().length * Float.BYTES, 64);
        Tensor weightA = weight(lora.rank(), lora.in(), a);
        Tensor weightB = weight(lora.out(), lora.rank(), b);
        // Products read them anew each time: they change with every step.
        kernels().leaveMapped(List.of(weightA, weightB), "adapters are trained");
        return new Copies(a, b, weightA, weightB);
    }

    private Tensor weight(long out, long in, MemorySegment data) {
        return kernels().weight(TensorType.F32, new long[] {out, in}, data);
    }

    private static void copy(double[] from, MemorySegment to) {
        for (int i = 0; i < from.length; i++) {
            to.setAtIndex(FLOAT, i, (float) from[i]);
        }
    }

    private Copies of(Lora lora) {
        Copies mine = copies.get(lora);
        if (mine == null) {
            throw new IllegalStateException("no copies of the adapter for " + lora.weight());
        }
        return mine;
    }

    @Override
    Tensor delta(Lora lora, Tensor x) {
        Copies mine = of(lora);
        Tensor inner = kernels().linear(x, mine.a, null); // [rows, rank]
        return kernels().scale(kernels().linear(inner, mine.b, null), (float) lora.scale());
    }

    @Override
    @Nullable Tensor deltaBackward(Lora lora, Tensor gradient, Tensor x, boolean wanted) {
        Copies mine = of(lora);
        Tensor g = kernels().scale(gradient, (float) lora.scale());
        Tensor u = kernels().linear(x, mine.a, null); // [rows, rank]
        Tensor du = kernels().linearBackward(g, mine.b); // [rows, rank]
        addOuter(u, g, lora.gradientB(), true);
        addOuter(du, x, lora.gradientA(), false);
        return wanted ? kernels().linearBackward(du, mine.a) : null;
    }

    @Override
    double[] rowNorms(Tensor weight, Lora lora) {
        double[] norms = new double[lora.out()];
        float[][] a = new float[lora.rank()][lora.in()];
        for (int k = 0; k < a.length; k++) {
            for (int i = 0; i < lora.in(); i++) {
                a[k][i] = (float) lora.a()[k * lora.in() + i];
            }
        }
        for (int first = 0; first < norms.length; first += RUN) {
            int from = first;
            int[] numbers = IntStream.range(from, Math.min(norms.length, from + RUN)).toArray();
            Tensor part = kernels().embed(weight, numbers);
            kernels()
                    .each(
                            numbers.length,
                            (i, member) -> {
                                float[] row = new float[lora.in()];
                                kernels().download(part, i, row);
                                norms[from + i] = norm(lora, from + i, a, row);
                            });
            kernels().recycle();
        }
        return norms;
    }

    /**
     * The norm of a row.
     *
     * @param row of W, which becomes that of {@code W + scale B A}
     */
    private static double norm(Lora lora, int r, float[][] a, float[] row) {
        float[] b = new float[lora.rank()];
        for (int k = 0; k < b.length; k++) {
            b[k] = (float) (lora.scale() * lora.b()[r * b.length + k]);
        }
        SmallProducts.add(
                new float[][] {b}, 0, a, 0, b.length, new float[][] {row}, 1, 0, row.length);
        double sum = 0;
        for (float w : row) {
            sum += (double) w * w;
        }
        return Math.sqrt(sum);
    }

    /**
     * Adds {@code x' y} over the rows of {@code x [rows, m]}, m small, and {@code y [rows, n]}.
     *
     * @param sum {@code [m, n]}, or {@code [n, m]} if turned
     */
    private void addOuter(Tensor x, Tensor y, double[] sum, boolean turned) {
        int n = y.columns();
        float[][] left = turned(x);
        float[][][] right = stripes(y);
        kernels()
                .each(
                        right.length,
                        (stripe, member) ->
                                outer(left, right[stripe], stripe * STRIPE, n, sum, turned));
    }

    /** Columns {@code first ..} of y, {@code [rows, stripe]}. */
    private static void outer(
            float[][] x, float[][] y, int first, int n, double[] sum, boolean turned) {
        int m = x.length;
        float[][] part = new float[m][y[0].length];
        for (int from = 0; from < y.length; from += RUN) {
            int count = Math.min(RUN, y.length - from);
            for (float[] row : part) {
                Arrays.fill(row, 0f);
            }
            SmallProducts.add(x, from, y, from, count, part, m, 0, y[0].length);
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < part[i].length; j++) {
                    int index = turned ? (first + j) * m + i : i * n + first + j;
                    sum[index] += part[i][j];
                }
            }
        }
    }

    /** {@code [columns, rows]} of x. */
    private float[][] turned(Tensor x) {
        float[][] turned = new float[x.columns()][x.rows()];
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            kernels().download(x, t, row);
            for (int i = 0; i < row.length; i++) {
                turned[i][t] = row[i];
            }
        }
        return turned;
    }

    /** {@code [stripes, rows, columns of the stripe]} of x. */
    private float[][][] stripes(Tensor x) {
        int n = x.columns();
        int count = (n + STRIPE - 1) / STRIPE;
        float[][][] stripes = new float[count][x.rows()][];
        kernels()
                .each(
                        x.rows(),
                        (row, member) -> {
                            if (rows[member].length != n) {
                                rows[member] = new float[n];
                            }
                            kernels().download(x, row, rows[member]);
                            for (int s = 0; s < count; s++) {
                                int to = Math.min(n, (s + 1) * STRIPE);
                                stripes[s][row] = Arrays.copyOfRange(rows[member], s * STRIPE, to);
                            }
                        });
        return stripes;
    }
}
