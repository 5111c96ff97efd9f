package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.vocabulary;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the descriptions of most decoders share. */
final class Common {
    static final String WINDOW = "attention.sliding_window";

    private static final String PATTERN = "attention.sliding_window_pattern";
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private Common() {}

    /** Sizes, heads and the epsilon of RMS norms, in Llama's words. */
    static Setting decoder(double epsilon) {
        return decoder(epsilon, 0);
    }

    /** The same with heads of a length that is not the embedding's part. */
    static Setting decoder(double epsilon, int headLength) {
        return all(
                sizes(headLength),
                number("rms_norm_eps", "attention.layer_norm_rms_epsilon", epsilon));
    }

    /** Sizes, heads and the epsilon of layer norms. */
    static Setting layerNormed(String epsilon) {
        return all(sizes(0), number(epsilon, "attention.layer_norm_epsilon", 1e-5));
    }

    /**
     * Sizes and heads, in Llama's words.
     *
     * @param headLength where config.json does not say; 0 for the embedding's part
     */
    static Setting sizes(int headLength) {
        return all(
                size("hidden_size", "embedding_length"),
                size("intermediate_size", "feed_forward_length"),
                size("num_hidden_layers", "block_count"),
                size("num_attention_heads", "attention.head_count"),
                keyHeads(),
                headLengths(headLength),
                size("max_position_embeddings", "context_length"),
                vocabulary());
    }

    /** Heads of keys and values, as many as those of queries where config.json does not say. */
    static Setting keyHeads() {
        return Setting.of(
                (config, keys) -> keys.own("attention.head_count_kv", kvHeads(config)),
                (keys, config) ->
                        config.put(
                                "num_key_value_heads",
                                keys.integer(
                                        "attention.head_count_kv",
                                        keys.integer("attention.head_count"))));
    }

    /** As many heads of keys and values as of queries, of which config.json says nothing. */
    static Setting allHeads() {
        return Setting.of(
                (config, keys) ->
                        keys.own("attention.head_count_kv", config.size("num_attention_heads")),
                (keys, config) -> {
                    int heads = keys.integer("attention.head_count");
                    if (keys.integer("attention.head_count_kv", heads) != heads) {
                        throw keys.wrong(
                                "attention.head_count_kv",
                                "checkpoints of this family have as many as queries, " + heads);
                    }
                });
    }

    /** The length of a head; GGUF says nothing of it where it is the embedding's part. */
    static Setting headLengths(int otherwise) {
        return Setting.of(
                (config, keys) -> {
                    int length = config.has("head_dim") ? config.size("head_dim") : otherwise;
                    if (length != 0) {
                        keys.own("attention.key_length", length);
                        keys.own("attention.value_length", length);
                    }
                },
                (keys, config) -> {
                    int length = keys.headLength();
                    if (keys.integer("attention.value_length", length) != length) {
                        throw keys.wrong(
                                "attention.value_length",
                                "checkpoints have values as long as keys, " + length);
                    }
                    if (otherwise != 0 || keys.has("attention.key_length")) {
                        config.put("head_dim", length);
                    }
                });
    }

    /** How many columns of a head turn: all. */
    static Setting turnedColumns() {
        return Setting.of(
                (config, keys) -> keys.own("rope.dimension_count", headLength(config)),
                (keys, config) -> {
                    int length = keys.headLength();
                    if (keys.integer("rope.dimension_count", length) != length) {
                        throw keys.wrong(
                                "rope.dimension_count",
                                "checkpoints of this family turn whole heads, " + length);
                    }
                });
    }

    /**
     * Which layers have a window: the kind of each layer, where config.json has them.
     *
     * @param period of so many layers the last one sees everything, where nothing says so; 0 for
     *     models in which all do
     */
    static Setting windows(int period) {
        return Setting.of(
                (config, keys) -> {
                    boolean[] slides = slides(config, period);
                    boolean any = false;
                    for (boolean slide : slides) {
                        any |= slide;
                    }
                    if (any && config.has("sliding_window")) {
                        keys.own(WINDOW, config.size("sliding_window"));
                        keys.own(PATTERN, slides);
                    }
                    config.get("sliding_window");
                },
                (keys, config) -> {
                    int window = keys.integer(WINDOW, 0);
                    if (window != 0) {
                        config.put("sliding_window", window);
                    }
                    config.put("layer_types", kinds(keys, window == 0 ? 0 : period));
                });
    }

    /** Which layers of a config.json have a window. */
    static boolean[] slides(JsonObject config, int period) {
        List<?> kinds = config.list("layer_types");
        boolean[] slides = new boolean[config.layers()];
        if (!kinds.isEmpty() && kinds.size() != slides.length) {
            throw config.wrong("layer_types", kinds, slides.length + " layers");
        }
        int every = period(config, period);
        for (int i = 0; i < slides.length; i++) {
            boolean usual = every != 0 && i % every != every - 1;
            slides[i] = kinds.isEmpty() ? usual : kind(config, kinds.get(i));
        }
        return slides;
    }

    private static int period(JsonObject config, int otherwise) {
        String name = config.named("sliding_window_pattern|_sliding_window_pattern");
        return config.get(name) instanceof String pattern // such as LLLG
                ? ofLetters(config, name, pattern)
                : config.integer(name, otherwise);
    }

    private static int ofLetters(JsonObject config, String name, String pattern) {
        if (!pattern.matches("L+G")) {
            throw config.wrong(name, pattern, "some L and one G at the end");
        }
        return pattern.length();
    }

    private static boolean kind(JsonObject config, Object kind) {
        if (!SLIDING.equals(kind) && !FULL.equals(kind)) {
            throw config.wrong("layer_types", kind, SLIDING + " or " + FULL);
        }
        return SLIDING.equals(kind);
    }

    /** The kind of each layer of a file with windows. */
    static List<String> kinds(GgufKeys keys, int period) {
        int layers = keys.layers();
        boolean[] slides = keys.get(PATTERN) instanceof boolean[] each ? each : new boolean[layers];
        if (slides.length != layers) {
            throw keys.wrong(PATTERN, "expected one for each of the " + layers + " layers");
        }
        if (!(keys.get(PATTERN) instanceof boolean[])) {
            int every = period == 0 ? 0 : keys.integer(PATTERN, period);
            for (int i = 0; i < layers; i++) {
                slides[i] = every > 0 && i % every != every - 1;
            }
        }
        String[] kinds = new String[layers];
        for (int i = 0; i < layers; i++) {
            kinds[i] = slides[i] ? SLIDING : FULL;
        }
        return List.of(kinds);
    }

    static int kvHeads(JsonObject config) {
        return config.has("num_key_value_heads")
                ? config.size("num_key_value_heads")
                : config.size("num_attention_heads");
    }

    static int headLength(JsonObject config) {
        return config.has("head_dim")
                ? config.size("head_dim")
                : config.size("hidden_size") / config.size("num_attention_heads");
    }

    /** The queries of a model whose positions turn adjacent pairs. */
    static Transform pairedQueries(JsonObject config) {
        return Transform.pairs(config.size("num_attention_heads"));
    }

    /** Its keys. */
    static Transform pairedKeys(JsonObject config) {
        return Transform.pairs(kvHeads(config));
    }

    /** The tensors of a decoder with separate queries, keys and values. */
    static Rules decoder(Transform norm, Transform q, Transform k) {
        String layer = "model.layers.{i}.";
        return attention(norm, q, k)
                .linear(layer + "mlp.gate_proj", "blk.{i}.ffn_gate")
                .linear(layer + "mlp.up_proj", "blk.{i}.ffn_up")
                .linear(layer + "mlp.down_proj", "blk.{i}.ffn_down");
    }

    /** The same without the networks, which have other names. */
    static Rules attention(Transform norm, Transform q, Transform k) {
        String layer = "model.layers.{i}.";
        return ends(norm)
                .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight", norm)
                .linear(layer + "self_attn.q_proj", "blk.{i}.attn_q", q)
                .linear(layer + "self_attn.k_proj", "blk.{i}.attn_k", k)
                .linear(layer + "self_attn.v_proj", "blk.{i}.attn_v")
                .linear(layer + "self_attn.o_proj", "blk.{i}.attn_output");
    }

    /** The tensors outside the layers. */
    static Rules ends(Transform norm) {
        return new Rules()
                .add("model.embed_tokens.weight", "token_embd.weight")
                .add("model.norm.weight", "output_norm.weight", norm)
                .add("lm_head.weight", "output.weight")
                .drop("model.layers.{i}.self_attn.rotary_emb.inv_freq");
    }

    /** A map in the order in which it is filled. */
    static Map<String, Object> members() {
        return new LinkedHashMap<>();
    }
}
