package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ScanSpec;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * The mixer of Mamba 2 (Dao and Gu 2024): as the first, but heads of channels fade together, what
 * is written and read comes from the input directly and is shared by groups of heads, and a norm
 * over each group stands behind the gate.
 *
 * @param in {@code [2 * inner + 2 * groups * stateLength + heads, embedding]}: the gate, the input,
 *     what is written, what is read, the steps
 * @param convolution over the input, what is written and what is read
 * @param norm {@code [inner / groups]} of ones, or null where there is no norm (Falcon H1)
 * @param factors {@code [inner]}, of the norm
 * @param out {@code [embedding, inner]}
 */
record Mamba2Mixer(
        Linear in,
        ShortConvolution convolution,
        ScanSpec scan,
        @Nullable Tensor norm,
        float[] factors,
        Linear out,
        float epsilon)
        implements Mixer {
    static Mamba2Mixer of(Weights weights, ModelConfig config, int layer) {
        String name = "blk." + layer + ".ssm_";
        int inner = config.size("ssm.inner_size", ModelConfig.LARGEST);
        int state = config.size("ssm.state_size", ModelConfig.LARGEST);
        int heads = config.size("ssm.time_step_rank", ModelConfig.LARGEST);
        int groups = config.size("ssm.group_count", ModelConfig.LARGEST);
        int width = config.size("ssm.conv_kernel", ShortConvolution.WIDEST);
        config.requireDivisor("ssm.time_step_rank", inner);
        config.requireDivisor("ssm.group_count", heads);
        int convolved = Math.addExact(inner, Math.multiplyExact(2 * groups, state));
        boolean normed =
                !config.architecture().equals("falcon-h1") || weights.has(name + "norm.weight");
        float[] factors =
                normed
                        ? weights.tableValues(name + "norm.weight", groups, inner / groups)
                        : new float[0];
        return new Mamba2Mixer(
                weights.linear(name + "in", (long) inner + convolved + heads, config.embedding()),
                ShortConvolution.of(weights, name + "conv1d", convolved, width),
                new ScanSpec(
                        heads,
                        inner / heads,
                        state,
                        groups,
                        weights.values(name + "dt.bias", heads),
                        weights.tableValues(name + "a", heads, 1),
                        weights.tableValues(name + "d", heads, 1)),
                normed ? weights.ones(inner / groups) : null,
                factors,
                weights.linear(name + "out", config.embedding(), inner),
                config.epsilon());
    }

    @Override
    public int stateLength() {
        return convolution.stateLength() + scan.length();
    }

    @Override
    public Tensor apply(Batch batch, int layer, Tensor x) {
        Kernels k = batch.kernels();
        int inner = scan.heads() * scan.headLength();
        int shared = scan.groups() * scan.stateLength();
        Tensor all = in.apply(k, x);
        Tensor gate = k.columns(all, 0, inner);
        Tensor h = k.columns(all, inner, inner + 2 * shared);
        h = k.activate(Activation.SILU, convolution.apply(batch, layer, h));
        h =
                k.scan(
                        k.columns(h, 0, inner),
                        k.columns(all, 2 * (inner + shared), scan.heads()),
                        k.columns(h, inner, shared),
                        k.columns(h, inner + shared, shared),
                        scan,
                        batch.states(layer),
                        convolution.stateLength(),
                        batch.runs());
        h = k.gated(Activation.SILU, gate, h);
        return out.apply(
                k, norm == null ? h : k.scaleColumns(k.rmsNorm(h, norm, epsilon), factors));
    }
}
