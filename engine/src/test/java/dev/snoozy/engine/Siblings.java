package dev.snoozy.engine;

import dev.snoozy.testkit.TinyModel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models of architectures, and with options, for which the reference data has none, as llama.cpp
 * reads them: with the biases and outputs that it needs.
 */
final class Siblings {
    private static final int LAYERS = 8;
    private static final int N = 64; // embedding, queries of four heads
    private static final int KV = 32; // keys of two heads
    private static final int WIDTH = 96; // feed-forward network
    private static final int TOKENS = 300;

    private final String architecture;
    private final TinyModel model;

    private Siblings(String architecture) {
        this.architecture = architecture;
        model = TinyModel.of(architecture);
        put("vocab_size", TOKENS).put("attention.sliding_window", 0);
    }

    /** All of them, by their names, which begin with the architecture. */
    static Map<String, TinyModel> all() {
        Map<String, TinyModel> models = new LinkedHashMap<>();
        add(models, "arcee", new Siblings("arcee"));
        add(models, "baichuan-40", new Siblings("baichuan").output().layers(40));
        add(models, "bloom-biases", new Siblings("bloom").plain(N).vector("token_embd_norm.bias"));
        add(models, "codeshell", new Siblings("codeshell").plain(KV).output());
        add(models, "cohere2-window", cohere2());
        add(models, "exaone", new Siblings("exaone"));
        add(models, "falcon-40b", falcon());
        add(models, "gptneox-sequential", neox());
        add(models, "granite-unturned", granite());
        add(models, "jina-bert-v2", jina().each("ffn_up.weight", N, 2 * WIDTH));
        add(models, "mpt-clamped", mpt());
        add(models, "nemotron", new Siblings("nemotron").norms().output().turned(8));
        add(models, "olmo", new Siblings("olmo").put("attention.clamp_kqv", 0.7f));
        add(models, "orion", new Siblings("orion").norms().output().gate());
        add(models, "qwen2vl", qwen());
        add(models, "stablelm-12b", stablelm());
        add(models, "starcoder", starcoder());
        add(models, "xverse", new Siblings("xverse").output());
        add(models, "gemma-embedding", embedding());
        return models;
    }

    private static void add(Map<String, TinyModel> models, String name, Siblings made) {
        models.put(name, made.model);
    }

    private static Siblings cohere2() {
        return new Siblings("cohere2").put("attention.sliding_window", 8).put("logit_scale", 0.25f);
    }

    private static Siblings embedding() {
        return new Siblings("gemma-embedding").put("attention.sliding_window", 8);
    }

    private static Siblings falcon() {
        return new Siblings("falcon")
                .fused(KV)
                .each("attn_norm.bias", N)
                .each("attn_norm_2.weight", N)
                .each("attn_norm_2.bias", N)
                .vector("output_norm.bias");
    }

    private static Siblings neox() {
        return new Siblings("gptneox")
                .put("use_parallel_residual", false)
                .each("ffn_norm.weight", N)
                .plain(N)
                .output()
                .turned(8);
    }

    private static Siblings granite() {
        return new Siblings("granite")
                .put("embedding_scale", 3f)
                .put("residual_scale", 0.5f)
                .put("attention.scale", 0.2f)
                .put("logit_scale", 2f)
                .put("rope.scaling.finetuned", false);
    }

    private static Siblings jina() {
        Siblings jina = new Siblings("jina-bert-v2").biases(N).each("attn_output_norm.bias", N);
        jina.each("layer_output_norm.bias", N).each("ffn_down.bias", N);
        jina.model.with("tokenizer.ggml.token_type_count", 2);
        jina.model.withTensor("token_types.weight", N, 2);
        return jina.each("attn_output.bias", N).vector("token_embd_norm.bias");
    }

    private static Siblings mpt() {
        return new Siblings("mpt")
                .put("attention.max_alibi_bias", 8f)
                .put("attention.clamp_kqv", 0.8f)
                .plain(N);
    }

    private static Siblings qwen() {
        return new Siblings("qwen2vl")
                .biases(KV)
                .put("rope.dimension_sections", new int[] {4, 2, 2, 0});
    }

    private static Siblings stablelm() {
        return new Siblings("stablelm")
                .output()
                .gate()
                .each("attn_norm.bias", N)
                .vector("output_norm.bias")
                .each("attn_q_norm.weight", 16, 4)
                .each("attn_k_norm.weight", 16, 2)
                .turned(4);
    }

    private static Siblings starcoder() {
        return new Siblings("starcoder").plain(16);
    }

    // ---- parts

    private Siblings put(String key, Object value) {
        model.with(architecture + "." + key, value);
        return this;
    }

    private Siblings turned(int columns) {
        return put("rope.dimension_count", columns);
    }

    private Siblings each(String name, long... shape) {
        for (int i = 0; i < LAYERS; i++) {
            model.withTensor("blk." + i + "." + name, shape.clone());
        }
        return this;
    }

    private Siblings vector(String name) {
        model.withTensor(name, N);
        return this;
    }

    private Siblings output() {
        model.withTensor("output.weight", N, TOKENS);
        return this;
    }

    private Siblings gate() {
        return each("ffn_gate.weight", N, WIDTH);
    }

    private Siblings norms() {
        return each("attn_norm.bias", N).each("ffn_norm.bias", N).vector("output_norm.bias");
    }

    private Siblings biases(int keys) {
        return each("attn_q.bias", N).each("attn_k.bias", keys).each("attn_v.bias", keys);
    }

    /** One matrix for queries, keys and values. */
    private Siblings fused(int keys) {
        put("attention.head_count_kv", keys / 16);
        for (int i = 0; i < LAYERS; i++) {
            for (String part : List.of("q", "k", "v")) {
                model.without("blk." + i + ".attn_" + part + ".weight");
            }
        }
        return each("attn_qkv.weight", N, N + 2L * keys);
    }

    /** Layer norms, one matrix and a plain feed-forward network, all with biases. */
    private Siblings plain(int keys) {
        return fused(keys)
                .each("attn_qkv.bias", N + 2L * keys)
                .each("attn_output.bias", N)
                .each("ffn_up.bias", WIDTH)
                .each("ffn_down.bias", N)
                .norms();
    }

    /** As many layers, as in Llama. */
    private Siblings layers(int count) {
        put("block_count", count);
        for (int i = LAYERS; i < count; i++) {
            String name = "blk." + i + ".";
            model.withTensor(name + "attn_norm.weight", N)
                    .withTensor(name + "attn_q.weight", N, N)
                    .withTensor(name + "attn_k.weight", N, KV)
                    .withTensor(name + "attn_v.weight", N, KV)
                    .withTensor(name + "attn_output.weight", N, N)
                    .withTensor(name + "ffn_norm.weight", N)
                    .withTensor(name + "ffn_gate.weight", N, WIDTH)
                    .withTensor(name + "ffn_up.weight", N, WIDTH)
                    .withTensor(name + "ffn_down.weight", WIDTH, N);
        }
        return this;
    }
}
