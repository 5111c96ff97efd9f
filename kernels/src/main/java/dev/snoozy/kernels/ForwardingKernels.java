package dev.snoozy.kernels;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.function.LongConsumer;

/** Other kernels as they are, for who changes a few of their operations. */
public abstract class ForwardingKernels implements Kernels {
    private final Kernels kernels;

    /** Forwards to kernels, which are closed with these. */
    protected ForwardingKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String description() {
        return kernels.description();
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
    public void pack(Collection<Tensor> weights, LongConsumer done) {
        kernels.pack(weights, done);
    }

    @Override
    public boolean warmUpPays() {
        return kernels.warmUpPays();
    }

    @Override
    public KernelMemory memory(CacheType cache) {
        return kernels.memory(cache);
    }

    @Override
    public void leaveMapped(Collection<Tensor> weights, String why) {
        kernels.leaveMapped(weights, why);
    }

    @Override
    public void packApart(Collection<Tensor> weights, boolean wanted) {
        kernels.packApart(weights, wanted);
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
    public void recycle(Tensor... kept) {
        kernels.recycle(kept);
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        return kernels.embed(table, ids);
    }

    @Override
    public Tensor rows(Tensor x, int[] indices) {
        return kernels.rows(x, indices);
    }

    @Override
    public Tensor columns(Tensor x, int from, int count) {
        return kernels.columns(x, from, count);
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return kernels.add(a, b);
    }

    @Override
    public Tensor scale(Tensor x, float factor) {
        return kernels.scale(x, factor);
    }

    @Override
    public Tensor scaleRows(Tensor x, float[] factors) {
        return kernels.scaleRows(x, factors);
    }

    @Override
    public Tensor softcap(Tensor x, float cap) {
        return kernels.softcap(x, cap);
    }

    @Override
    public Tensor activate(Activation activation, Tensor x) {
        return kernels.activate(activation, x);
    }

    @Override
    public Tensor gated(Activation activation, Tensor gate, Tensor up) {
        return kernels.gated(activation, gate, up);
    }

    @Override
    public Tensor addRows(Tensor y, int[] indices, Tensor delta) {
        return kernels.addRows(y, indices, delta);
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, float epsilon) {
        return kernels.rmsNorm(x, weight, epsilon);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, @Nullable Tensor bias, float epsilon) {
        return kernels.layerNorm(x, weight, bias, epsilon);
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return kernels.linear(x, weight, bias);
    }

    @Override
    public Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        return kernels.linearAll(x, weights, biases);
    }

    @Override
    public Tensor linearBackward(Tensor g, Tensor weight) {
        return kernels.linearBackward(g, weight);
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
        return kernels.experts(x, router, spec, gate, up, down, activation);
    }

    @Override
    public Tensor expertLinear(Tensor x, int[] experts, Tensor weights) {
        return kernels.expertLinear(x, experts, weights);
    }

    @Override
    public Tensor rope(Tensor x, int headLength, Rope rope, int[] positions) {
        return kernels.rope(x, headLength, rope, positions);
    }

    @Override
    public KvPages kvPages(int kvHeads, int keyLength, int valueLength, CacheType type) {
        return kernels.kvPages(kvHeads, keyLength, valueLength, type);
    }

    @Override
    public Tensor attention(
            Tensor q, Tensor k, Tensor v, KvPages pages, KvRows rows, AttentionSpec spec) {
        return kernels.attention(q, k, v, pages, rows, spec);
    }

    @Override
    public void each(int items, ThreadTeam.Work work) {
        kernels.each(items, work);
    }

    @Override
    public int members() {
        return kernels.members();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
