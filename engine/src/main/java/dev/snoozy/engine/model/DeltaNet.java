package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.DeltaSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/**
 * A gated delta rule (Yang et al. 2024) over queries, keys and values that went through a short
 * convolution.
 *
 * @param qkv {@code [2 * keyHeads * keyLength + valueHeads * valueLength, embedding]}
 * @param gate {@code [valueHeads * valueLength, embedding]}
 * @param step {@code [valueHeads, embedding]}
 * @param beta {@code [valueHeads, embedding]}
 * @param norm {@code [valueLength]}
 * @param out {@code [embedding, valueHeads * valueLength]}
 */
record DeltaNet(
        Linear qkv,
        Linear gate,
        Linear step,
        Linear beta,
        ShortConvolution convolution,
        DeltaSpec spec,
        Tensor norm,
        Linear out,
        float epsilon)
        implements Mixer {
    static DeltaNet of(Weights w, ModelConfig config, int layer) {
        String name = "blk." + layer + ".";
        int n = config.embedding();
        int inner = config.size("ssm.inner_size", ModelConfig.LARGEST);
        int keyLength = config.size("ssm.state_size", ModelConfig.LARGEST);
        int keyHeads = config.size("ssm.group_count", ModelConfig.LARGEST);
        int valueHeads = config.size("ssm.time_step_rank", ModelConfig.LARGEST);
        int width = config.size("ssm.conv_kernel", ShortConvolution.WIDEST);
        config.requireDivisor("ssm.time_step_rank", inner);
        config.requireDivisor("ssm.group_count", valueHeads);
        int keys = Math.multiplyExact(keyHeads, keyLength);
        int convolved = Math.addExact(2 * keys, inner);
        return new DeltaNet(
                w.linear(name + "attn_qkv", convolved, n),
                w.linear(name + "attn_gate", inner, n),
                w.linear(name + "ssm_alpha", valueHeads, n),
                w.linear(name + "ssm_beta", valueHeads, n),
                ShortConvolution.of(w, name + "ssm_conv1d", convolved, width),
                new DeltaSpec(
                        keyHeads,
                        valueHeads,
                        keyLength,
                        inner / valueHeads,
                        w.values(name + "ssm_dt.bias", valueHeads),
                        w.values(name + "ssm_a", valueHeads),
                        config.epsilon()),
                w.vector(name + "ssm_norm.weight", inner / valueHeads),
                w.linear(name + "ssm_out", n, inner),
                config.epsilon());
    }

    @Override
    public int stateLength() {
        return convolution.stateLength() + spec.length();
    }

    @Override
    public Tensor apply(Batch batch, int layer, Tensor x) {
        Kernels k = batch.kernels();
        Tensor[] all = Linear.applyAll(k, x, qkv, gate, step, beta);
        int keys = spec.keyHeads() * spec.keyLength();
        Tensor h = k.activate(Activation.SILU, convolution.apply(batch, layer, all[0]));
        h =
                k.deltaRule(
                        k.columns(h, 0, keys),
                        k.columns(h, keys, keys),
                        k.columns(h, 2 * keys, h.columns() - 2 * keys),
                        all[2],
                        all[3],
                        spec,
                        batch.states(layer),
                        convolution.stateLength(),
                        batch.runs());
        h = k.gated(Activation.SILU, all[1], k.rmsNorm(h, norm, epsilon));
        return out.apply(k, h); // [rows, embedding]
    }
}
