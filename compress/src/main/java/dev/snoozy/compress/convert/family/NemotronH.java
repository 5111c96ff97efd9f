package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.none;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalNumber;
import static dev.snoozy.compress.convert.family.Settings.size;

import java.util.List;
import java.util.Map;

/** Nemotron H, whose layers are Mamba 2, attention, or a network, with experts in the newer. */
final class NemotronH {
    private static final String LAYER = "backbone.layers.{i}.";
    private static final String MIXER = LAYER + "mixer.";
    private static final String WIDTHS = "feed_forward_length";
    private static final String INNER = "ssm.inner_size";
    private static final String HEADS = "ssm.time_step_rank";

    /** What the class says of experts also where there are none. */
    private static final String[] OF_EXPERTS = {
        "moe_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "moe_shared_expert_overlap",
        "n_routed_experts",
        "n_shared_experts",
        "num_experts_per_tok",
        "n_group",
        "topk_group",
        "norm_topk_prob",
        "routed_scaling_factor",
        "mtp_layers_block_type",
        "num_nextn_predict_layers"
    };

    static List<Family> families() {
        return List.of(plain(), mixed());
    }

    private NemotronH() {}

    private static Family nemotron(String architecture) {
        return new Family(architecture, "nemotron_h", "NemotronHForCausalLM")
                .defaults("ssm_state_size", 128, "mamba_num_heads", 128, "mamba_head_dim", 64)
                .defaults(
                        "intermediate_size",
                        21_504,
                        "n_groups",
                        8,
                        "conv_kernel",
                        4,
                        "head_dim",
                        128)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.headLengths(0),
                        size("max_position_embeddings", "context_length"),
                        number(
                                "layer_norm_epsilon|rms_norm_eps|norm_eps",
                                "attention.layer_norm_rms_epsilon",
                                1e-5),
                        Settings.vocabulary(),
                        size("ssm_state_size|mamba_d_state", "ssm.state_size"),
                        size("conv_kernel|mamba_d_conv", "ssm.conv_kernel"),
                        size("n_groups|mamba_n_groups", "ssm.group_count"),
                        size("mamba_num_heads", HEADS),
                        channels(),
                        StateSpace.unlimited(),
                        only("mlp_hidden_act", "relu2"),
                        none("sliding_window"),
                        optionalNumber("rope_theta", "rope.freq_base"), // nothing turns
                        ignored("expand", "mamba_expand", "attention_head_dim", "rms_norm_eps"));
    }

    private static Setting channels() {
        return Setting.of(
                (config, keys) ->
                        keys.own(
                                INNER,
                                config.size("mamba_num_heads") * config.size("mamba_head_dim")),
                (keys, config) ->
                        config.put("mamba_head_dim", keys.integer(INNER) / keys.integer(HEADS)));
    }

    private static Family plain() {
        return nemotron("nemotron_h")
                .settings(
                        new Pattern("intermediate_size", '-'),
                        ignored("moe_latent_size"),
                        ignored(OF_EXPERTS))
                .when(config -> !pattern(config).contains("E"))
                .tensors(config -> plainRules(config));
    }

    private static Rules plainRules(JsonObject config) {
        return rules(config)
                .linear(MIXER + "up_proj", "blk.{i}.ffn_up")
                .linear(MIXER + "down_proj", "blk.{i}.ffn_down");
    }

    private static Family mixed() {
        return nemotron("nemotron_h_moe")
                .settings(
                        new Pattern("intermediate_size", 'E'),
                        Experts.counts("n_routed_experts", "num_experts_per_tok"),
                        Experts.width("moe_intermediate_size"),
                        size(
                                "moe_shared_expert_intermediate_size",
                                "expert_shared_feed_forward_length"),
                        size("n_shared_experts", "expert_shared_count", 1),
                        Experts.normalized(true, false),
                        Experts.scaled(),
                        Experts.groups(),
                        Experts.sigmoid(),
                        none("moe_latent_size"),
                        ignored(
                                "moe_shared_expert_overlap",
                                "mtp_layers_block_type",
                                "num_nextn_predict_layers"))
                .when(config -> pattern(config).contains("E"))
                .tensors(NemotronH::mixedRules);
    }

    private static Rules mixedRules(JsonObject config) {
        Rules rules =
                rules(config)
                        .add(MIXER + "gate.weight", "blk.{i}.ffn_gate_inp.weight")
                        .add(MIXER + "experts.{e}.up_proj.weight", "blk.{i}.ffn_up_exps.weight")
                        .add(MIXER + "experts.{e}.down_proj.weight", "blk.{i}.ffn_down_exps.weight")
                        .add(MIXER + "shared_experts.up_proj.weight", "blk.{i}.ffn_up_shexp.weight")
                        .add(
                                MIXER + "shared_experts.down_proj.weight",
                                "blk.{i}.ffn_down_shexp.weight");
        return Experts.bias(rules, MIXER + "gate.e_score_correction_bias");
    }

    private static Rules rules(JsonObject config) {
        Rules rules =
                new Rules()
                        .add("backbone.embeddings.weight", "token_embd.weight")
                        .add("backbone.norm_f.weight", "output_norm.weight")
                        .add("lm_head.weight", "output.weight")
                        .add(LAYER + "norm.weight", "blk.{i}.attn_norm.weight")
                        .linear(MIXER + "q_proj", "blk.{i}.attn_q")
                        .linear(MIXER + "k_proj", "blk.{i}.attn_k")
                        .linear(MIXER + "v_proj", "blk.{i}.attn_v")
                        .linear(MIXER + "o_proj", "blk.{i}.attn_output")
                        .leaveOut("mtp.");
        return StateSpace.rules(rules, MIXER, config.size("n_groups"));
    }

    /** The kinds of layers, a letter for each: M, * for attention, - or E for a network. */
    private static String pattern(JsonObject config) {
        if (config.has("hybrid_override_pattern")) {
            return config.string("hybrid_override_pattern");
        }
        StringBuilder letters = new StringBuilder();
        for (Object kind : config.list(config.named("layers_block_type|layer_types"))) {
            letters.append(
                    switch (String.valueOf(kind)) {
                        case "mamba", "linear_attention" -> 'M';
                        case "attention", "full_attention" -> '*';
                        case "mlp" -> '-';
                        case "moe" -> 'E';
                        default ->
                                throw config.wrong(
                                        "layers_block_type", kind, "mamba, attention, mlp or moe");
                    });
        }
        return letters.toString();
    }

    /**
     * Which layer is what.
     *
     * @param width name of the width of the networks
     * @param network letter of the layers with one
     */
    private record Pattern(String width, char network) implements Setting {
        @Override
        public void read(JsonObject config, Keys keys) {
            String pattern = pattern(config);
            int[] heads = new int[pattern.length()];
            int[] widths = new int[pattern.length()];
            for (int i = 0; i < heads.length; i++) {
                char kind = pattern.charAt(i);
                if (kind == '*') {
                    heads[i] = Common.kvHeads(config);
                } else if (kind == network) {
                    widths[i] = config.size(width);
                } else if (kind != 'M') {
                    throw config.wrong(
                            "hybrid_override_pattern", pattern, "M, * and " + network + " only");
                }
            }
            if (heads.length == 0
                    || config.integer("num_hidden_layers", heads.length) != heads.length) {
                throw config.wrong(
                        "hybrid_override_pattern", pattern, "a letter for each hidden layer");
            }
            keys.own("block_count", heads.length);
            keys.own(LayerKinds.HEADS, heads);
            keys.own(WIDTHS, widths);
        }

        @Override
        public void write(GgufKeys keys, Map<String, Object> config) {
            int[] heads = LayerKinds.heads(keys);
            int[] widths = keys.get(WIDTHS) instanceof int[] each ? each : new int[0];
            if (widths.length != heads.length) {
                throw keys.wrong(WIDTHS, "expected one for each of the layers, 0 for none");
            }
            StringBuilder pattern = new StringBuilder();
            int most = 0;
            for (int i = 0; i < heads.length; i++) {
                pattern.append(heads[i] > 0 ? '*' : widths[i] > 0 ? network : 'M');
                most = Math.max(most, widths[i]);
            }
            config.put("num_hidden_layers", heads.length);
            config.put("num_key_value_heads", LayerKinds.most(keys));
            config.put("hybrid_override_pattern", pattern.toString());
            config.put(width, most);
        }
    }
}
