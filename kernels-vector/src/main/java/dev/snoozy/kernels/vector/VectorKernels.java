package dev.snoozy.kernels.vector;

import static dev.snoozy.kernels.scalar.ScalarKernels.matrix;
import static dev.snoozy.kernels.scalar.ScalarKernels.require;
import static dev.snoozy.kernels.scalar.ScalarKernels.vector;

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
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * Kernels on the Vector API: for processors that have no machine code here, and systems that forbid
 * it. Weights stay in the blocks of their file, activations stay F32, whatever the precision asked
 * for; results are those of the scalar kernels bit for bit, but for the exponential function in
 * soft-max and gates. What is only copying is the scalar way.
 */
final class VectorKernels implements Kernels {
    private static final float[] NONE = {};

    private final ThreadTeam team;
    private final String why;
    private final ScalarKernels plain;
    private final VectorProducts products;
    private final VectorAttention attention;
    private final RowWork work;
    private final Gates gates;
    private final Rotation rotation = new Rotation();
    private final VectorExperts experts;

    /**
     * Kernels on a team, which is closed with them.
     *
     * @param why no faster ones were chosen
     */
    VectorKernels(ThreadTeam team, String why) {
        this.team = team;
        this.why = why;
        plain = new ScalarKernels(team);
        products = new VectorProducts(team);
        attention = new VectorAttention(team);
        work = new RowWork(team);
        gates = new Gates(team);
        experts = new VectorExperts(plain, products, gates);
        if (!why.isEmpty()) {
            plain.cliffs().report(PerformanceCliff.VECTOR_KERNELS, why);
        }
    }

    @Override
    public String description() {
        String threads = team.size() + (team.size() == 1 ? " thread" : " threads");
        String what = "Vector API, " + Lanes.FLOATS.vectorBitSize() + " bits, " + threads;
        return what + (why.isEmpty() ? "" : " (" + why + ")");
    }

    @Override
    public Cliffs cliffs() {
        return plain.cliffs();
    }

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        return plain.weight(type, shape, blocks);
    }

    @Override
    public Tensor upload(float[] values, int rows, int columns) {
        return plain.upload(values, rows, columns);
    }

    @Override
    public void download(Tensor tensor, int row, float[] target) {
        plain.download(tensor, row, target);
    }

    @Override
    public void recycle(Tensor... kept) {
        plain.recycle(kept);
        if (kept.length == 0) {
            rotation.recycle();
        }
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        return plain.embed(table, ids);
    }

    @Override
    public Tensor rows(Tensor x, int[] indices) {
        return plain.rows(x, indices);
    }

    @Override
    public Tensor columns(Tensor x, int from, int count) {
        return plain.columns(x, from, count);
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Rows a = ScalarKernels.rows(left);
        Rows b = ScalarKernels.rows(right);
        require(a.rows() == b.rows() && a.columns() == b.columns(), "add", a, b);
        Rows y = like(a);
        work.add(a.data(), b.data(), y.data(), a.rows() * a.columns());
        return y;
    }

    @Override
    public Tensor scale(Tensor tensor, float factor) {
        Rows x = ScalarKernels.rows(tensor);
        Rows y = like(x);
        work.scale(x.data(), factor, y.data(), x.rows() * x.columns());
        return y;
    }

    @Override
    public Tensor scaleRows(Tensor tensor, float[] factors) {
        Rows x = ScalarKernels.rows(tensor);
        require(x.rows() == factors.length, "scaleRows", x, factors.length);
        Rows y = like(x);
        work.scaleRows(x, factors, y);
        return y;
    }

    @Override
    public Tensor softcap(Tensor x, float cap) {
        return plain.softcap(x, cap);
    }

    @Override
    public Tensor activate(Activation activation, Tensor tensor) {
        Rows x = ScalarKernels.rows(tensor);
        Rows y = like(x);
        gates.multiply(activation, x.data(), null, y.data(), x.rows() * x.columns());
        return y;
    }

    @Override
    public Tensor gated(Activation activation, Tensor gateTensor, Tensor upTensor) {
        Rows gate = ScalarKernels.rows(gateTensor);
        Rows up = ScalarKernels.rows(upTensor);
        require(gate.rows() == up.rows() && gate.columns() == up.columns(), "gated", gate, up);
        Rows y = like(up);
        gates.multiply(activation, gate.data(), up.data(), y.data(), up.rows() * up.columns());
        return y;
    }

    @Override
    public Tensor rmsNorm(Tensor tensor, Tensor weight, float epsilon) {
        Rows x = ScalarKernels.rows(tensor);
        float[] w = vector(weight);
        require(x.columns() % w.length == 0, "rmsNorm", x, weight);
        Rows y = like(x);
        work.rmsNorm(x, w, epsilon, y);
        return y;
    }

    @Override
    public Tensor layerNorm(Tensor tensor, Tensor weight, @Nullable Tensor bias, float epsilon) {
        Rows x = ScalarKernels.rows(tensor);
        float[] w = vector(weight);
        float[] b = bias == null ? NONE : vector(bias);
        int n = x.columns();
        require(w.length == n && (b.length == n || b.length == 0), "layerNorm", x, weight);
        Rows y = like(x);
        work.layerNorm(x, w, b, epsilon, y);
        return y;
    }

    @Override
    public Tensor linear(Tensor tensor, Tensor weight, @Nullable Tensor bias) {
        Weight w = matrix(weight);
        Rows x = plain.requireLinear(tensor, w, bias);
        if (x.rows() == 1 && w.type().blockSize() == 1) {
            // Turning rows of floats into columns for one token takes longer than the product.
            return plain.linear(tensor, weight, bias);
        }
        Rows y = plain.output(x.rows(), w.out());
        products.multiply(x.data(), x.rows(), w, 0, y.data());
        if (bias != null) {
            work.addBias(y, vector(bias));
        }
        return y;
    }

    @Override
    public Tensor expertLinear(Tensor tensor, int[] chosen, Tensor weight) {
        Rows x = ScalarKernels.rows(tensor);
        Weight w = matrix(weight);
        require(x.columns() == w.in() && x.rows() == chosen.length, "expertLinear", x, w);
        return experts.each(x, chosen, w);
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
        Rows x = ScalarKernels.rows(tensor);
        Rows scores = ScalarKernels.rows(router);
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
        require(
                up.experts() == gate.experts() && down.experts() == gate.experts(),
                "experts",
                up,
                down);
        return experts.run(x, scores, spec, gate, up, down, activation);
    }

    @Override
    public Tensor rope(Tensor tensor, int headLength, Rope rope, int[] positions) {
        Rows x = ScalarKernels.rows(tensor);
        int pairs = rope.frequencies().length;
        require(x.columns() % headLength == 0 && 2 * pairs <= headLength, "rope", x, headLength);
        require(x.rows() == positions.length, "rope", x, positions.length);
        Rows y = like(x);
        rotation.turn(x, headLength, rope, positions, y);
        return y;
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new VectorPages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor query,
            Tensor key,
            Tensor value,
            KvPages kvPages,
            KvRows kvRows,
            AttentionSpec spec) {
        Rows q = ScalarKernels.rows(query);
        Rows k = ScalarKernels.rows(key);
        Rows v = ScalarKernels.rows(value);
        if (!(kvPages instanceof VectorPages pages)) {
            throw new IllegalArgumentException("pages of other kernels: " + kvPages.getClass());
        }
        require(q.columns() == spec.heads() * pages.keyLength(), "attention", q, spec);
        require(k.columns() == spec.kvHeads() * pages.keyLength(), "attention", k, spec);
        require(v.columns() == spec.kvHeads() * pages.valueLength(), "attention", v, spec);
        require(spec.kvHeads() == pages.kvHeads(), "attention", spec, pages.kvHeads());
        boolean sameRows = q.rows() == kvRows.size() && k.rows() == v.rows();
        require(sameRows && k.rows() == kvRows.size(), "attention", q, k);
        VectorAttention.store(k, v, pages, kvRows);
        Rows y = plain.output(q.rows(), spec.heads() * pages.valueLength());
        attention.attend(q, pages, kvRows, spec, y);
        return y;
    }

    private Rows like(Rows x) {
        return plain.output(x.rows(), x.columns());
    }

    @Override
    public Tensor linearBackward(Tensor g, Tensor weight) {
        return plain.linearBackward(g, weight);
    }

    @Override
    public void each(int items, ThreadTeam.Work work) {
        plain.each(items, work);
    }

    @Override
    public int members() {
        return plain.members();
    }

    @Override
    public void close() {
        plain.close();
    }
}
