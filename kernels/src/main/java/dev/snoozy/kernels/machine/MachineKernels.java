package dev.snoozy.kernels.machine;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvPages;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.Cpu.Feature;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Kernels whose products and attention are machine code, assembled for this processor when they are
 * made; all else is the scalar way. Beside quantized weights activations are rounded to 8 bit,
 * unless they are to stay F32: then such products are scalar too. A weight is packed when it is
 * first multiplied with, since some are only looked up in.
 */
public final class MachineKernels implements Kernels {
    private static final Set<Feature> NEEDED =
            EnumSet.of(Feature.AVX512F, Feature.AVX512BW, Feature.AVX512_VNNI);

    private final ThreadTeam team;
    private final ScalarKernels plain;
    private final MachineProducts products;
    private final MachineAttention attention;
    private final Arena arena = Arena.ofShared();
    private final WeightMemory memory = new WeightMemory(arena);
    private final FloatProducts floatProducts;
    private final MachineGate gates;
    private final Precision precision;
    private final IdentityHashMap<Weight, PackedWeight> packed = new IdentityHashMap<>();
    private final IdentityHashMap<Weight, FloatWeight> packedFloats = new IdentityHashMap<>();

    /** Kernels on a team, which is closed with them. */
    public MachineKernels(ThreadTeam team, Precision precision) {
        this.team = team;
        this.precision = precision;
        plain = new ScalarKernels(team);
        products = new MachineProducts(team);
        floatProducts = new FloatProducts(team);
        gates = new MachineGate(team);
        attention = new MachineAttention(Isa.VNNI512, team);
    }

    /** Why these kernels cannot be used here, or null if they can. */
    public static @Nullable String obstacle() {
        Set<Feature> missing = EnumSet.copyOf(NEEDED);
        missing.removeAll(Cpu.features());
        return missing.isEmpty() ? null : "the processor has no " + missing;
    }

    @Override
    public String description() {
        int threads = team.size();
        String what =
                precision == Precision.EIGHT_BIT
                        ? "AVX-512 VNNI machine code"
                        : "AVX-512 machine code, activations stay F32";
        return what + ", " + threads + (threads == 1 ? " thread" : " threads");
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (!(weight instanceof Weight w)) {
            return plain.linear(x, weight, bias);
        }
        Format16 format = Format16.of(w.type());
        boolean codes = format != null && precision == Precision.EIGHT_BIT;
        if (!codes && !Floats512.has(w.type())) {
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
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return new MachinePages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages kvPages, KvRows rows, AttentionSpec spec) {
        if (!(kvPages instanceof MachinePages pages)
                || !(q instanceof Rows query)
                || !(k instanceof Rows key)
                || !(v instanceof Rows value)) {
            throw new IllegalArgumentException("pages or activations of other kernels");
        }
        CacheLayout layout = pages.layout();
        boolean fits =
                query.columns() == spec.heads() * layout.keyLength()
                        && key.columns() == spec.kvHeads() * layout.keyLength()
                        && value.columns() == spec.kvHeads() * layout.valueLength()
                        && spec.kvHeads() == layout.kvHeads()
                        && query.rows() == rows.size()
                        && key.rows() == rows.size()
                        && value.rows() == rows.size();
        if (!fits) {
            throw new IllegalArgumentException(
                    "attention: " + query + ", " + key + ", " + value + " do not fit " + spec);
        }
        Rows y = plain.output(query.rows(), spec.heads() * layout.valueLength());
        try (Arena copies = Arena.ofConfined()) {
            NativeRows out = copy(y, copies);
            attention.store(copy(key, copies), copy(value, copies), pages, rows);
            attention.attend(copy(query, copies), pages, rows, spec, out);
            for (int r = 0; r < y.rows(); r++) {
                out.read(r, 0, y.data(), y.at(r), y.columns());
            }
        }
        return y;
    }

    private static NativeRows copy(Rows x, Arena arena) {
        long bytes = NativeRows.bytes(x.rows(), x.columns());
        NativeRows copy = new NativeRows(arena.allocate(bytes, Isa.VECTOR), x.rows(), x.columns());
        for (int r = 0; r < x.rows(); r++) {
            copy.write(r, 0, x.data(), x.at(r), x.columns());
        }
        return copy;
    }

    @Override
    public void close() {
        plain.close();
        products.close();
        floatProducts.close();
        gates.close();
        attention.close();
        arena.close();
    }
}
