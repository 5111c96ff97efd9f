package dev.snoozy.engine;

import dev.snoozy.testkit.TinyModel;

/**
 * A Gemma 3n as llama.cpp takes it: with the number of states, the rank, the length of what a token
 * means to a layer, and the number of layers with keys and values, that it does not read; the last
 * layers have keys and values that are not used.
 */
final class Gemma3nSibling {
    private static final String NAME = "gemma3n";
    private static final int LAYERS = 24;
    private static final int N = 64; // embedding, queries of four heads
    private static final int HEAD = 16;
    private static final int KV = 2 * HEAD;
    private static final int WIDTH = 96;
    private static final int RANK = 64;
    private static final int MEANING = 256;
    private static final int STATES = 4;
    private static final int TOKENS = 300;

    private Gemma3nSibling() {}

    static TinyModel model() {
        TinyModel model = TinyModel.of(NAME);
        put(model, "vocab_size", TOKENS);
        put(model, "block_count", LAYERS);
        put(model, "attention.sliding_window", 8);
        put(model, "attention.key_length", HEAD);
        put(model, "attention.value_length", HEAD);
        put(model, "attention.shared_kv_layers", 4);
        put(model, "rope.freq_base", 1e6f);
        put(model, "embedding_length_per_layer_input", MEANING);
        put(model, "altup.active_idx", 0);
        put(model, "altup.num_inputs", STATES);
        put(model, "final_logit_softcapping", 30f);
        model.withTensor("per_layer_token_embd.weight", (long) LAYERS * MEANING, TOKENS)
                .withTensor("per_layer_model_proj.weight", N, (long) LAYERS * MEANING)
                .withTensor("per_layer_proj_norm.weight", MEANING);
        for (int i = 0; i < LAYERS; i++) {
            layer(model, "blk." + i + ".");
        }
        return model;
    }

    private static void put(TinyModel model, String key, Object value) {
        model.with(NAME + "." + key, value);
    }

    private static void layer(TinyModel model, String name) {
        for (String norm :
                new String[] {
                    "attn", "post_attention", "ffn", "post_ffw", "post", "laurel_post", "altup_router"
                }) {
            model.withTensor(name + norm + "_norm.weight", N);
        }
        model.withTensor(name + "attn_q_norm.weight", HEAD)
                .withTensor(name + "attn_q.weight", N, N)
                .withTensor(name + "attn_output.weight", N, N)
                .withTensor(name + "attn_k_norm.weight", HEAD)
                .withTensor(name + "attn_k.weight", N, KV)
                .withTensor(name + "attn_v.weight", N, KV)
                .withTensor(name + "ffn_gate.weight", N, WIDTH)
                .withTensor(name + "ffn_up.weight", N, WIDTH)
                .withTensor(name + "ffn_down.weight", WIDTH, N)
                .withTensor(name + "inp_gate.weight", N, MEANING)
                .withTensor(name + "proj.weight", MEANING, N)
                .withTensor(name + "altup_correct_coef.weight", STATES, STATES)
                .withTensor(name + "altup_correct_scale.weight", N)
                .withTensor(name + "altup_predict_coef.weight", STATES, STATES * STATES)
                .withTensor(name + "altup_router.weight", N, STATES)
                .withTensor(name + "laurel_l.weight", N, RANK)
                .withTensor(name + "laurel_r.weight", RANK, N);
    }
}
