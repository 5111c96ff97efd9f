package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.all;
import static dev.snoozy.compress.convert.family.Settings.size;

/** What the families with Mamba and Mamba 2 share. */
final class StateSpace {
    private static final String INNER = "ssm.inner_size";
    private static final String HEADS = "ssm.time_step_rank";
    private static final String EMBEDDING = "embedding_length";

    private static final Transform FADING = Transform.SAME.with(Transform.Values.FADING);
    private static final Transform CONVOLUTION = Transform.of(TensorView.CONVOLUTION);

    private StateSpace() {}

    /** Mamba 2's sizes, whose names begin so: heads of channels, groups of them, states. */
    static Setting second(String prefix) {
        return all(
                size(prefix + "d_conv", "ssm.conv_kernel"),
                size(prefix + "d_state", "ssm.state_size"),
                size(prefix + "n_groups", "ssm.group_count"),
                size(prefix + "n_heads", HEADS),
                headLength(prefix + "d_head"),
                unlimited());
    }

    /** Channels of a head, or a word that leaves it to the number of heads. */
    private static Setting headLength(String name) {
        return Setting.of(
                (config, keys) -> config.get(name),
                (keys, config) -> config.put(name, keys.integer(INNER) / keys.integer(HEADS)));
    }

    /** Channels as a multiple of the embedding. */
    static Setting expanded(String name) {
        return Setting.of(
                (config, keys) -> keys.own(INNER, config.size(name) * config.size("hidden_size")),
                (keys, config) -> {
                    int inner = keys.integer(INNER);
                    int embedding = keys.integer(EMBEDDING);
                    if (inner % embedding != 0) {
                        throw keys.wrong(INNER, "expected a multiple of " + embedding);
                    }
                    config.put(name, inner / embedding);
                });
    }

    /** Steps are as long as they come; biases only where the engine adds some. */
    static Setting unlimited() {
        return Setting.toGguf((config, keys) -> {
            config.require("mamba_proj_bias", false);
            config.require("use_bias", false);
            config.require("mamba_hidden_act", "silu");
            Object limit = config.get("time_step_limit");
            boolean none =
                    limit == null
                            || config.list("time_step_limit").getFirst() instanceof Number low
                                    && low.doubleValue() == 0;
            if (!none) {
                throw config.wrong("time_step_limit", limit, "from 0 on, without an end");
            }
            for (String name : HOW) {
                config.get(name);
            }
        });
    }

    /** How a state is computed or was trained, which changes nothing. */
    private static final String[] HOW = {
        "mamba_chunk_size",
        "chunk_size",
        "mamba_conv_bias",
        "use_conv_bias",
        "use_mamba_kernels",
        "use_mambapy",
        "use_associative_scan",
        "residual_in_fp32",
        "rescale_prenorm_residual",
        "time_step_min",
        "time_step_max",
        "time_step_floor",
        "time_step_scale",
        "time_step_init_scheme",
        "mamba_ssm_cache_dtype",
        "num_logits_to_keep"
    };

    /** The tensors of a mixer of Mamba 2, whose norm is by groups. */
    static Rules rules(Rules rules, String prefix, int groups) {
        return inside(ends(rules, prefix), prefix, groups);
    }

    /** The same without what goes in and out. */
    static Rules inside(Rules rules, String prefix, int groups) {
        return convolution(rules, prefix)
                .add(prefix + "dt_bias", "blk.{i}.ssm_dt.bias")
                .add(prefix + "A_log", "blk.{i}.ssm_a", FADING.with(TensorView.COLUMN))
                .add(prefix + "D", "blk.{i}.ssm_d", Transform.of(TensorView.COLUMN))
                .add(
                        prefix + "norm.weight",
                        "blk.{i}.ssm_norm.weight",
                        Transform.of(TensorView.groups(groups)));
    }

    /** The tensors of a mixer of Mamba. */
    static Rules rules(Rules rules, String prefix) {
        return convolution(ends(rules, prefix), prefix)
                .add(prefix + "x_proj.weight", "blk.{i}.ssm_x.weight")
                .linear(prefix + "dt_proj", "blk.{i}.ssm_dt")
                .add(prefix + "A_log", "blk.{i}.ssm_a", FADING)
                .add(prefix + "D", "blk.{i}.ssm_d");
    }

    private static Rules ends(Rules rules, String prefix) {
        return rules.add(prefix + "in_proj.weight", "blk.{i}.ssm_in.weight")
                .add(prefix + "out_proj.weight", "blk.{i}.ssm_out.weight");
    }

    private static Rules convolution(Rules rules, String prefix) {
        return rules.add(prefix + "conv1d.weight", "blk.{i}.ssm_conv1d.weight", CONVOLUTION)
                .add(prefix + "conv1d.bias", "blk.{i}.ssm_conv1d.bias");
    }
}
