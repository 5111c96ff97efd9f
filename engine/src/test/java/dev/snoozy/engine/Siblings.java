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
    private static final int EXPERTS = 4;
    private static final int EXPERT = 32; // width of each

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
        add(models, "bailingmoe", new Siblings("bailingmoe").output().mixed().shared(0, 2));
        add(models, "deepseek2-yarn", deepseek());
        add(models, "dots1", dots());
        add(models, "ernie4_5-moe", new Siblings("ernie4_5-moe").step().bias(1).shared(1, 1));
        add(models, "glm4moe-ahead", glm());
        add(models, "hunyuan-moe", hunyuan());
        add(models, "llama4", llama4());
        add(models, "minimax-m2", minimax());
        add(models, "qwen3vlmoe", vision());
        add(models, "apertus", apertus());
        add(models, "exaone-moe", exaone());
        add(models, "falcon-h1", falconH1().output());
        add(models, "falcon-h1-norm", falconH1().each("ssm_norm.weight", N, 2));
        models.put("gemma3n", Gemma3nSibling.model());
        add(models, "gemma4-experts", gemma4());
        add(models, "grok-1", grok1());
        add(models, "grok-2", grok2());
        add(models, "jamba", jamba());
        add(models, "lfm2moe", new Siblings("lfm2moe").put("expert_gating_func", 2).bias(1));
        add(models, "phimoe", phimoe());
        add(models, "qwen3next", qwen3next());
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

    /**
     * With gates and ups in one matrix, experts in two groups, and a stretch without a factor of
     * its own.
     */
    private static Siblings deepseek() {
        Siblings deepseek = new Siblings("deepseek2").output().bias(1).shared(1, 1);
        for (int i = 1; i < LAYERS; i++) {
            deepseek.model.without("blk." + i + ".ffn_gate_exps.weight");
            deepseek.model.without("blk." + i + ".ffn_up_exps.weight");
        }
        return deepseek.from(1, "ffn_gate_up_exps.weight", N, 2 * EXPERT, EXPERTS)
                .put("expert_gating_func", 2)
                .put("expert_group_count", 2)
                .put("expert_group_used_count", 1)
                .put("expert_weights_scale", 1.7f)
                .put("rope.scaling.type", "yarn")
                .put("rope.scaling.factor", 8f)
                .put("rope.scaling.original_context_length", 16);
    }

    private static Siblings dots() {
        return new Siblings("dots1")
                .put("attention.head_count_kv", 4)
                .put("expert_gating_func", 2)
                .put("expert_weights_norm", true)
                .put("expert_weights_scale", 1.4f)
                .each("attn_k.weight", N, N)
                .each("attn_v.weight", N, N)
                .output()
                .bias(1)
                .shared(1, 2);
    }

    /** With a layer that guesses ahead, which is not run. */
    private static Siblings glm() {
        Siblings glm = new Siblings("glm4moe").bias(1).shared(1, 1).put("block_count", LAYERS + 1);
        glm.put("nextn_predict_layers", 1).put("expert_weights_norm", true).biases(KV);
        String name = "blk." + LAYERS + ".";
        glm.model
                .withTensor(name + "nextn.eh_proj.weight", 2 * N, N)
                .withTensor(name + "nextn.enorm.weight", N)
                .withTensor(name + "nextn.hnorm.weight", N)
                .withTensor(name + "attn_norm.weight", N)
                .withTensor(name + "attn_q.weight", N, N)
                .withTensor(name + "attn_q.bias", N)
                .withTensor(name + "attn_k.weight", N, KV)
                .withTensor(name + "attn_k.bias", KV)
                .withTensor(name + "attn_v.weight", N, KV)
                .withTensor(name + "attn_v.bias", KV)
                .withTensor(name + "attn_output.weight", N, N)
                .withTensor(name + "post_attention_norm.weight", N)
                .withTensor(name + "exp_probs_b.bias", EXPERTS)
                .withTensor(name + "ffn_gate_inp.weight", N, EXPERTS)
                .withTensor(name + "ffn_gate_exps.weight", N, EXPERT, EXPERTS)
                .withTensor(name + "ffn_up_exps.weight", N, EXPERT, EXPERTS)
                .withTensor(name + "ffn_down_exps.weight", EXPERT, N, EXPERTS)
                .withTensor(name + "ffn_gate_shexp.weight", N, EXPERT)
                .withTensor(name + "ffn_up_shexp.weight", N, EXPERT)
                .withTensor(name + "ffn_down_shexp.weight", EXPERT, N);
        return glm;
    }

    private static Siblings hunyuan() {
        Siblings hunyuan = new Siblings("hunyuan-moe").put("feed_forward_length", EXPERT);
        return hunyuan.shared(0, 1);
    }

    private static Siblings llama4() {
        Siblings llama4 = new Siblings("llama4").put("attention.sliding_window", 8192);
        return llama4.step().shared(0, 1);
    }

    private static Siblings minimax() {
        Siblings minimax = new Siblings("minimax-m2").put("feed_forward_length", EXPERT);
        return minimax.put("expert_gating_func", 2).turned(8).output().bias(0);
    }

    private static Siblings vision() {
        Siblings vision = new Siblings("qwen3vlmoe");
        return vision.put("rope.dimension_sections", new int[] {3, 3, 2, 0});
    }

    private static Siblings apertus() {
        return new Siblings("apertus")
                .put("rope.dimension_count", 16)
                .raw("xielu.alpha_p", new float[] {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f})
                .raw("xielu.alpha_n", new float[] {.8f, .7f, .6f, .5f, .4f, .3f, .2f, .1f})
                .raw("xielu.beta", new float[] {.5f, .5f, .5f, .4f, .4f, .4f, .5f, .5f})
                .raw("xielu.eps", -1e-6f)
                .output();
    }

    private static Siblings exaone() {
        return new Siblings("exaone-moe")
                .put("attention.sliding_window", 8)
                .put("expert_gating_func", 2)
                .put("expert_weights_norm", true)
                .put("expert_weights_scale", 1.4f)
                .output()
                .bias(1)
                .shared(1, 1);
    }

    private static Siblings falconH1() {
        return new Siblings("falcon-h1").each("ssm_conv1d.bias", 192);
    }

    /** With gates and ups in one matrix, and a factor for what each expert gives. */
    private static Siblings gemma4() {
        Siblings gemma = new Siblings("gemma4");
        boolean[] slides = {true, true, true, false, true, true, true, false};
        for (int i = 0; i < LAYERS; i++) {
            gemma.model.without("blk." + i + ".ffn_gate_exps.weight");
            gemma.model.without("blk." + i + ".ffn_up_exps.weight");
        }
        gemma.model.withTensor("rope_freqs.weight", 8);
        return gemma.put("attention.sliding_window", 8)
                .put("attention.sliding_window_pattern", slides)
                .put("attention.key_length", 16)
                .put("attention.value_length", 16)
                .put("attention.key_length_swa", 16)
                .put("attention.value_length_swa", 16)
                .put("embedding_length_per_layer_input", 0)
                .put("rope.dimension_count", 16)
                .put("rope.dimension_count_swa", 16)
                .each("ffn_gate_up_exps.weight", N, 2 * EXPERT, EXPERTS)
                .each("ffn_down_exps.scale", EXPERTS);
    }

    /** With the factors that its files do not say. */
    private static Siblings grok1() {
        Siblings grok = new Siblings("grok").put("rope.dimension_count", 16).output();
        for (int i = 0; i < LAYERS; i++) {
            grok.model.without("blk." + i + ".post_ffw_norm.weight");
        }
        return grok.each("layer_output_norm.weight", N);
    }

    private static Siblings grok2() {
        return new Siblings("grok")
                .put("rope.dimension_count", 16)
                .put("embedding_scale", 5f)
                .put("logit_scale", 0.8f)
                .put("attention.output_scale", 0.3f)
                .put("attn_logit_softcapping", 4f)
                .put("final_logit_softcapping", 6f)
                .gate()
                .each("ffn_up.weight", N, WIDTH)
                .each("ffn_down.weight", WIDTH, N);
    }

    /** Without experts in its first layer. */
    private static Siblings jamba() {
        Siblings jamba = new Siblings("jamba").put("feed_forward_length", EXPERT).output();
        jamba.model.without("blk.0.ffn_gate_inp.weight");
        for (String part : List.of("gate", "up", "down")) {
            jamba.model.without("blk.0.ffn_" + part + "_exps.weight");
        }
        jamba.model.withTensor("blk.0.ffn_gate.weight", N, EXPERT);
        jamba.model.withTensor("blk.0.ffn_up.weight", N, EXPERT);
        jamba.model.withTensor("blk.0.ffn_down.weight", EXPERT, N);
        for (int i : new int[] {0, 2, 3, 4, 6, 7}) {
            jamba.model.withTensor("blk." + i + ".ssm_conv1d.bias", 2 * N);
        }
        return jamba;
    }

    private static Siblings phimoe() {
        return new Siblings("phimoe")
                .put("feed_forward_length", EXPERT)
                .put("rope.dimension_count", 16)
                .biases(KV)
                .each("attn_output.bias", N)
                .output()
                .bias();
    }

    private static Siblings qwen3next() {
        return new Siblings("qwen3next")
                .put("rope.dimension_count", 8)
                .each("ffn_gate_inp_shexp.weight", N)
                .shared(0, 1)
                .output();
    }

    // ---- parts

    /** A key without the name of the architecture. */
    private Siblings raw(String key, Object value) {
        model.with(key, value);
        return this;
    }

    /** A bias of the output. */
    private Siblings bias() {
        model.withTensor("output.bias", TOKENS);
        return this;
    }

    /** A tensor in each layer from one on. */
    private Siblings from(int layer, String name, long... shape) {
        for (int i = layer; i < LAYERS; i++) {
            model.withTensor("blk." + i + "." + name, shape.clone());
        }
        return this;
    }

    /** Biases by which experts are chosen. */
    private Siblings bias(int from) {
        return from(from, "exp_probs_b.bias", EXPERTS);
    }

    /** Experts in every layer. */
    private Siblings step() {
        return put("interleave_moe_layer_step", 1);
    }

    /** Experts for every token. */
    private Siblings shared(int from, int count) {
        long width = (long) EXPERT * count;
        return put("expert_shared_count", count)
                .put("expert_shared_feed_forward_length", (int) width)
                .from(from, "ffn_gate_shexp.weight", N, width)
                .from(from, "ffn_up_shexp.weight", N, width)
                .from(from, "ffn_down_shexp.weight", width, N);
    }

    /** Experts in the first layer, too. */
    private Siblings mixed() {
        put("leading_dense_block_count", 0);
        for (String part : List.of("gate", "up", "down")) {
            model.without("blk.0.ffn_" + part + ".weight");
        }
        model.withTensor("blk.0.ffn_gate_inp.weight", N, EXPERTS)
                .withTensor("blk.0.ffn_gate_exps.weight", N, EXPERT, EXPERTS)
                .withTensor("blk.0.ffn_up_exps.weight", N, EXPERT, EXPERTS)
                .withTensor("blk.0.ffn_down_exps.weight", EXPERT, N, EXPERTS);
        return this;
    }

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
