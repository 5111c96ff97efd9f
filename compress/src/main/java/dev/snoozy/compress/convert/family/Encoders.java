package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.constant;
import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.List;
import java.util.Map;

/** Encoders of texts that are not quite BERT: ModernBERT, Nomic Embed and Jina Embeddings 2. */
final class Encoders {
    private static final int MEAN = 1;
    private static final int PERIOD = 3; // of so many layers the first one sees everything
    private static final String LOCAL = "rope.freq_base_swa";

    static List<Family> families() {
        return List.of(modern(), nomic(), jina());
    }

    private Encoders() {}

    /** The mean of all tokens, unless the folder says otherwise beside config.json. */
    private static Setting pooling() {
        return Setting.toGguf((config, keys) -> keys.own("pooling_type", MEAN));
    }

    private static Family modern() {
        return new Family("modern-bert", "modernbert", "ModernBertModel", "ModernBertForMaskedLM")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("intermediate_size", "feed_forward_length"),
                        size("max_position_embeddings", "context_length", 8192),
                        number("norm_eps|layer_norm_eps", "attention.layer_norm_epsilon", 1e-5),
                        size("local_attention", Common.WINDOW, 128),
                        constant("attention.causal", false),
                        pooling(),
                        new TwoBases(),
                        only("hidden_activation", "gelu"),
                        only("norm_bias", false),
                        only("mlp_bias", false),
                        only("attention_bias", false),
                        Setting.toGguf(Encoders::checkLayers),
                        ignored(
                                "layer_norm_eps",
                                "classifier_pooling",
                                "classifier_bias",
                                "classifier_activation",
                                "decoder_bias",
                                "deterministic_flash_attn",
                                "embedding_dropout",
                                "initializer_cutoff_factor",
                                "mlp_dropout",
                                "reference_compile",
                                "repad_logits_with_grad",
                                "sparse_pred_ignore_index",
                                "sparse_prediction"),
                        Settings.rows())
                .tensors(config -> modernRules());
    }

    private static void checkLayers(JsonObject config, Keys keys) {
        config.require("global_attn_every_n_layers", (long) PERIOD);
        List<?> kinds = config.list("layer_types");
        for (int i = 0; i < kinds.size(); i++) {
            String expected = i % PERIOD == 0 ? "full_attention" : "sliding_attention";
            if (!expected.equals(kinds.get(i))) {
                throw config.wrong("layer_types", kinds.get(i), expected + " in layer " + i);
            }
        }
    }

    /** Layers with a window turn by a base of their own. */
    private static final class TwoBases implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            JsonObject both = config.optionalObject("rope_parameters").orElse(config);
            keys.own("rope.freq_base", base(both, "full_attention", "global_rope_theta", 160_000));
            keys.own(LOCAL, base(both, "sliding_attention", "local_rope_theta", 10_000));
        }

        private static float base(JsonObject both, String kind, String name, double otherwise) {
            return (float)
                    both.optionalObject(kind)
                            .map(own -> own.number("rope_theta", otherwise))
                            .orElseGet(() -> both.number(name, otherwise))
                            .doubleValue();
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            config.put("global_rope_theta", keys.number("rope.freq_base", 10_000));
            config.put("local_rope_theta", keys.number(LOCAL, 10_000));
            config.put("global_attn_every_n_layers", PERIOD);
        }
    }

    private static Rules modernRules() {
        String layer = "layers.{i}.";
        return new Rules()
                .add("embeddings.tok_embeddings.weight", "token_embd.weight")
                .add("embeddings.norm.weight", "token_embd_norm.weight")
                .add("final_norm.weight", "output_norm.weight")
                .add(layer + "attn_norm.weight", "blk.{i}.attn_norm.weight")
                .add(layer + "attn.Wqkv.weight", "blk.{i}.attn_qkv.weight")
                .add(layer + "attn.Wo.weight", "blk.{i}.attn_output.weight")
                .add(layer + "mlp_norm.weight", "blk.{i}.ffn_norm.weight")
                .add(layer + "mlp.Wi.weight", "blk.{i}.ffn_up.weight")
                .add(layer + "mlp.Wo.weight", "blk.{i}.ffn_down.weight")
                .leaveOut("head.", "decoder.");
    }

    private static Family nomic() {
        return new Family("nomic-bert", "nomic_bert", "NomicBertModel")
                .settings(
                        size("n_embd", "embedding_length"),
                        size("n_layer", "block_count"),
                        size("n_head", "attention.head_count"),
                        size("n_inner", "feed_forward_length"),
                        trainedLength(),
                        number("layer_norm_epsilon", "attention.layer_norm_epsilon", 1e-12),
                        number("rotary_emb_base", "rope.freq_base", 10_000),
                        constant("attention.causal", false),
                        pooling(),
                        only("activation_function", "swiglu"),
                        only("prenorm", false),
                        only("qkv_proj_bias", false),
                        only("mlp_fc1_bias", false),
                        only("mlp_fc2_bias", false),
                        Setting.toGguf(Encoders::checkNomic),
                        ignored(
                                "type_vocab_size",
                                "max_trained_positions",
                                "fused_bias_fc",
                                "fused_dropout_add_ln",
                                "use_flash_attn",
                                "use_rms_norm",
                                "use_xentropy",
                                "pad_vocab_size_multiple",
                                "dense_seq_output",
                                "last_layer_subset",
                                "parallel_block_tied_norm",
                                "reorder_and_upcast_attn"),
                        Settings.rows())
                .tensors(config -> nomicRules());
    }

    /** Positions that a model was trained with, of those that it takes. */
    private static Setting trainedLength() {
        return Setting.of(
                (config, keys) -> {
                    int all = config.size("n_positions");
                    keys.own(
                            "context_length",
                            Math.min(all, config.integer("max_trained_positions", all)));
                },
                (keys, config) -> config.put("n_positions", keys.integer("context_length")));
    }

    private static void checkNomic(JsonObject config, Keys keys) {
        config.require("causal", false);
        config.require("use_rms_norm", false);
        config.require("parallel_block", false);
        config.require("rotary_emb_fraction", 1.0, 1L);
        config.require("rotary_emb_interleaved", false);
        config.require("scale_attn_weights", true);
        config.require("scale_attn_by_inverse_layer_idx", false);
        config.require("moe_every_n_layers", 0L);
        for (String name : List.of("rotary_emb_scale_base", "rotary_scaling_factor")) {
            if (config.has(name)) {
                throw config.wrong(name, config.get(name), "none");
            }
        }
    }

    private static Rules nomicRules() {
        String layer = "encoder.layers.{i}.";
        return new Rules()
                .add("embeddings.word_embeddings.weight", "token_embd.weight")
                .add("embeddings.token_type_embeddings.weight", "token_types.weight")
                .linear("emb_ln", "token_embd_norm")
                .linear(layer + "attn.Wqkv", "blk.{i}.attn_qkv")
                .linear(layer + "attn.out_proj", "blk.{i}.attn_output")
                .linear(layer + "norm1", "blk.{i}.attn_output_norm")
                .linear(layer + "mlp.fc11", "blk.{i}.ffn_up")
                .linear(layer + "mlp.fc12", "blk.{i}.ffn_gate")
                .linear(layer + "mlp.fc2", "blk.{i}.ffn_down")
                .linear(layer + "norm2", "blk.{i}.layer_output_norm");
    }

    private static Family jina() {
        return new Family("jina-bert-v2", "bert", "JinaBertModel", "JinaBertForMaskedLM")
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("intermediate_size", "feed_forward_length"),
                        size("max_position_embeddings|model_max_length", "context_length"),
                        number("layer_norm_eps", "attention.layer_norm_epsilon", 1e-12),
                        constant("attention.causal", false),
                        pooling(),
                        only("position_embedding_type", "alibi"),
                        only("feed_forward_type", "geglu"),
                        only("hidden_act", "gelu"),
                        ignored(
                                "type_vocab_size",
                                "model_max_length",
                                "attn_implementation",
                                "emb_pooler",
                                "is_decoder"),
                        Settings.rows())
                .tensors(config -> jinaRules());
    }

    private static Rules jinaRules() {
        String layer = "encoder.layer.{i}.";
        return new Rules()
                .add("embeddings.word_embeddings.weight", "token_embd.weight")
                .add("embeddings.token_type_embeddings.weight", "token_types.weight")
                .linear("embeddings.LayerNorm", "token_embd_norm")
                .linear(layer + "attention.self.query", "blk.{i}.attn_q")
                .linear(layer + "attention.self.key", "blk.{i}.attn_k")
                .linear(layer + "attention.self.value", "blk.{i}.attn_v")
                .linear(layer + "attention.output.dense", "blk.{i}.attn_output")
                .linear(layer + "attention.output.LayerNorm", "blk.{i}.attn_output_norm")
                .linear(layer + "mlp.gated_layers", "blk.{i}.ffn_up")
                .linear(layer + "mlp.wo", "blk.{i}.ffn_down")
                .linear(layer + "mlp.layernorm", "blk.{i}.layer_output_norm")
                .leaveOut("cls.", "pooler.", "bert.pooler.");
    }
}
