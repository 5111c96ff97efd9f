package dev.snoozy.engine.model;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/** The feed-forward half of a layer, in the forms that several families share. */
sealed interface FeedForward
        permits FeedForward.Gated,
                FeedForward.Fused,
                FeedForward.Plain,
                Xielu,
                Mixture,
                GptOss.Experts {
    /** {@code x [rows, embedding]} → {@code [rows, embedding]}. */
    Tensor apply(Kernels kernels, Tensor x);

    /** {@code down(f(gate x) * up x)}. */
    record Gated(Activation activation, Linear gate, Linear up, Linear down)
            implements FeedForward {
        static Gated of(Weights weights, ModelConfig config, int layer, Activation activation) {
            String prefix = "blk." + layer + ".ffn_";
            int n = config.of("feed_forward_length", layer, config.feedForward());
            return new Gated(
                    activation,
                    weights.linear(prefix + "gate", n, config.embedding()),
                    weights.linear(prefix + "up", n, config.embedding()),
                    weights.linear(prefix + "down", config.embedding(), n));
        }

        @Override
        public Tensor apply(Kernels k, Tensor x) {
            Tensor[] both = Linear.applyAll(k, x, gate, up);
            Tensor hidden = k.gated(activation, both[0], both[1]); // [rows, n]
            return down.apply(k, hidden);
        }
    }

    /**
     * A gated one whose file has one matrix for both: {@code down(f(first half) * second half)}.
     *
     * @param gateUp {@code [2 * feedForward, embedding]}, the gate first
     */
    record Fused(Activation activation, Linear gateUp, Linear down) implements FeedForward {
        static Fused of(Weights weights, ModelConfig config, int layer, Activation activation) {
            String prefix = "blk." + layer + ".ffn_";
            int n = config.of("feed_forward_length", layer, config.feedForward());
            return new Fused(
                    activation,
                    weights.linear(prefix + "up", 2L * n, config.embedding()),
                    weights.linear(prefix + "down", config.embedding(), n));
        }

        @Override
        public Tensor apply(Kernels k, Tensor x) {
            Tensor both = gateUp.apply(k, x); // [rows, 2 n]
            int n = both.columns() / 2;
            Tensor hidden = k.gated(activation, k.columns(both, 0, n), k.columns(both, n, n));
            return down.apply(k, hidden);
        }
    }

    /** {@code down(f(up x))}. */
    record Plain(Activation activation, Linear up, Linear down) implements FeedForward {
        static Plain of(Weights weights, ModelConfig config, int layer, Activation activation) {
            String prefix = "blk." + layer + ".ffn_";
            int n = config.of("feed_forward_length", layer, config.feedForward());
            return new Plain(
                    activation,
                    weights.linear(prefix + "up", n, config.embedding()),
                    weights.linear(prefix + "down", config.embedding(), n));
        }

        @Override
        public Tensor apply(Kernels k, Tensor x) {
            return down.apply(k, k.activate(activation, up.apply(k, x)));
        }
    }
}
