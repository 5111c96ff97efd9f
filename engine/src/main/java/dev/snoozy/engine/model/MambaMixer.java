package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ScanSpec;
import dev.snoozy.kernels.StatePages;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * The mixer of Mamba (Gu and Dao 2023): a short convolution, then a selective scan whose step, and
 * what it writes and reads, depend on the input; a gate at the end.
 *
 * @param in {@code [2 * inner, embedding]}: the input, then the gate
 * @param convolution over the input
 * @param select {@code [rank + 2 * stateLength, inner]}: a step of low rank, what is written, read
 * @param step {@code [inner, rank]}
 * @param norms of the step, of what is written and of what is read, or null where they have none
 * @param scan one head for each channel
 * @param out {@code [embedding, inner]}
 */
record MambaMixer(
        Linear in,
        ShortConvolution convolution,
        Linear select,
        Linear step,
        @Nullable Norms norms,
        ScanSpec scan,
        Linear out,
        float epsilon)
        implements Mixer {
    /**
     * Norms.
     *
     * @param step {@code [rank]}
     * @param written {@code [stateLength]}
     * @param read {@code [stateLength]}
     */
    record Norms(Tensor step, Tensor written, Tensor read) {
        /** Those of Jamba; of ones where the file asks for some without weights (Falcon Mamba). */
        static @Nullable Norms of(Weights weights, ModelConfig config, String name) {
            int rank = config.size("ssm.time_step_rank", ModelConfig.LARGEST);
            int state = config.size("ssm.state_size", ModelConfig.LARGEST);
            if (config.architecture().equals("jamba")) {
                return new Norms(
                        weights.vector(name + "dt_norm.weight", rank),
                        weights.vector(name + "b_norm.weight", state),
                        weights.vector(name + "c_norm.weight", state));
            }
            Tensor ones = weights.ones(state);
            return config.flag("ssm.dt_b_c_rms", false)
                    ? new Norms(weights.ones(rank), ones, ones)
                    : null;
        }
    }

    static MambaMixer of(Weights weights, ModelConfig config, int layer) {
        String name = "blk." + layer + ".ssm_";
        int inner = config.size("ssm.inner_size", ModelConfig.LARGEST);
        int state = config.size("ssm.state_size", ModelConfig.LARGEST);
        int rank = config.size("ssm.time_step_rank", ModelConfig.LARGEST);
        int width = config.size("ssm.conv_kernel", ShortConvolution.WIDEST);
        return new MambaMixer(
                weights.linear(name + "in", 2L * inner, config.embedding()),
                ShortConvolution.of(weights, name + "conv1d", inner, width),
                weights.linear(name + "x", rank + 2L * state, inner),
                new Linear(weights.matrix(name + "dt.weight", inner, rank), null),
                Norms.of(weights, config, name),
                new ScanSpec(
                        inner,
                        1,
                        state,
                        1,
                        weights.values(name + "dt.bias", inner),
                        weights.tableValues(name + "a", inner, state),
                        weights.values(name + "d", inner)),
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
        StatePages states = batch.states(layer);
        int inner = scan.heads();
        int state = scan.stateLength();
        Tensor both = in.apply(k, x); // [rows, 2 * inner]
        Tensor h = convolution.apply(batch, layer, k.columns(both, 0, inner));
        h = k.activate(Activation.SILU, h);
        Tensor selected = select.apply(k, h); // [rows, rank + 2 * stateLength]
        int rank = selected.columns() - 2 * state;
        Tensor low = k.columns(selected, 0, rank);
        Tensor written = k.columns(selected, rank, state);
        Tensor read = k.columns(selected, rank + state, state);
        if (norms != null) {
            low = k.rmsNorm(low, norms.step, epsilon);
            written = k.rmsNorm(written, norms.written, epsilon);
            read = k.rmsNorm(read, norms.read, epsilon);
        }
        Tensor steps = step.apply(k, low); // [rows, inner]
        int at = convolution.stateLength();
        h = k.scan(h, steps, written, read, scan, states, at, batch.runs());
        return out.apply(k, k.gated(Activation.SILU, k.columns(both, inner, inner), h));
    }
}
