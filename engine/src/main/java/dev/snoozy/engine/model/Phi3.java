package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

/**
 * Phi-3 and Phi-4-mini (Abdin et al. 2024): as Llama with rotary positions on halves, one matrix
 * for queries, keys and values, one for gate and up. LongRoPE (Ding et al. 2024): two tables of
 * divisors, the long one as soon as the context of the run is longer than the original one.
 *
 * <p>The sliding window of the file is applied in every layer, as the model was trained (its
 * published configuration gives the window, and its own code masks by it). The reference engine of
 * 2026 ignores the window, the one of 2025 applied it; without it positions beyond the window are
 * seen that the model never saw in training.
 *
 * <p>{@code phimoe} (Phi 3.5 MoE) has experts, and a bias behind each norm. Its files say that the
 * norms are without a mean, and the reference engine takes them so, with weights of the two experts
 * that sum to one; so does this code.
 */
final class Phi3 implements Transformer {
    /**
     * A norm without a mean.
     *
     * @param weight {@code [embedding]}
     * @param bias {@code [embedding]}, or empty
     */
    private record Norm(Tensor weight, float[] bias, float epsilon) {
        static Norm of(Weights w, ModelConfig config, String name) {
            int n = config.embedding();
            return new Norm(
                    w.vector(name + ".weight", n),
                    isMixture(config) ? w.values(name + ".bias", n) : new float[0],
                    config.epsilon());
        }

        Tensor apply(Kernels k, Tensor x) {
            Tensor y = k.rmsNorm(x, weight, epsilon);
            return bias.length == 0 ? y : k.shiftColumns(y, bias);
        }
    }

    private record Layer(
            Norm attentionNorm,
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            Norm feedForwardNorm,
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Norm outputNorm;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;

    Phi3(ModelConfig config, Weights weights) {
        this.config = config;
        outputNorm = Norm.of(weights, config, "output_norm");
        embeddings = Embeddings.of(config, weights, outputNorm.weight);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.HALVES, Ropes.factors(config, weights));
        attention = Attention.spec(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                Norm.of(w, config, name + "attn_norm"),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                Norm.of(w, config, name + "ffn_norm"),
                isMixture(config)
                        ? Mixture.of(w, config, i, Activation.SILU, true)
                        : FeedForward.Fused.of(w, config, i, Activation.SILU));
    }

    private static boolean isMixture(ModelConfig config) {
        return config.architecture().equals("phimoe");
    }

    @Override
    public CachePlan cachePlan() {
        return Attention.cachePlan(config);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = layer.attentionNorm.apply(k, x);
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = k.rope(qkv[0], config.keyLength(), rope, positions);
            Tensor key = k.rope(qkv[1], config.keyLength(), rope, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = layer.feedForwardNorm.apply(k, x);
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return outputNorm.apply(k, x);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
