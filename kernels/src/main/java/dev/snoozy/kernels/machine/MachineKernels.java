package dev.snoozy.kernels.machine;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;

/**
 * Kernels whose products and attention are machine code, assembled for this processor when they are
 * made; all else is the scalar way. Beside quantized weights activations are rounded to 8 bit,
 * unless they are to stay F32: then such products are scalar too. A weight is packed when it is
 * first multiplied with, since some are only looked up in.
 */
public final class MachineKernels implements Kernels {
    private final Isa isa;
    private final ThreadTeam team;
    private final String why;
    private final ScalarKernels plain;
    private final MachineProducts products;
    private final @Nullable MachineAttention attention;
    private final Arena arena = Arena.ofShared();
    private final WeightMemory memory = new WeightMemory(arena);
    private final FloatProducts floatProducts;
    private final MachineGate gates;
    private final Precision precision;
    private final IdentityHashMap<Weight, PackedWeight> packed = new IdentityHashMap<>();
    private final IdentityHashMap<Weight, FloatWeight> packedFloats = new IdentityHashMap<>();

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
        products = new MachineProducts(team, isa);
        floatProducts = new FloatProducts(team, isa);
        gates = new MachineGate(team, isa);
        attention = isa == Isa.VNNI512 ? new MachineAttention(team) : null;
    }

    @Override
    public String description() {
        String what = isa.title() + " machine code";
        String floats = precision == Precision.F32 ? ", activations stay F32" : "";
        String threads = ", " + team.size() + (team.size() == 1 ? " thread" : " threads");
        return what + floats + threads + (why.isEmpty() ? "" : " (" + why + ")");
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (!(weight instanceof Weight w)) {
            return plain.linear(x, weight, bias);
        }
        Format16 format = Format16.of(w.type());
        boolean codes = format != null && precision == Precision.EIGHT_BIT;
        if (!codes && !FloatCode.has(w.type())) {
            return plain.linear(x, weight, bias);
        }
        Rows rows = plain.requireLinear(x, w, bias);
        Rows y = plain.output(rows.rows(), w.out());
        if (format != null) {
            products.multiply(rows.data(), rows.rows(), packed(format, w), y.data());
        } else {
            floatProducts.multiply(rows.data(), rows.rows(), packed(w), y.data());
        }
        return plain.addBias(y, bias);
    }

    private PackedWeight packed(Format16 format, Weight w) {
        PackedWeight known = packed.get(w);
        if (known == null) {
            known = PackedWeight.of(format, w.out(), w.in(), w.blocks(), team, memory);
            packed.put(w, known);
        }
        return known;
    }

    private FloatWeight packed(Weight w) {
        FloatWeight known = packedFloats.get(w);
        if (known == null) {
            known = FloatWeight.of(w.type(), w.out(), w.in(), w.blocks(), team, memory);
            packedFloats.put(w, known);
        }
        return known;
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
    public void recycle() {
        plain.recycle();
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
    public Tensor add(Tensor a, Tensor b) {
        return plain.add(a, b);
    }

    @Override
    public Tensor scale(Tensor x, float factor) {
        return plain.scale(x, factor);
    }

    @Override
    public Tensor scaleRows(Tensor x, float[] factors) {
        return plain.scaleRows(x, factors);
    }

    @Override
    public Tensor softcap(Tensor x, float cap) {
        return plain.softcap(x, cap);
    }

    @Override
    public Tensor activate(Activation activation, Tensor x) {
        return plain.activate(activation, x);
    }

    @Override
    public Tensor gated(Activation activation, Tensor gate, Tensor up) {
        if (!(gate instanceof Rows g) || !(up instanceof Rows u)) {
            throw new IllegalArgumentException("activations of other kernels");
        }
        if (g.rows() != u.rows() || g.columns() != u.columns()) {
            throw new IllegalArgumentException("gated: " + g + " does not fit " + u);
        }
        Rows y = plain.output(g.rows(), g.columns());
        gates.multiply(activation, g.data(), u.data(), y.data(), g.rows() * g.columns());
        return y;
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, float epsilon) {
        return plain.rmsNorm(x, weight, epsilon);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, @Nullable Tensor bias, float epsilon) {
        return plain.layerNorm(x, weight, bias, epsilon);
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
        return plain.experts(x, router, spec, gate, up, down, activation);
    }

    @Override
    public Tensor rope(Tensor x, int headLength, Rope rope, int[] positions) {
        return plain.rope(x, headLength, rope, positions);
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength) {
        return attention == null
                ? plain.kvPages(kvHeads, keyLength, valueLength)
                : new MachinePages(kvHeads, keyLength, valueLength);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages kvPages, KvRows rows, AttentionSpec spec) {
        if (attention == null) {
            return plain.attention(q, k, v, kvPages, rows, spec);
        }
        if (!(kvPages instanceof MachinePages pages)
                || !(q instanceof Rows query)
                || !(k instanceof Rows key)
                || !(v instanceof Rows value)) {
            throw new IllegalArgumentException("pages or activations of other kernels");
        }
        boolean fits =
                query.columns() == spec.heads() * pages.keyLength()
                        && key.columns() == spec.kvHeads() * pages.keyLength()
                        && value.columns() == spec.kvHeads() * pages.valueLength()
                        && spec.kvHeads() == pages.kvHeads()
                        && query.rows() == rows.size()
                        && key.rows() == rows.size()
                        && value.rows() == rows.size();
        if (!fits) {
            throw new IllegalArgumentException(
                    "attention: " + query + ", " + key + ", " + value + " do not fit " + spec);
        }
        MachineAttention.store(key, value, pages, rows);
        Rows y = plain.output(query.rows(), spec.heads() * pages.valueLength());
        attention.attend(query, pages, rows, spec, y);
        return y;
    }

    @Override
    public void close() {
        plain.close();
        products.close();
        floatProducts.close();
        gates.close();
        if (attention != null) {
            attention.close();
        }
        arena.close();
    }
}
