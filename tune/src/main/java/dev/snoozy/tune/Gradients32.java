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

/** Gradients in F32 over the kernels of the engine. */
final class Gradients32 extends Gradients {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Rows whose products are summed in F32 before they are added to a gradient in F64. */
    private static final int RUN = 32;

    /** Elements of a sum that a member of the team takes at once. */
    private static final int STRIPE = 8;

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

    /**
     * Adds {@code x' y} over the rows of {@code x [rows, m]}, m small, and {@code y [rows, n]}.
     *
     * @param sum {@code [m, n]}, or {@code [n, m]} if turned
     */
    private void addOuter(Tensor x, Tensor y, double[] sum, boolean turned) {
        int m = x.columns();
        int n = y.columns();
        float[] left = all(x);
        float[] right = all(y);
        int stripes = (n + 64 * STRIPE - 1) / (64 * STRIPE);
        kernels()
                .each(
                        stripes,
                        (stripe, member) -> {
                            int from = stripe * 64 * STRIPE;
                            int to = Math.min(n, from + 64 * STRIPE);
                            outer(left, right, x.rows(), m, n, from, to, sum, turned);
                        });
    }

    /** Columns {@code from .. to - 1} of y. */
    private static void outer(
            float[] x,
            float[] y,
            int rowCount,
            int m,
            int n,
            int from,
            int to,
            double[] sum,
            boolean turned) {
        float[] part = new float[to - from];
        for (int first = 0; first < rowCount; first += RUN) {
            int end = Math.min(rowCount, first + RUN);
            for (int i = 0; i < m; i++) {
                Arrays.fill(part, 0f);
                for (int t = first; t < end; t++) {
                    float xi = x[t * m + i];
                    int at = t * n + from;
                    for (int j = 0; j < part.length; j++) {
                        part[j] = Math.fma(xi, y[at + j], part[j]);
                    }
                }
                for (int j = 0; j < part.length; j++) {
                    int index = turned ? (from + j) * m + i : i * n + from + j;
                    sum[index] += part[j];
                }
            }
        }
    }

    private float[] all(Tensor x) {
        float[] all = new float[Math.multiplyExact(x.rows(), x.columns())];
        kernels()
                .each(
                        x.rows(),
                        (row, member) -> {
                            if (rows[member].length != x.columns()) {
                                rows[member] = new float[x.columns()];
                            }
                            kernels().download(x, row, rows[member]);
                            System.arraycopy(rows[member], 0, all, row * x.columns(), x.columns());
                        });
        return all;
    }
}
