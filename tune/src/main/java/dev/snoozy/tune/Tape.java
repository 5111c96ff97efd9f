package dev.snoozy.tune;

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
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Kernels that record what a network computes, so that gradients can be carried back: the
 * architecture code runs as it does in the engine, and each operation has one backward here. For
 * weights that are trained the adapters' deltas are added. The base is frozen: gradients go to the
 * activations and the adapters, not to weights.
 */
final class Tape implements Kernels {
    private final Gradients gradients;
    private final Kernels kernels;
    private final Recording recording;
    private final Map<Tensor, Lora> adapters = new IdentityHashMap<>();
    private final Map<Rope, Rope> backwards = new IdentityHashMap<>();
    private double dropout;
    private long seed;
    private int deltas;
    private long operations;

    /** An empty tape. */
    Tape(Gradients gradients) {
        this.gradients = gradients;
        kernels = gradients.kernels();
        recording = new Recording(kernels);
    }

    /** Trains the matrices of a weight from now on. */
    void adapt(Tensor weight, Lora lora) {
        adapters.put(weight, lora);
    }

    /**
     * Forgets what was recorded and begins anew.
     *
     * @param probability of an element of an adapter's input to be dropped
     * @param dropoutSeed of this pass
     * @param room bytes for what is kept of layers; see {@link Recording#begin}
     */
    void begin(double probability, long dropoutSeed, long room) {
        recording.begin(room);
        dropout = probability;
        seed = dropoutSeed;
        deltas = 0;
    }

    Recording recording() {
        return recording;
    }

    /**
     * Operations of all products so far, two for each multiplication with its addition, by their
     * shapes: those with weights {@code 2 rows in out}, and again for the gradient of their input
     * where one is wanted; those of adapters likewise, and for the gradients of A and B. What is
     * computed a second time for the backward is not counted, nor are attention, norms and what
     * goes element by element.
     */
    long operations() {
        return operations;
    }

    // ---- products and adapters

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return linearAll(x, new Tensor[] {weight}, new Tensor[] {bias})[0];
    }

    @Override
    public Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        @Nullable Lora[] loras = new Lora[weights.length];
        long[] seeds = new long[weights.length];
        boolean trained = false;
        for (int i = 0; i < weights.length; i++) {
            Lora lora = adapters.get(weights[i]);
            if (lora != null) {
                loras[i] = lora;
                seeds[i] = seed + 0x5851F42DL * ++deltas;
                trained = true;
            }
        }
        count(x.rows(), weights, loras);
        double probability = dropout;
        @Nullable Tensor[] early = biases.clone(); // a bias comes after magnitudes
        for (int i = 0; i < early.length; i++) {
            early[i] = hasMagnitude(loras[i]) ? null : biases[i];
        }
        Recording.Forward forward =
                in -> {
                    Tensor[] y = kernels.linearAll(in[0], weights, early);
                    for (int i = 0; i < y.length; i++) {
                        Lora lora = loras[i];
                        if (lora != null) {
                            Tensor dropped = dropped(in[0], probability, seeds[i]);
                            y[i] = kernels.add(y[i], gradients.delta(lora, dropped));
                            y[i] =
                                    hasMagnitude(lora)
                                            ? gradients.magnify(lora, y[i], biases[i])
                                            : y[i];
                        }
                    }
                    return y;
                };
        Recording.Backward backward =
                (in, out, given, wanted) -> {
                    @Nullable Tensor[] g = given.clone();
                    for (int i = 0; i < g.length; i++) {
                        Lora lora = loras[i];
                        Tensor gi = g[i];
                        if (gi != null && lora != null && hasMagnitude(lora)) {
                            g[i] = gradients.magnifyBackward(lora, gi, out[i], biases[i]);
                        }
                    }
                    countBackward(g, weights, loras, wanted[0]);
                    Tensor sum = wanted[0] ? transposed(g, weights) : null;
                    for (int i = 0; i < g.length; i++) {
                        Tensor gi = g[i];
                        Lora lora = loras[i];
                        if (gi != null && lora != null) {
                            Tensor dropped = dropped(in[0], probability, seeds[i]);
                            Tensor part = gradients.deltaBackward(lora, gi, dropped, wanted[0]);
                            if (part != null && sum != null) {
                                sum = kernels.add(sum, dropped(part, probability, seeds[i]));
                            }
                        }
                    }
                    return new Tensor[] {sum};
                };
        return trained
                ? recording.recordTrained(forward, backward, x)
                : recording.record(forward, backward, x);
    }

    private void count(long rows, Tensor[] weights, @Nullable Lora[] loras) {
        for (int i = 0; i < weights.length; i++) {
            operations += 2 * rows * weights[i].rows() * weights[i].columns();
            Lora lora = loras[i];
            if (lora != null) {
                operations += 2 * rows * lora.rank() * (lora.in() + lora.out());
            }
        }
    }

    private void countBackward(
            @Nullable Tensor[] g, Tensor[] weights, @Nullable Lora[] loras, boolean wanted) {
        for (int i = 0; i < g.length; i++) {
            Tensor gi = g[i];
            if (gi == null) {
                continue;
            }
            long rows = gi.rows();
            operations += wanted ? 2 * rows * weights[i].rows() * weights[i].columns() : 0;
            Lora lora = loras[i];
            if (lora != null) { // A and B, what is between them, and the input
                long columns = 2L * lora.out() + lora.in() + (wanted ? lora.in() : 0);
                operations += 2 * rows * lora.rank() * columns;
            }
        }
    }

    private static boolean hasMagnitude(@Nullable Lora lora) {
        return lora != null && lora.hasMagnitude();
    }

    private @Nullable Tensor transposed(@Nullable Tensor[] g, Tensor[] weights) {
        Tensor sum = null;
        for (int i = 0; i < g.length; i++) {
            Tensor gi = g[i];
            if (gi != null) {
                Tensor part = kernels.linearBackward(gi, weights[i]);
                sum = sum == null ? part : kernels.add(sum, part);
            }
        }
        return sum;
    }

    /** The input of an adapter, or its gradient. */
    private Tensor dropped(Tensor x, double probability, long mine) {
        return probability > 0 ? gradients.dropout(x, probability, mine) : x;
    }

    @Override
    public Tensor linearBackward(Tensor g, Tensor weight) {
        throw new UnsupportedOperationException("a gradient of a gradient");
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
        throw noBackward("experts");
    }

    @Override
    public Tensor expertLinear(Tensor x, int[] experts, Tensor weights) {
        throw noBackward("expertLinear");
    }

    /** What is computed in plain Java, outside of the tape, would lose its gradient. */
    @Override
    public float[] downloadAll(Tensor x) {
        throw noBackward("of plain Java or recurrence");
    }

    private static UnsupportedOperationException noBackward(String operation) {
        return new UnsupportedOperationException("the operation " + operation + " has no backward");
    }

    // ---- the rest, each with its backward

    private interface OneForward {
        Tensor apply(Tensor in);
    }

    private interface OneBackward {
        Tensor apply(Tensor in, Tensor out, Tensor g);
    }

    /** An operation with one input and one output. */
    private Tensor one(OneForward forward, OneBackward backward, Tensor x) {
        return recording
                .record(
                        in -> new Tensor[] {forward.apply(in[0])},
                        (in, out, g, wanted) ->
                                new Tensor[] {backward.apply(in[0], out[0], Recording.only(g))},
                        x)[0];
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        return recording
                .record(
                        in -> new Tensor[] {kernels.embed(table, ids)},
                        (in, out, g, wanted) -> new Tensor[0])[0];
    }

    @Override
    public Tensor rows(Tensor x, int[] indices) {
        return one(
                in -> kernels.rows(in, indices),
                (in, out, g) -> gradients.rows(g, indices, in.rows()),
                x);
    }

    @Override
    public Tensor columns(Tensor x, int from, int count) {
        return one(
                in -> kernels.columns(in, from, count),
                (in, out, g) -> gradients.columns(g, from, in.columns()),
                x);
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return recording
                .record(
                        in -> new Tensor[] {kernels.add(in[0], in[1])},
                        (in, out, g, wanted) -> new Tensor[] {Recording.only(g), Recording.only(g)},
                        a,
                        b)[0];
    }

    @Override
    public Tensor addRows(Tensor y, int[] indices, Tensor delta) {
        throw noBackward("addRows");
    }

    @Override
    public Tensor scale(Tensor x, float factor) {
        return one(in -> kernels.scale(in, factor), (in, out, g) -> kernels.scale(g, factor), x);
    }

    @Override
    public Tensor scaleRows(Tensor x, float[] factors) {
        return one(
                in -> kernels.scaleRows(in, factors),
                (in, out, g) -> kernels.scaleRows(g, factors),
                x);
    }

    @Override
    public Tensor softcap(Tensor x, float cap) {
        return one(
                in -> kernels.softcap(in, cap), (in, out, g) -> gradients.softcap(g, out, cap), x);
    }

    @Override
    public Tensor activate(Activation activation, Tensor x) {
        return one(
                in -> kernels.activate(activation, in),
                (in, out, g) -> gradients.activate(activation, g, in),
                x);
    }

    @Override
    public Tensor gated(Activation activation, Tensor gate, Tensor up) {
        return recording
                .record(
                        in -> new Tensor[] {kernels.gated(activation, in[0], in[1])},
                        (in, out, g, wanted) ->
                                gradients.gated(activation, Recording.only(g), in[0], in[1]),
                        gate,
                        up)[0];
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, float epsilon) {
        return one(
                in -> kernels.rmsNorm(in, weight, epsilon),
                (in, out, g) -> gradients.rmsNorm(g, in, weight, epsilon),
                x);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, @Nullable Tensor bias, float epsilon) {
        return one(
                in -> kernels.layerNorm(in, weight, bias, epsilon),
                (in, out, g) -> gradients.layerNorm(g, in, weight, epsilon),
                x);
    }

    /** The rotation is orthogonal: its backward turns the other way. */
    @Override
    public Tensor rope(Tensor x, int headLength, Rope rope, int[] positions) {
        Rope back = backwards.computeIfAbsent(rope, Tape::backwards);
        return one(
                in -> kernels.rope(in, headLength, rope, positions),
                (in, out, g) -> kernels.rope(g, headLength, back, positions),
                x);
    }

    private static Rope backwards(Rope rope) {
        float[] frequencies = rope.frequencies().clone();
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = -frequencies[i];
        }
        return new Rope(rope.pairing(), frequencies, rope.magnitude());
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return kernels.kvPages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages pages, KvRows rows, AttentionSpec spec) {
        return recording
                .record(
                        in ->
                                new Tensor[] {
                                    kernels.attention(in[0], in[1], in[2], pages, rows, spec)
                                },
                        (in, out, g, wanted) ->
                                gradients.attention(
                                        Recording.only(g), out[0], in[0], in[1], in[2], rows, spec),
                        q,
                        k,
                        v)[0];
    }

    /** The end of a layer, where the backward may begin to compute again. */
    @Override
    public void recycle(Tensor... kept) {
        recording.boundary(Arrays.asList(kept));
    }

    // ---- as they are

    @Override
    public String description() {
        return kernels.description() + ", recorded";
    }

    @Override
    public Cliffs cliffs() {
        return kernels.cliffs();
    }

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        return kernels.weight(type, shape, blocks);
    }

    @Override
    public Tensor upload(float[] values, int rows, int columns) {
        return kernels.upload(values, rows, columns);
    }

    @Override
    public void download(Tensor tensor, int row, float[] target) {
        kernels.download(tensor, row, target);
    }

    @Override
    public void close() {
        kernels.close();
    }
}
