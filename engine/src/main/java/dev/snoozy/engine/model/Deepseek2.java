package dev.snoozy.engine.model;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * DeepSeek V2, V3 and R1 (DeepSeek-AI 2024), Kimi K2, Mistral Large 3: multi-head latent attention.
 * Keys and values of all heads are made of one short row for each token, the latent; a part of each
 * key is turned by its position and is the same for all heads. Layers with experts follow a few
 * without.
 *
 * <p>Files come in two layouts. In the newer one ({@code attn_k_b}, {@code attn_v_b}) queries are
 * brought to the latent instead, and only it is remembered: {@code kv_lora_rank + rotated} numbers
 * of a position. In the older one ({@code attn_kv_b}) the keys and values of all heads are made and
 * remembered, many times as many.
 */
final class Deepseek2 implements Transformer {
    /** Queries by way of a row of lower rank, or at once. */
    private record Queries(@Nullable Linear down, @Nullable Tensor norm, Linear up) {
        Tensor apply(Kernels k, Tensor x, float epsilon) {
            return down == null || norm == null
                    ? up.apply(k, x)
                    : up.apply(k, k.rmsNorm(down.apply(k, x), norm, epsilon));
        }
    }

    /**
     * From the latent to heads: either both at once, or a matrix for each head.
     *
     * @param both {@code [heads * (plain + value), rank]}: of each head the key, then the value
     * @param keys {@code [heads, rank, plain]}, which brings queries to the latent
     * @param values {@code [heads, value, rank]}
     */
    private record Heads(@Nullable Linear both, @Nullable Tensor keys, @Nullable Tensor values) {}

    /**
     * YaRN's factors of queries and of keys, for which these models have a rule of their own.
     *
     * @param turned of the columns that are turned
     * @param all of all columns, besides
     */
    private record Stretch(float turned, float all) {
        private static final double USUAL = 0.1;

        static Stretch of(ModelConfig config) {
            double own = config.number("rope.scaling.yarn_log_multiplier", 0);
            double logarithm = Math.log(Math.max(1, config.number("rope.scaling.factor", 1)));
            float attention = config.number("rope.scaling.attn_factor", 1);
            if (!config.string("rope.scaling.type", "none").equals("yarn")) {
                return new Stretch(attention, attention);
            }
            float all = (float) (attention * (1 + (own == 0 ? USUAL : own) * logarithm));
            return new Stretch(own == 0 ? all : attention, all);
        }
    }

    private record Layer(
            Tensor attentionNorm, // [embedding]
            Queries queries, // [heads * (plain + rotated), embedding]
            Linear latent, // [rank + rotated, embedding]
            Tensor latentNorm, // [rank]
            Heads heads,
            Linear output, // [embedding, heads * value]
            Tensor feedForwardNorm, // [embedding]
            FeedForward feedForward) {}

    private final ModelConfig config;
    private final Embeddings embeddings;
    private final Layer[] layers;
    private final int rank; // of the latent
    private final int rotated; // columns of a key that are turned
    private final int plain; // and that are not
    private final int value;
    private final boolean absorbed;
    private final Rope rope;
    private final AttentionSpec attention;
    private final AttentionTemperature temperature;

    Deepseek2(ModelConfig config, Weights weights) {
        this.config = config;
        embeddings = Embeddings.of(config, weights);
        rank = config.size("attention.kv_lora_rank", ModelConfig.LARGEST);
        rotated = Ropes.dimensions(config);
        absorbed = weights.has("blk.0.attn_k_b.weight");
        int key = config.integer("attention.key_length_mla", config.keyLength());
        value = config.integer("attention.value_length_mla", config.valueLength());
        plain = key - rotated;
        if (plain < 1 || value < 1 || (long) config.heads() * key > ModelConfig.LARGEST) {
            throw new ModelException(
                    config.key("attention.key_length")
                            + ": expected more than the "
                            + rotated
                            + " columns that are turned, found "
                            + key);
        }
        layers = new Layer[config.layers()];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = layer(weights, i);
        }
        Rope turned = Ropes.of(config, Rope.Pairing.ADJACENT, Ropes.factors(config, weights));
        Stretch stretch = Stretch.of(config);
        rope = new Rope(turned.pairing(), turned.frequencies(), stretch.turned);
        float scale = (float) (stretch.all * stretch.all / Math.sqrt(key));
        attention = new AttentionSpec(config.heads(), absorbed ? 1 : config.heads(), scale, 0);
        temperature = AttentionTemperature.ofLength(config);
    }

    private Layer layer(Weights w, int i) {
        String name = "blk." + i + ".";
        int n = config.embedding();
        return new Layer(
                w.vector(name + "attn_norm.weight", n),
                queries(w, name + "attn_q"),
                w.linear(name + "attn_kv_a_mqa", (long) rank + rotated, n),
                w.vector(name + "attn_kv_a_norm.weight", rank),
                heads(w, name),
                w.linear(name + "attn_output", n, (long) config.heads() * value),
                w.vector(name + "ffn_norm.weight", n),
                i < config.integer("leading_dense_block_count", 0)
                        ? FeedForward.Gated.of(w, config, i, Activation.SILU)
                        : Mixture.of(w, config, i, Activation.SILU, false));
    }

    private Queries queries(Weights w, String name) {
        int columns = config.heads() * (plain + rotated);
        int low = config.integer("attention.q_lora_rank", 0);
        if (low <= 0) {
            return new Queries(null, null, w.linear(name, columns, config.embedding()));
        }
        return new Queries(
                w.linear(name + "_a", low, config.embedding()),
                w.vector(name + "_a_norm.weight", low),
                w.linear(name + "_b", columns, low));
    }

    private Heads heads(Weights w, String name) {
        int heads = config.heads();
        if (!absorbed) {
            return new Heads(
                    w.linear(name + "attn_kv_b", (long) heads * (plain + value), rank), null, null);
        }
        return new Heads(
                null,
                w.experts(name + "attn_k_b.weight", heads, rank, plain),
                w.experts(name + "attn_v_b.weight", heads, value, rank));
    }

    @Override
    public CachePlan cachePlan() {
        int[] windows = new int[config.layers()];
        return absorbed
                ? new CachePlan(1, rotated + rank, rank, windows, true)
                : new CachePlan(config.heads(), rotated + plain, value, windows, true);
    }

    @Override
    public Tensor hidden(Batch batch) {
        Kernels k = batch.kernels();
        Tensor x = embeddings.embed(k, batch.tokens()); // [tokens, embedding]
        for (int i = 0; i < layers.length; i++) {
            Layer layer = layers[i];
            Tensor h = k.rmsNorm(x, layer.attentionNorm, config.epsilon());
            x = k.add(x, layer.output.apply(k, attend(batch, i, layer, h)));
            h = k.rmsNorm(x, layer.feedForwardNorm, config.epsilon());
            x = k.add(x, layer.feedForward.apply(k, h));
            k.recycle(x);
        }
        x = k.rows(x, batch.outputs()); // [outputs, embedding]
        return k.rmsNorm(x, embeddings.outputNorm(), config.epsilon());
    }

    /** {@code x [tokens, embedding]} → {@code [tokens, heads * value]}. */
    private Tensor attend(Batch batch, int i, Layer layer, Tensor x) {
        Kernels k = batch.kernels();
        int[] positions = batch.positions();
        int length = plain + rotated;
        Tensor q = layer.queries.apply(k, x, config.epsilon()); // of each head plain, then rotated
        Tensor turned = k.headColumns(q, length, plain, rotated);
        turned = k.rope(turned, rotated, rope, positions);
        Tensor straight = k.headColumns(q, length, 0, plain);
        Tensor both = layer.latent.apply(k, x); // [tokens, rank + rotated]
        Tensor latent = k.columns(both, 0, rank);
        latent = k.rmsNorm(latent, layer.latentNorm, config.epsilon());
        Tensor key = k.rope(k.columns(both, rank, rotated), rotated, rope, positions);
        Heads heads = layer.heads;
        if (heads.both != null) {
            Tensor made = heads.both.apply(k, latent); // of each head the key, then the value
            Tensor keys = k.headColumns(made, plain + value, 0, plain);
            Tensor values = k.headColumns(made, plain + value, plain, value);
            Tensor query = k.joinHeads(turned, rotated, straight, plain);
            query = temperature.apply(k, query, positions);
            keys = k.joinHeads(key, rotated, keys, plain);
            return batch.attention(i, query, keys, values, attention);
        }
        straight = eachHead(k, straight, plain, heads.keys, rank); // [tokens, heads * rank]
        Tensor query = k.joinHeads(turned, rotated, straight, rank);
        query = temperature.apply(k, query, positions);
        key = k.joinHeads(key, rotated, latent, rank);
        Tensor seen = batch.attention(i, query, key, latent, attention); // [tokens, heads * rank]
        return eachHead(k, seen, rank, heads.values, value);
    }

    /** Each head of {@code x [tokens, heads * in]} by its own matrix {@code [out, in]}. */
    private Tensor eachHead(Kernels k, Tensor x, int in, @Nullable Tensor matrices, int out) {
        int heads = config.heads();
        int[] head = new int[x.rows() * heads];
        Arrays.setAll(head, row -> row % heads);
        Tensor rows = k.reshape(x, head.length, in);
        Tensor y = k.expertLinear(rows, head, Objects.requireNonNull(matrices));
        return k.reshape(y, x.rows(), heads * out);
    }

    @Override
    public Tensor logits(Batch batch, Tensor hidden) {
        return embeddings.scores(batch.kernels(), hidden);
    }
}
