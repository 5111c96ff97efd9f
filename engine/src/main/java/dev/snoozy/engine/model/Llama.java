package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.RouterSpec.Scoring;
import dev.snoozy.kernels.Tensor;

/**
 * Llama (Touvron et al. 2023), Mistral (Jiang et al. 2023) and, with experts, Mixtral: RMS norm
 * before each half of a layer, rotary positions on adjacent pairs, grouped heads, SwiGLU. InternLM
 * 2 (Cai et al. 2024), ERNIE 4.5 (Baidu 2025) and XVERSE are the same network. Those that differ:
 *
 * <ul>
 *   <li>{@code mistral3} may scale its queries by the logarithm of their position;
 *   <li>{@code deepseek} (Dai et al. 2024) and {@code bailingmoe} (Ling, Ant Group 2025) may begin
 *       with layers without experts, and the weights of those chosen do not sum to one;
 *   <li>{@code ernie4_5-moe} (Baidu 2025) may have experts in every few layers only;
 *   <li>{@code granite} and {@code granitemoe} (IBM 2024) and {@code minicpm} (Hu et al. 2024) have
 *       {@link Multipliers};
 *   <li>{@code smollm3} (Hugging Face 2025) turns nothing in every fourth layer (NoPE, Yang et al.
 *       2025), Granite in none where its file says so;
 *   <li>{@code baichuan} (Yang et al. 2023) has no positions but ALiBi in its model of 40 layers,
 *       which nothing in the file tells;
 *   <li>{@code arcee} (Arcee AI 2025) has a plain feed-forward network with a squared ReLU.
 * </ul>
 */
final class Llama implements Transformer {
    private static final int BAICHUAN_13B_LAYERS = 40;
    private static final float ALIBI = 8;

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final AttentionTemperature temperature;
    private final Multipliers multipliers;
    private final int unturned; // every so many layers one without positions; 0 for none

    Llama(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        rope = Ropes.of(config, Rope.Pairing.ADJACENT, Ropes.factors(config, weights));
        boolean alibi = alibi(config);
        attention = alibi ? Attention.alibi(config, ALIBI) : Attention.spec(config);
        temperature = AttentionTemperature.of(config);
        multipliers = Multipliers.of(config);
        unturned = alibi ? 1 : unturned(config);
    }

    private static boolean alibi(ModelConfig config) {
        return config.architecture().equals("baichuan") && config.layers() == BAICHUAN_13B_LAYERS;
    }

    private static int unturned(ModelConfig config) {
        return switch (config.architecture()) {
            case "smollm3" -> 4;
            case "granite", "granitemoe" -> config.flag("rope.scaling.finetuned", true) ? 0 : 1;
            default -> 0;
        };
    }

    private FeedForward feedForward(Weights w, int i) {
        if (config.integer("expert_count", 0) > 0 && isMixed(i)) {
            return switch (config.architecture()) {
                case "deepseek", "bailingmoe" ->
                        Mixture.of(w, config, i, Activation.SILU, false, Scoring.SOFTMAX);
                default -> Mixture.of(w, config, i, Activation.SILU, true, Scoring.SOFTMAX);
            };
        }
        return config.architecture().equals("arcee")
                ? FeedForward.Plain.of(w, config, i, Activation.RELU_SQUARED)
                : FeedForward.Gated.of(w, config, i, Activation.SILU);
    }

    private boolean isMixed(int layer) {
        int step = Math.max(1, config.integer("interleave_moe_layer_step", 1));
        return layer >= config.integer("leading_dense_block_count", 0) && (layer + 1) % step == 0;
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + "ffn_norm.weight", n),
                feedForward(w, i));
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
        x = Multipliers.scale(k, x, multipliers.embedding());
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            Tensor[] qkv = layer.qkv.apply(k, h);
            Tensor query = qkv[0];
            Tensor key = qkv[1];
            if (unturned == 0 || (i + 1) % unturned != 0) {
                query = k.rope(query, config.keyLength(), rope, positions);
                key = k.rope(key, config.keyLength(), rope, positions);
            }
            query = temperature.apply(k, query, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            h = layer.output.apply(k, h);
            x = k.add(x, Multipliers.scale(k, h, multipliers.residual()));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            h = layer.feedForward.apply(k, h);
            x = k.add(x, Multipliers.scale(k, h, multipliers.residual()));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        Kernels k = batch.kernels();
        Tensor scores = embeddings.scores(k, hidden);
        return Multipliers.scale(k, scores, multipliers.logits());
    }
}
