package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.List;
import java.util.Map;

/** Mamba, Mamba 2, and Jamba, which has Mamba in most layers. */
final class Mamba {
    private static final String INNER = "ssm.inner_size";
    private static final String RANK = "ssm.time_step_rank";
    private static final String MIXER = "backbone.layers.{i}.mixer.";

    /** A length for those who take the file's: these models have none. */
    private static final int ANY_LENGTH = 1 << 20;

    private static final int USUAL_RANK = 16; // of the embedding

    static List<Family> families() {
        return List.of(
                first("mamba", "MambaForCausalLM", false),
                first("falcon_mamba", "FalconMambaForCausalLM", true),
                second(),
                jamba());
    }

    private Mamba() {}

    private static Setting sizes() {
        return Settings.all(
                size("hidden_size", "embedding_length"),
                size("num_hidden_layers", "block_count"),
                number("layer_norm_epsilon", "attention.layer_norm_rms_epsilon", 1e-5),
                size("conv_kernel", "ssm.conv_kernel", 4),
                only("hidden_act", "silu"),
                StateSpace.unlimited(),
                Settings.tokens(),
                Setting.toGguf((config, keys) -> {
                    keys.own("context_length", ANY_LENGTH);
                    keys.own("feed_forward_length", 0);
                    keys.own("attention.head_count", 0);
                }));
    }

    /**
     * Mamba.
     *
     * @param normed whether steps, and what is written and read, have norms without weights. Their
     *     epsilon is the model's in GGUF, whatever {@code mixer_rms_eps}
     */
    private static Family first(String modelType, String checkpointClass, boolean normed) {
        return new Family("mamba", modelType, checkpointClass)
                .defaults("expand", 2)
                .settings(
                        sizes(),
                        size("state_size", "ssm.state_size", 16),
                        inner(),
                        rank("time_step_rank"),
                        Setting.toGguf((config, keys) -> {
                            keys.own("ssm.dt_b_c_rms", normed);
                            config.get("mixer_rms_eps");
                        }))
                .where(keys -> keys.flag("ssm.dt_b_c_rms", false) == normed)
                .tied()
                .tensors(config -> StateSpace.rules(outside(), MIXER));
    }

    /** Channels, by their number or as a multiple of the embedding. */
    private static Setting inner() {
        Setting expanded = StateSpace.expanded("expand");
        return Setting.of(
                (config, keys) -> {
                    expanded.read(config, keys);
                    if (config.has("intermediate_size")) {
                        keys.own(INNER, config.size("intermediate_size"));
                    }
                },
                (keys, config) -> {
                    expanded.write(keys, config);
                    config.put("intermediate_size", keys.integer(INNER));
                });
    }

    /** The rank of the steps; a word leaves it to the size of the embedding. */
    private static Setting rank(String name) {
        return Setting.of(
                (config, keys) -> {
                    boolean automatic = !config.has(name) || "auto".equals(config.get(name));
                    int usual = Math.ceilDiv(config.size("hidden_size"), USUAL_RANK);
                    keys.own(RANK, automatic ? usual : config.size(name));
                },
                (keys, config) -> config.put(name, keys.integer(RANK)));
    }

    private static Rules outside() {
        return new Rules()
                .add("backbone.embeddings.weight", "token_embd.weight")
                .add("backbone.norm_f.weight", "output_norm.weight")
                .add("lm_head.weight", "output.weight")
                .add("backbone.layers.{i}.norm.weight", "blk.{i}.attn_norm.weight");
    }

    private static Family second() {
        return new Family("mamba2", "mamba2", "Mamba2ForCausalLM")
                .defaults("expand", 2, "n_groups", 8, "num_heads", 128)
                .settings(
                        sizes(),
                        size("state_size", "ssm.state_size", 128),
                        size("n_groups", "ssm.group_count"),
                        StateSpace.expanded("expand"),
                        size("num_heads", RANK),
                        Setting.of(
                                (config, keys) -> {
                                    config.get("head_dim"); // channels by heads
                                    config.get("time_step_rank"); // of no use here
                                },
                                (keys, config) ->
                                        config.put(
                                                "head_dim",
                                                keys.integer(INNER) / keys.integer(RANK))))
                .tensors(config -> StateSpace.rules(outside(), MIXER, config.size("n_groups")));
    }

    private static Family jamba() {
        return new Family("jamba", "jamba", "JambaForCausalLM")
                .defaults("mamba_expand", 2, "num_experts", 16, "num_experts_per_tok", 2)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size", "feed_forward_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        size("max_position_embeddings", "context_length", 262_144),
                        number("rms_norm_eps", "attention.layer_norm_rms_epsilon", 1e-6),
                        Settings.vocabulary(),
                        only("hidden_act", "silu"),
                        size("mamba_d_conv", "ssm.conv_kernel", 4),
                        size("mamba_d_state", "ssm.state_size", 16),
                        StateSpace.expanded("mamba_expand"),
                        StateSpace.unlimited(),
                        rank("mamba_dt_rank"),
                        Experts.counts("num_experts", "num_experts_per_tok"),
                        new Turns("attn_layer", 8, 4),
                        new Turns("expert_layer", 2, 1))
                .tensors(config -> jambaRules());
    }

    /**
     * Every so many layers one of a kind.
     *
     * @param name how those of its numbers begin
     * @param period where config.json does not say
     * @param offset likewise
     */
    private record Turns(String name, int period, int offset) implements Setting {
        private boolean attends() {
            return name.startsWith("attn");
        }

        @Override
        public void read(JsonObject config, Keys keys) {
            int every = config.integer(name + "_period", period);
            int first = config.integer(name + "_offset", offset);
            if (every < 1 || first < 0) {
                throw config.wrong(name + "_period", every, "a number of layers");
            }
            if (attends()) {
                int[] heads = new int[config.size("num_hidden_layers")];
                for (int i = first; i < heads.length; i += every) {
                    heads[i] = Common.kvHeads(config);
                }
                keys.own(LayerKinds.HEADS, heads);
            }
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            int layers = keys.integer("block_count");
            boolean[] kind = new boolean[layers];
            for (int i = 0; i < layers; i++) {
                kind[i] =
                        attends()
                                ? LayerKinds.heads(keys)[i] > 0
                                : keys.hasTensor("blk." + i + ".ffn_gate_inp.weight");
            }
            if (attends()) {
                config.put("num_key_value_heads", LayerKinds.most(keys));
            }
            for (int every = 1; every <= layers; every++) {
                for (int first = 0; first < every; first++) {
                    if (fits(kind, every, first)) {
                        config.put(name + "_period", every);
                        config.put(name + "_offset", first);
                        return;
                    }
                }
            }
            throw keys.wrong(LayerKinds.HEADS, "expected layers of a kind in equal distances");
        }

        private static boolean fits(boolean[] kind, int every, int first) {
            for (int i = 0; i < kind.length; i++) {
                if (kind[i] != (i % every == first)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Rules jambaRules() {
        String layer = "model.layers.{i}.";
        String mixer = layer + "mamba.";
        String network = layer + "feed_forward.";
        Rules rules =
                new Rules()
                        .add("model.embed_tokens.weight", "token_embd.weight")
                        .add("model.final_layernorm.weight", "output_norm.weight")
                        .add("lm_head.weight", "output.weight")
                        .add(layer + "input_layernorm.weight", "blk.{i}.attn_norm.weight")
                        .add(layer + "self_attn.q_proj.weight", "blk.{i}.attn_q.weight")
                        .add(layer + "self_attn.k_proj.weight", "blk.{i}.attn_k.weight")
                        .add(layer + "self_attn.v_proj.weight", "blk.{i}.attn_v.weight")
                        .add(layer + "self_attn.o_proj.weight", "blk.{i}.attn_output.weight")
                        .add(layer + "pre_ff_layernorm.weight", "blk.{i}.ffn_norm.weight")
                        .add(mixer + "dt_layernorm.weight", "blk.{i}.ssm_dt_norm.weight")
                        .add(mixer + "b_layernorm.weight", "blk.{i}.ssm_b_norm.weight")
                        .add(mixer + "c_layernorm.weight", "blk.{i}.ssm_c_norm.weight")
                        .add(network + "gate_proj.weight", "blk.{i}.ffn_gate.weight")
                        .add(network + "up_proj.weight", "blk.{i}.ffn_up.weight")
                        .add(network + "down_proj.weight", "blk.{i}.ffn_down.weight")
                        .add(network + "router.weight", "blk.{i}.ffn_gate_inp.weight");
        Experts.each(rules, network + "experts.", "gate_proj", "up_proj", "down_proj");
        return StateSpace.rules(rules, mixer);
    }
}
