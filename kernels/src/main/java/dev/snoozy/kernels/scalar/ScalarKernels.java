package dev.snoozy.kernels.scalar;

import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The operations in plain Java, written for reading: the judge of every faster implementation, and
 * the one that works everywhere. Weights stay in the blocks of their file and are decoded to F32 as
 * they are used; activations stay F32.
 */
public final class ScalarKernels implements Kernels {
    private static final float[] NONE = {};

    private final ThreadTeam team;
    private final String why;
    private final Cliffs cliffs = new Cliffs();
    private final Products products;
    private final Attention attention;
    private final Buffers buffers = new Buffers();
    private final float[] lanes = new float[Sums.LANES];
    // Sines and cosines of the present batch: every layer turns by the same angles.
    private final Map<int[], Map<Rope, float[]>> angles = new IdentityHashMap<>();

    /** Kernels on a team, which is closed with them. */
    public ScalarKernels(ThreadTeam team) {
        this(team, "");
    }

    /**
     * Kernels on a team, which is closed with them.
     *
     * @param why no faster ones were chosen
     */
    public ScalarKernels(ThreadTeam team, String why) {
        this.team = team;
        this.why = why;
        if (!why.isEmpty()) {
            cliffs.report(PerformanceCliff.SCALAR_KERNELS, why);
        }
        products = new Products(team);
        attention = new Attention(team);
    }

    @Override
    public String description() {
        String threads = team.size() + (team.size() == 1 ? " thread" : " threads");
        return "scalar Java, " + threads + (why.isEmpty() ? "" : " (" + why + ")");
    }

    @Override
    public Cliffs cliffs() {
        return cliffs;
    }

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        BlockCodec codec = BlockCodec.of(type);
        if (shape.length < 1 || shape.length > 3) {
            throw new FormatException(
                    "a weight has 1 to 3 dimensions, found " + Arrays.toString(shape));
        }
        int in = Math.toIntExact(shape[shape.length - 1]);
        int out = shape.length < 2 ? 1 : Math.toIntExact(shape[shape.length - 2]);
        int experts = shape.length < 3 ? 1 : Math.toIntExact(shape[0]);
        long expected =
                type.bytes(Math.multiplyExact((long) in, Math.multiplyExact((long) out, experts)));
        if (blocks.byteSize() != expected) {
            throw new FormatException(
                    "a weight "
                            + Arrays.toString(shape)
                            + " in "
                            + type
                            + " needs "
                            + expected
                            + " bytes, found "
                            + blocks.byteSize());
        }
        Weight weight = new Weight(codec, experts, out, in, blocks);
        if (shape.length > 1) {
            return weight;
        }
        float[] values = new float[in];
        weight.decode(0, 1, values);
        return new Rows(values, 1, in);
    }

    @Override
    public Tensor upload(float[] values, int rows, int columns) {
        Rows y = output(rows, columns);
        System.arraycopy(values, 0, y.data(), 0, Math.multiplyExact(rows, columns));
        return y;
    }

    @Override
    public void download(Tensor tensor, int row, float[] target) {
        Rows x = rows(tensor);
        System.arraycopy(x.data(), x.at(row), target, 0, x.columns());
    }

    @Override
    public void recycle(Tensor... kept) {
        buffers.recycle(kept);
        if (kept.length == 0) {
            angles.clear();
        }
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        Weight weight = matrix(table);
        Rows y = output(ids.length, weight.in());
        float[] row = new float[weight.in()];
        for (int t = 0; t < ids.length; t++) {
            weight.lookUp(ids[t], row);
            System.arraycopy(row, 0, y.data(), y.at(t), row.length);
        }
        return y;
    }

    @Override
    public Tensor rows(Tensor tensor, int[] indices) {
        Rows x = rows(tensor);
        Rows y = output(indices.length, x.columns());
        for (int t = 0; t < indices.length; t++) {
            System.arraycopy(x.data(), x.at(indices[t]), y.data(), y.at(t), x.columns());
        }
        return y;
    }

    @Override
    public Tensor columns(Tensor tensor, int from, int count) {
        Rows x = rows(tensor);
        require(from >= 0 && count >= 0 && from + count <= x.columns(), "columns", x, from + count);
        Rows y = output(x.rows(), count);
        for (int t = 0; t < x.rows(); t++) {
            System.arraycopy(x.data(), x.at(t) + from, y.data(), y.at(t), count);
        }
        return y;
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Rows a = rows(left);
        Rows b = rows(right);
        require(a.rows() == b.rows() && a.columns() == b.columns(), "add", a, b);
        Rows y = output(a.rows(), a.columns());
        for (int i = 0; i < a.rows() * a.columns(); i++) {
            y.data()[i] = a.data()[i] + b.data()[i];
        }
        return y;
    }

    @Override
    public Tensor scale(Tensor tensor, float factor) {
        Rows x = rows(tensor);
        Rows y = output(x.rows(), x.columns());
        for (int i = 0; i < x.rows() * x.columns(); i++) {
            y.data()[i] = x.data()[i] * factor;
        }
        return y;
    }

    @Override
    public Tensor scaleRows(Tensor tensor, float[] factors) {
        Rows x = rows(tensor);
        require(x.rows() == factors.length, "scaleRows", x, factors.length);
        Rows y = output(x.rows(), x.columns());
        for (int t = 0; t < x.rows(); t++) {
            for (int i = x.at(t); i < x.at(t + 1); i++) {
                y.data()[i] = x.data()[i] * factors[t];
            }
        }
        return y;
    }

    @Override
    public Tensor softcap(Tensor tensor, float cap) {
        Rows x = rows(tensor);
        Rows y = output(x.rows(), x.columns());
        for (int i = 0; i < x.rows() * x.columns(); i++) {
            y.data()[i] = Elementwise.softcap(x.data()[i], cap);
        }
        return y;
    }

    @Override
    public Tensor activate(Activation activation, Tensor tensor) {
        Rows x = rows(tensor);
        Rows y = output(x.rows(), x.columns());
        for (int i = 0; i < x.rows() * x.columns(); i++) {
            y.data()[i] = Elementwise.apply(activation, x.data()[i]);
        }
        return y;
    }

    @Override
    public Tensor gated(Activation activation, Tensor gateTensor, Tensor upTensor) {
        Rows gate = rows(gateTensor);
        Rows up = rows(upTensor);
        require(gate.rows() == up.rows() && gate.columns() == up.columns(), "gated", gate, up);
        Rows y = output(up.rows(), up.columns());
        for (int i = 0; i < up.rows() * up.columns(); i++) {
            y.data()[i] = Elementwise.apply(activation, gate.data()[i]) * up.data()[i];
        }
        return y;
    }

    @Override
    public Tensor rmsNorm(Tensor tensor, Tensor weight, float epsilon) {
        Rows x = rows(tensor);
        float[] w = vector(weight);
        int n = w.length;
        require(x.columns() % n == 0, "rmsNorm", x, weight);
        Rows y = output(x.rows(), x.columns());
        for (int group = 0; group < x.rows() * x.columns(); group += n) {
            float mean = Sums.sumOfSquares(x.data(), group, n, 0, lanes) / n;
            float inverse = (float) (1 / Math.sqrt(mean + epsilon));
            for (int i = 0; i < n; i++) {
                y.data()[group + i] = x.data()[group + i] * inverse * w[i];
            }
        }
        return y;
    }

    @Override
    public Tensor layerNorm(Tensor tensor, Tensor weight, @Nullable Tensor bias, float epsilon) {
        Rows x = rows(tensor);
        float[] w = vector(weight);
        float[] b = bias == null ? NONE : vector(bias);
        int n = x.columns();
        require(w.length == n && (b.length == n || b.length == 0), "layerNorm", x, weight);
        Rows y = output(x.rows(), n);
        for (int t = 0; t < x.rows(); t++) {
            int at = x.at(t);
            float mean = Sums.sum(x.data(), at, n, lanes) / n;
            float variance = Sums.sumOfSquares(x.data(), at, n, mean, lanes) / n;
            float inverse = (float) (1 / Math.sqrt(variance + epsilon));
            for (int i = 0; i < n; i++) {
                float normal = (x.data()[at + i] - mean) * inverse * w[i];
                y.data()[at + i] = b.length == 0 ? normal : normal + b[i];
            }
        }
        return y;
    }

    @Override
    public Tensor linear(Tensor tensor, Tensor weight, @Nullable Tensor bias) {
        Weight w = matrix(weight);
        Rows x = requireLinear(tensor, w, bias);
        Rows y = output(x.rows(), w.out());
        products.multiply(x, w, y);
        return addBias(y, bias);
    }

    /** The activations, which together with the weight and the bias must fit a product. */
    public Rows requireLinear(Tensor tensor, Weight w, @Nullable Tensor bias) {
        Rows x = rows(tensor);
        require(x.columns() == w.in() && w.experts() == 1, "linear", x, w);
        require(bias == null || vector(bias).length == w.out(), "linear bias", w, bias);
        return x;
    }

    /** Adds a bias, if there is one, to every row in place; for outputs that nobody else has. */
    public Rows addBias(Rows y, @Nullable Tensor bias) {
        if (bias != null) {
            float[] b = vector(bias);
            for (int t = 0; t < y.rows(); t++) {
                for (int i = 0; i < b.length; i++) {
                    y.data()[y.at(t) + i] += b[i];
                }
            }
        }
        return y;
    }

    @Override
    public Tensor expertLinear(Tensor tensor, int[] experts, Tensor weights) {
        Rows x = rows(tensor);
        Weight w = matrix(weights);
        require(x.columns() == w.in() && x.rows() == experts.length, "expertLinear", x, w);
        Rows y = output(x.rows(), w.out());
        Arrays.fill(y.data(), 0, y.rows() * y.columns(), 0f);
        products.expertRows(x, w, experts, y);
        return y;
    }

    @Override
    public Tensor linearBackward(Tensor tensor, Tensor weight) {
        Weight w = matrix(weight);
        Rows g = rows(tensor);
        require(g.columns() == w.out() && w.experts() == 1, "linearBackward", g, w);
        Rows y = output(g.rows(), w.in());
        products.multiplyTransposed(g, w, y);
        return y;
    }

    @Override
    public Tensor experts(
            Tensor tensor,
            Tensor router,
            RouterSpec spec,
            Tensor gateWeight,
            Tensor upWeight,
            Tensor downWeight,
            Activation activation) {
        Rows x = rows(tensor);
        Rows scores = rows(router);
        Weight gate = matrix(gateWeight);
        Weight up = matrix(upWeight);
        Weight down = matrix(downWeight);
        int n = gate.out();
        require(x.columns() == gate.in() && x.columns() == up.in(), "experts", x, gate);
        require(up.out() == n && down.in() == n, "experts", up, down);
        require(
                scores.columns() == gate.experts() && scores.rows() == x.rows(),
                "experts",
                scores,
                gate);
        int used = spec.used();
        int[] chosen = new int[x.rows() * used];
        float[] weights = new float[x.rows() * used];
        for (int t = 0; t < x.rows(); t++) {
            Router.choose(scores, t, spec, chosen, weights);
        }
        Rows hidden = output(x.rows() * used, n);
        long cost = (long) x.rows() * used * n * x.columns();
        products.each(
                x.rows() * used,
                2 * cost,
                (item, member) ->
                        products.expertHidden(
                                x,
                                item / used,
                                gate,
                                up,
                                chosen[item],
                                activation,
                                hidden.data(),
                                hidden.at(item),
                                member));
        Rows y = output(x.rows(), down.out());
        Arrays.fill(y.data(), 0, y.rows() * y.columns(), 0f);
        products.expertSums(hidden, down, chosen, weights, y);
        return y;
    }

    @Override
    public Tensor rope(Tensor tensor, int headLength, Rope rope, int[] positions) {
        Rows x = rows(tensor);
        int pairs = rope.frequencies().length;
        require(x.columns() % headLength == 0 && 2 * pairs <= headLength, "rope", x, headLength);
        require(x.rows() == positions.length, "rope", x, positions.length);
        float[] angle =
                angles.computeIfAbsent(positions, p -> new IdentityHashMap<>())
                        .computeIfAbsent(rope, r -> angles(r, positions));
        Rows y = output(x.rows(), x.columns());
        System.arraycopy(x.data(), 0, y.data(), 0, x.rows() * x.columns());
        boolean adjacent = rope.pairing() == Rope.Pairing.ADJACENT;
        int step = adjacent ? 2 : 1;
        int distance = adjacent ? 1 : pairs;
        for (int t = 0; t < x.rows(); t++) {
            for (int head = x.at(t); head < x.at(t + 1); head += headLength) {
                for (int i = 0; i < pairs; i++) {
                    float cos = angle[2 * (t * pairs + i)];
                    float sin = angle[2 * (t * pairs + i) + 1];
                    int at = head + i * step;
                    float a = x.data()[at];
                    float b = x.data()[at + distance];
                    y.data()[at] = a * cos - b * sin;
                    y.data()[at + distance] = a * sin + b * cos;
                }
            }
        }
        return y;
    }

    /** Cosine and sine, times the magnitude, of every position and pair. */
    private static float[] angles(Rope rope, int[] positions) {
        float[] frequencies = rope.frequencies();
        float[] values = new float[2 * positions.length * frequencies.length];
        int at = 0;
        for (int position : positions) {
            for (float frequency : frequencies) {
                double angle = (double) position * frequency;
                values[at++] = (float) (Math.cos(angle) * rope.magnitude());
                values[at++] = (float) (Math.sin(angle) * rope.magnitude());
            }
        }
        return values;
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new Pages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor query,
            Tensor key,
            Tensor value,
            KvPages kvPages,
            KvRows kvRows,
            AttentionSpec spec) {
        Rows q = rows(query);
        Rows k = rows(key);
        Rows v = rows(value);
        if (!(kvPages instanceof Pages pages)) {
            throw new IllegalArgumentException("pages of other kernels: " + kvPages.getClass());
        }
        require(q.columns() % spec.heads() == 0 && q.rows() == kvRows.size(), "attention", q, spec);
        require(spec.kvHeads() == pages.kvHeads(), "attention", pages.kvHeads(), spec);
        require(k.columns() == spec.kvHeads() * pages.keyLength(), "attention", k, spec);
        require(v.columns() == spec.kvHeads() * pages.valueLength(), "attention", v, spec);
        require(q.columns() / spec.heads() == k.columns() / spec.kvHeads(), "attention", q, k);
        Attention.store(k, v, pages, kvRows);
        Rows y = output(q.rows(), v.columns() / spec.kvHeads() * spec.heads());
        attention.attend(q, pages, kvRows, spec, y);
        return y;
    }

    @Override
    public void each(int items, ThreadTeam.Work work) {
        team.run(items, work);
    }

    @Override
    public int members() {
        return team.size();
    }

    @Override
    public void close() {
        team.close();
    }

    /** An output to be filled; it holds whatever was there before. */
    public Rows output(int rows, int columns) {
        return new Rows(buffers.lend(Math.multiplyExact(rows, columns)), rows, columns);
    }

    /** A tensor as activations. */
    public static Rows rows(Tensor tensor) {
        if (tensor instanceof Rows rows) {
            return rows;
        }
        throw new IllegalArgumentException("expected activations, found a weight " + tensor);
    }

    /** A tensor as a weight. */
    public static Weight matrix(Tensor tensor) {
        if (tensor instanceof Weight weight) {
            return weight;
        }
        throw new IllegalArgumentException("expected a weight, found activations " + tensor);
    }

    /** The elements of a vector, such as the weight of a norm. */
    public static float[] vector(Tensor tensor) {
        if (tensor instanceof Rows rows
                && rows.rows() == 1
                && rows.data().length == rows.columns()) {
            return rows.data();
        }
        throw new IllegalArgumentException("expected a vector, found " + tensor);
    }

    /** Refuses operands whose shapes do not fit. */
    public static void require(
            boolean fits, String operation, Object found, @Nullable Object other) {
        if (!fits) {
            throw new IllegalArgumentException(operation + ": " + found + " does not fit " + other);
        }
    }
}
