package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.machine.HeapCopies.activations;
import static dev.snoozy.kernels.machine.HeapCopies.vector;
import static dev.snoozy.kernels.scalar.ScalarKernels.matrix;
import static dev.snoozy.kernels.scalar.ScalarKernels.require;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.attention.MachineAttention;
import dev.snoozy.kernels.machine.attention.MachinePages;
import dev.snoozy.kernels.machine.code.Isa;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.packing.PackedWeights;
import dev.snoozy.kernels.machine.products.FloatProducts;
import dev.snoozy.kernels.machine.products.MachineGate;
import dev.snoozy.kernels.machine.products.MachineProducts;
import dev.snoozy.kernels.machine.products.MachineProducts.Product;
import dev.snoozy.kernels.machine.products.TransposedProducts;
import dev.snoozy.kernels.machine.rows.MachineRows;
import dev.snoozy.kernels.machine.rows.RopeCode;
import dev.snoozy.kernels.machine.rows.RopeTables;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Kernels in machine code, assembled for this processor. Activations lie outside the heap and Java
 * only says what is to be done with them, so that a cold JVM is as fast as a warm one. What has no
 * kernel goes the scalar way. Beside quantized weights activations are rounded to 8 bit, and beside
 * BF16 to BF16 where the processor multiplies that, unless they are to stay F32. A weight that was
 * neither packed nor left mapped is packed when it is first multiplied with.
 */
public final class MachineKernels implements Kernels {
    private final Isa isa;
    private final ThreadTeam team;
    private final Precision precision;
    private final String why;
    private final ScalarKernels plain;
    private final Arena arena = Arena.ofShared();
    private final NativeBuffers buffers = new NativeBuffers();
    private final RopeTables ropeTables = new RopeTables();
    private final MachineRows rows;
    private final MachineProducts products;
    private final FloatProducts floatProducts;
    private final TransposedProducts transposed;
    private final MachineGate gates;
    private final MachineExperts experts;
    private final MachineAttention attention;
    private final PackedWeights weights;

    /** Whether weights were met whose products are computed in plain Java. */
    private boolean scalarProducts;

    /**
     * Kernels on a team, which is closed with them.
     *
     * @param isa that the processor has
     * @param why these and no others, for {@link #description}; may be empty
     * @throws IllegalStateException if the system does not allow executable memory
     */
    public MachineKernels(Isa isa, ThreadTeam team, Precision precision, String why) {
        this.isa = isa;
        this.team = team;
        this.precision = precision;
        this.why = why;
        plain = new ScalarKernels(team);
        FloatFormat.Pairs pairs = FloatFormat.Pairs.of(precision, isa.multipliesPairs());
        if (precision == Precision.ROUNDED_F16 && pairs == FloatFormat.Pairs.NONE) {
            plain.cliffs().report(PerformanceCliff.NO_PAIRS, isa.path());
        }
        weights = new PackedWeights(team, plain.cliffs(), pairs);
        rows = new MachineRows(isa, team);
        products = new MachineProducts(isa, team, rows, buffers, weights);
        floatProducts = new FloatProducts(isa, team, buffers, weights);
        transposed = new TransposedProducts(team, floatProducts, rows, buffers);
        gates = new MachineGate(isa, team);
        experts = new MachineExperts(products, rows, gates, buffers, weights, plain, precision);
        attention = new MachineAttention(isa, team);
    }

    @Override
    public String description() {
        String what = isa.title() + " machine code";
        String floats = precision.exact() ? ", activations stay F32" : "";
        String threads = ", " + team.size() + (team.size() == 1 ? " thread" : " threads");
        return what + floats + threads + (why.isEmpty() ? "" : " (" + why + ")");
    }

    // ---- tensors

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        Tensor weight = plain.weight(type, shape, blocks);
        if (!(weight instanceof Rows vector)) {
            return weight;
        }
        MemorySegment data = arena.allocate(NativeRows.bytes(1, vector.columns()), Isa.VECTOR);
        NativeRows values = new NativeRows(data, 1, vector.columns());
        values.write(0, 0, vector.data(), 0, vector.columns());
        return values;
    }

    @Override
    public Tensor upload(float[] values, int rowCount, int columns) {
        NativeRows y = buffers.rows(rowCount, columns);
        for (int t = 0; t < rowCount; t++) {
            y.write(t, 0, values, t * columns, columns);
        }
        return y;
    }

    @Override
    public void download(Tensor tensor, int row, float[] target) {
        NativeRows x = activations(tensor);
        x.read(row, 0, target, 0, x.columns());
    }

    @Override
    public void recycle(Tensor... kept) {
        buffers.recycle(kept);
        products.forget();
        plain.recycle(kept);
        if (kept.length == 0) {
            ropeTables.forget();
        }
    }

    // ---- rows and columns

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        Weight weight = matrix(table);
        NativeRows y = buffers.rows(ids.length, weight.in());
        float[] row = new float[weight.in()];
        for (int t = 0; t < ids.length; t++) {
            weight.lookUp(ids[t], row);
            y.write(t, 0, row, 0, row.length);
            weights.lookedUp(weight, 1);
        }
        return y;
    }

    @Override
    public Tensor rows(Tensor tensor, int[] indices) {
        NativeRows x = activations(tensor);
        NativeRows y = buffers.rows(indices.length, x.columns());
        for (int t = 0; t < indices.length; t++) {
            y.rows(t, 1).copyFrom(x.rows(indices[t], 1));
        }
        return y;
    }

    @Override
    public Tensor columns(Tensor tensor, int from, int count) {
        NativeRows x = activations(tensor);
        require(from >= 0 && count >= 0 && from <= x.columns() - count, "columns", x, from);
        NativeRows y = buffers.rows(x.rows(), count);
        long bytes = (long) count * Float.BYTES;
        for (int t = 0; t < x.rows(); t++) {
            long at = x.at(t) + (long) from * Float.BYTES;
            MemorySegment.copy(x.data(), at, y.data(), y.at(t), bytes);
        }
        return y;
    }

    // ---- arithmetic

    @Override
    public Tensor add(Tensor a, Tensor b) {
        NativeRows x = activations(a);
        NativeRows other = activations(b);
        require(x.rows() == other.rows() && x.columns() == other.columns(), "add", x, other);
        NativeRows y = like(x);
        rows.add(x, other, y);
        return y;
    }

    @Override
    public Tensor scale(Tensor tensor, float factor) {
        NativeRows x = activations(tensor);
        NativeRows y = like(x);
        rows.scale(x, factor, y);
        return y;
    }

    @Override
    public Tensor scaleRows(Tensor tensor, float[] factors) {
        NativeRows x = activations(tensor);
        require(x.rows() == factors.length, "scaleRows", x, factors.length);
        NativeRows y = like(x);
        rows.scaleRows(x, factors, y);
        return y;
    }

    @Override
    public Tensor softcap(Tensor tensor, float cap) {
        NativeRows x = activations(tensor);
        NativeRows y = like(x);
        rows.softcap(x, cap, y);
        return y;
    }

    @Override
    public Tensor activate(Activation activation, Tensor tensor) {
        NativeRows x = activations(tensor);
        NativeRows y = like(x);
        gates.apply(activation, x, y);
        return y;
    }

    @Override
    public Tensor gated(Activation activation, Tensor gate, Tensor up) {
        NativeRows g = activations(gate);
        NativeRows u = activations(up);
        require(g.rows() == u.rows() && g.columns() == u.columns(), "gated", g, u);
        NativeRows y = like(g);
        gates.multiply(activation, g, u, y);
        return y;
    }

    // ---- norms

    @Override
    public Tensor rmsNorm(Tensor tensor, Tensor weight, float epsilon) {
        NativeRows x = activations(tensor);
        NativeRows w = vector(weight);
        require(x.columns() % w.columns() == 0, "rmsNorm", x, w);
        if (!MachineRows.canNorm(x.columns(), w.columns())) {
            return offHeap(plain.rmsNorm(onHeap(x), onHeap(w), epsilon));
        }
        NativeRows y = like(x);
        rows.rmsNorm(x, w, epsilon, y);
        return y;
    }

    @Override
    public Tensor layerNorm(Tensor tensor, Tensor weight, @Nullable Tensor bias, float epsilon) {
        NativeRows x = activations(tensor);
        NativeRows w = vector(weight);
        NativeRows b = bias == null ? null : vector(bias);
        require(w.columns() == x.columns(), "layerNorm", x, w);
        require(b == null || b.columns() == x.columns(), "layerNorm", x, b);
        if (!MachineRows.canNorm(x.columns(), w.columns())) {
            return offHeap(
                    plain.layerNorm(onHeap(x), onHeap(w), b == null ? null : onHeap(b), epsilon));
        }
        NativeRows y = like(x);
        rows.layerNorm(x, w, b, epsilon, y);
        return y;
    }

    // ---- products

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return linearAll(x, new Tensor[] {weight}, new Tensor[] {bias})[0];
    }

    @Override
    public Tensor[] linearAll(Tensor tensor, Tensor[] matrices, @Nullable Tensor[] biases) {
        NativeRows x = activations(tensor);
        NativeRows[] results = new NativeRows[matrices.length];
        List<Product> together = new ArrayList<>();
        for (int i = 0; i < matrices.length; i++) {
            Weight w = matrix(matrices[i]);
            require(x.columns() == w.in() && w.experts() == 1, "linear", x, w);
            if (MachineMemory.hasCodes(precision, w.type())) {
                results[i] = buffers.rows(x.rows(), w.out());
                together.add(new Product(x, weights.units(w), results[i]));
            } else if (FloatFormat.has(w.type())) {
                results[i] = buffers.rows(x.rows(), w.out());
                floatProducts.multiply(x, weights.floats(w), results[i]);
            } else {
                reportUnpacked(w.type());
                results[i] = offHeap(plain.linear(onHeap(x), w, null));
            }
        }
        if (!together.isEmpty()) {
            products.multiply(together);
        }
        for (int i = 0; i < results.length; i++) {
            Tensor bias = biases[i];
            if (bias != null) {
                require(vector(bias).columns() == results[i].columns(), "bias", results[i], bias);
                rows.addBias(results[i], vector(bias));
            }
        }
        return results;
    }

    @Override
    public Tensor linearBackward(Tensor tensor, Tensor weight) {
        Weight w = matrix(weight);
        NativeRows g = activations(tensor);
        require(g.columns() == w.out() && w.experts() == 1, "linearBackward", g, w);
        return transposed.multiply(g, w);
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
        return experts.apply(
                activations(tensor),
                activations(router),
                spec,
                matrix(gateWeight),
                matrix(upWeight),
                matrix(downWeight),
                activation);
    }

    @Override
    public Tensor expertLinear(Tensor tensor, int[] chosen, Tensor weight) {
        return experts.each(activations(tensor), chosen, matrix(weight));
    }

    @Override
    public void pack(Collection<Tensor> tensors, LongConsumer done) {
        weights.pack(packable(tensors), done);
    }

    @Override
    public KernelMemory memory(CacheType cache) {
        return new MachineMemory(precision, cache, team.size());
    }

    @Override
    public void leaveMapped(Collection<Tensor> tensors, String reason) {
        List<Weight> mapped = packable(tensors);
        if (!mapped.isEmpty()) {
            cliffs().report(PerformanceCliff.MAPPED_WEIGHTS, reason);
        }
        weights.leaveMapped(mapped);
    }

    /** The matrices that can be packed; what is to be said of the others. */
    private List<Weight> packable(Collection<Tensor> tensors) {
        List<Weight> found = new ArrayList<>();
        for (Tensor tensor : tensors) {
            if (!(tensor instanceof Weight weight)) {
                continue;
            }
            if (MachineMemory.isPacked(precision, weight.type(), weight.experts())) {
                found.addAll(weights.experts(weight));
            } else if (weight.experts() > 1) {
                scalarProducts = true;
                cliffs().report(PerformanceCliff.SCALAR_EXPERTS, weight.type().name());
            } else {
                reportUnpacked(weight.type());
            }
        }
        return found;
    }

    @Override
    public void packApart(Collection<Tensor> tensors, boolean wanted) {
        weights.packApart(packable(tensors), wanted);
    }

    @Override
    public boolean warmUpPays() {
        return !scalarProducts;
    }

    private void reportUnpacked(TensorType type) {
        scalarProducts = true;
        if (Format16.of(type) != null) {
            cliffs().report(PerformanceCliff.F32_ACTIVATIONS, "asked for");
        } else {
            cliffs().report(PerformanceCliff.UNPACKED_TYPE, type.name());
        }
    }

    @Override
    public Cliffs cliffs() {
        return plain.cliffs();
    }

    // ---- attention

    @Override
    public Tensor rope(Tensor tensor, int headLength, Rope rope, int[] positions) {
        NativeRows x = activations(tensor);
        int pairs = rope.frequencies().length;
        require(x.columns() % headLength == 0 && 2 * pairs <= headLength, "rope", x, headLength);
        require(x.rows() == positions.length, "rope", x, positions.length);
        if (!RopeCode.has(rope.pairing(), headLength, pairs)) {
            return offHeap(plain.rope(onHeap(x), headLength, rope, positions));
        }
        NativeRows y = like(x);
        rows.rope(x, headLength, rope, ropeTables.of(rope, positions), y);
        return y;
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new MachinePages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages kvPages, KvRows seen, AttentionSpec spec) {
        if (!(kvPages instanceof MachinePages pages)) {
            throw new IllegalArgumentException("pages of other kernels: " + kvPages.getClass());
        }
        NativeRows query = activations(q);
        NativeRows key = activations(k);
        NativeRows value = activations(v);
        MachineAttention.require(query, key, value, pages.layout(), seen, spec);
        attention.store(key, value, pages, seen);
        NativeRows y = buffers.rows(query.rows(), spec.heads() * pages.layout().valueLength());
        attention.attend(query, pages, seen, spec, y);
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
        plain.close();
        rows.close();
        products.close();
        floatProducts.close();
        transposed.close();
        gates.close();
        attention.close();
        ropeTables.close();
        weights.close();
        buffers.close();
        arena.close();
    }

    // ---- between the two kinds of memory

    private NativeRows like(NativeRows x) {
        return buffers.rows(x.rows(), x.columns());
    }

    private Rows onHeap(NativeRows x) {
        return HeapCopies.of(x, plain);
    }

    private NativeRows offHeap(Tensor tensor) {
        return HeapCopies.back(tensor, buffers);
    }
}
