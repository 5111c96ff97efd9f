package dev.snoozy.engine.model;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

/** The maps to queries, keys and values: one matrix for all three, or three of them. */
sealed interface Projection {
    /** The maps of a layer, as its file has them: {@code attn_qkv}, or {@code attn_q} and so on. */
    static Projection of(Weights weights, ModelConfig config, int layer) {
        String name = "blk." + layer + ".attn_";
        int n = config.embedding();
        int q = config.queryColumns();
        int k = config.keyColumns();
        int v = config.valueColumns();
        if (weights.has(name + "qkv.weight")) {
            return new Fused(weights.linear(name + "qkv", (long) q + k + v, n), q, k, v);
        }
        return new Apart(
                weights.linear(name + "q", q, n),
                weights.linear(name + "k", k, n),
                weights.linear(name + "v", v, n));
    }

    /**
     * {@code x [rows, embedding]} → queries {@code [rows, heads * keyLength]}, keys {@code [rows,
     * kvHeads * keyLength]} and values {@code [rows, kvHeads * valueLength]}.
     */
    Tensor[] apply(Kernels kernels, Tensor x);

    /**
     * One matrix, the queries of all heads first, then the keys, then the values.
     *
     * @param all {@code [q + k + v, embedding]}
     * @param q columns of the queries
     * @param k columns of the keys
     * @param v columns of the values
     */
    record Fused(Linear all, int q, int k, int v) implements Projection {
        @Override
        public Tensor[] apply(Kernels kernels, Tensor x) {
            Tensor y = all.apply(kernels, x);
            return new Tensor[] {
                kernels.columns(y, 0, q), kernels.columns(y, q, k), kernels.columns(y, q + k, v)
            };
        }
    }

    /** A matrix for each. */
    record Apart(Linear q, Linear k, Linear v) implements Projection {
        @Override
        public Tensor[] apply(Kernels kernels, Tensor x) {
            return Linear.applyAll(kernels, x, q, k, v);
        }
    }
}
