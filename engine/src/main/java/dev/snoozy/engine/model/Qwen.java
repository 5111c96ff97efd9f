package dev.snoozy.engine.model;

import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

/**
 * Qwen 2 and 2.5 (Yang et al. 2024) and Qwen 3 (2025): as Llama, with rotary positions on halves; 2
 * has biases on queries, keys and values, 3 a norm over each head of queries and keys instead.
 * Architecture names {@code qwen2} and {@code qwen3}; also the embedding models of these names.
 *
 * <p>{@code qwen2vl} and {@code qwen3vl} are the language halves of the models that see: every
 * token of a text has the same position along all axes, which turns it as one position does. {@code
 * seed_oss} (ByteDance 2025) is Qwen 2 with a norm of another name; {@code exaone} (LG AI Research
 * 2024) is without its biases; {@code hunyuan-dense} (Tencent 2025) is Qwen 3 with the norms of the
 * heads after they are turned.
 *
 * <p>With experts: {@code qwen2moe}, {@code qwen3moe}, {@code qwen3vlmoe} and {@code hunyuan-moe};
 * {@code olmoe} (Muennighoff et al. 2024) and {@code minimax-m2} (MiniMax 2025), whose norms are
 * over all heads together; {@code bailingmoe2} (Ling 2.0, Ant Group 2025), {@code glm4moe} (GLM
 * 4.5, Zhipu AI 2025) and {@code dots1} (rednote 2025), which begin with layers without them, as
 * does {@code exaone-moe} (LG AI Research 2026), which turns nothing in every fourth layer, the one
 * that sees everything, while the others have a window.
 *
 * <p>{@code apertus} (Swiss AI 2025) is Qwen 3 with {@link Xielu}.
 */
final class Qwen implements Transformer {
    private static final int PERIOD = 4;

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Projection qkv,
            @Nullable Tensor qNorm, // [keyLength]
            @Nullable Tensor kNorm, // [keyLength]
            Linear output, // [embedding, heads * valueLength]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final Rope rope;
    private final AttentionSpec attention;
    private final boolean turnsFirst;
    private final int @Nullable [] windows; // null where all layers see as far, and turn

    Qwen(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        attention = Attention.spec(config);
        turnsFirst = config.architecture().startsWith("hunyuan");
        windows =
                config.architecture().equals("exaone-moe")
                        ? Windows.lastOfEach(config, PERIOD)
                        : null;
        float[] factors = Ropes.factors(config, weights);
        rope =
                windows == null
                        ? Ropes.of(config, Rope.Pairing.HALVES, factors)
                        : Ropes.sliding(config, Rope.Pairing.HALVES, factors);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        Lengths norms = norms(w, name);
        String second =
                switch (config.architecture()) {
                    case "seed_oss", "glm4moe" -> "post_attention_norm.weight";
                    default -> "ffn_norm.weight";
                };
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                Projection.of(w, config, i),
                norms.q == 0 ? null : w.vector(name + "attn_q_norm.weight", norms.q),
                norms.k == 0 ? null : w.vector(name + "attn_k_norm.weight", norms.k),
                w.linear(name + "attn_output", n, config.attentionColumns()),
                w.vector(name + second, n),
                feedForward(w, i));
    }

    /** Lengths of the norms of queries and keys; 0 where there are none. */
    private record Lengths(int q, int k) {}

    private Lengths norms(Weights w, String name) {
        int head = config.keyLength();
        return switch (config.architecture()) {
            case "qwen3",
                    "qwen3vl",
                    "qwen3moe",
                    "qwen3vlmoe",
                    "hunyuan-dense",
                    "hunyuan-moe",
                    "bailingmoe2",
                    "dots1",
                    "exaone-moe",
                    "apertus" ->
                    new Lengths(head, head);
            case "glm4moe" ->
                    w.has(name + "attn_q_norm.weight")
                            ? new Lengths(head, head)
                            : new Lengths(0, 0);
            case "olmoe", "minimax-m2" -> new Lengths(config.queryColumns(), config.keyColumns());
            default -> new Lengths(0, 0);
        };
    }

    private FeedForward feedForward(Weights w, int i) {
        boolean mixed =
                switch (config.architecture()) {
                    case "qwen2moe",
                            "qwen3moe",
                            "qwen3vlmoe",
                            "olmoe",
                            "hunyuan-moe",
                            "minimax-m2" ->
                            true;
                    case "bailingmoe2", "glm4moe", "dots1", "exaone-moe" ->
                            i >= config.integer("leading_dense_block_count", 0);
                    default -> false;
                };
        boolean normalizes =
                switch (config.architecture()) {
                    case "qwen3moe", "qwen3vlmoe", "hunyuan-moe", "minimax-m2" -> true;
                    default -> false;
                };
        if (config.architecture().equals("apertus")) {
            return Xielu.of(w, config, i);
        }
        return mixed
                ? Mixture.of(w, config, i, Activation.SILU, normalizes)
                : FeedForward.Gated.of(w, config, i, Activation.SILU);
    }

    @Override
    public CachePlan cachePlan() {
        return windows == null
                ? Attention.cachePlan(config)
                : Attention.cachePlan(config, windows, true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            Tensor[] qkv = layer.qkv.apply(k, h);
            boolean turns = windows == null || windows[i] > 0;
            Tensor query = turned(k, qkv[0], layer.qNorm, turns, positions);
            Tensor key = turned(k, qkv[1], layer.kNorm, turns, positions);
            h = batch.attention(i, query, key, qkv[2], attention); // [tokens, heads * valueLength]
            x = k.add(x, layer.output.apply(k, h));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    /** Queries or keys with their norm, turned by their positions. */
    private Tensor turned(
            Kernels k, Tensor x, @Nullable Tensor norm, boolean turns, int[] positions) {
        if (!turns) {
            return Attention.norm(k, x, norm, config);
        }
        int length = config.keyLength();
        return turnsFirst
                ? Attention.norm(k, k.rope(x, length, rope, positions), norm, config)
                : k.rope(Attention.norm(k, x, norm, config), length, rope, positions);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
