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
 * @param rates of each head of values
 * @param norm {@code [valueLength]}
 * @param out {@code [embedding, valueHeads * valueLength]}
 */
record DeltaNet(
        Linear qkv,
        Linear gate,
        Rates rates,
        ShortConvolution convolution,
        DeltaSpec spec,
        Tensor norm,
        Linear out,
        float epsilon)
        implements Mixer {
    /** How fast each head of values fades, and how much it learns. */
    sealed interface Rates {
        /** {@code x [rows, embedding]} → steps and betas {@code [rows, valueHeads]}. */
        Tensor[] apply(Kernels k, Tensor x);
    }

    /** A map {@code [valueHeads, embedding]} for each. */
    private record Apart(Linear step, Linear beta) implements Rates {
        @Override
        public Tensor[] apply(Kernels k, Tensor x) {
            return Linear.applyAll(k, x, step, beta);
        }
    }

    /**
     * One map (Qwen 3 Next).
     *
     * @param both {@code [2 * valueHeads, embedding]}: of each key head first the betas of the heads
     *     of values that use it, then their steps
     * @param shared heads of values that use a key head
     */
    private record Joined(Linear both, int shared) implements Rates {
        @Override
        public Tensor[] apply(Kernels k, Tensor x) {
            Tensor y = both.apply(k, x);
            return new Tensor[] {
                k.headColumns(y, 2 * shared, shared, shared), k.headColumns(y, 2 * shared, 0, shared)
            };
        }
    }

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
        boolean joined = config.architecture().equals("qwen3next");
        return new DeltaNet(
                w.linear(name + "attn_qkv", convolved, n),
                w.linear(name + "attn_gate", inner, n),
                joined
                        ? new Joined(
                                w.linear(name + "ssm_ba", 2L * valueHeads, n),
                                valueHeads / keyHeads)
                        : new Apart(
                                w.linear(name + "ssm_alpha", valueHeads, n),
                                w.linear(name + "ssm_beta", valueHeads, n)),
                ShortConvolution.of(w, name + "ssm_conv1d", convolved, width),
                new DeltaSpec(
                        keyHeads,
                        valueHeads,
                        keyLength,
                        inner / valueHeads,
                        w.values(name + "ssm_dt.bias", valueHeads),
                        w.values(name + "ssm_a", valueHeads),
                        config.epsilon(),
                        joined),
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
        Tensor[] all = Linear.applyAll(k, x, qkv, gate);
        Tensor[] speeds = rates.apply(k, x);
        int keys = spec.keyHeads() * spec.keyLength();
        Tensor h = k.activate(Activation.SILU, convolution.apply(batch, layer, all[0]));
        h =
                k.deltaRule(
                        k.columns(h, 0, keys),
                        k.columns(h, keys, keys),
                        k.columns(h, 2 * keys, h.columns() - 2 * keys),
                        speeds[0],
                        speeds[1],
                        spec,
                        batch.states(layer),
                        convolution.stateLength(),
                        batch.runs());
        h = k.gated(Activation.SILU, all[1], k.rmsNorm(h, norm, epsilon));
        return out.apply(k, h); // [rows, embedding]
    }
}
