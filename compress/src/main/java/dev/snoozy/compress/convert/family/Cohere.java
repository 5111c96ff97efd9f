package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.ignored;
import static dev.snoozy.compress.convert.family.Settings.number;
import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;
import static dev.snoozy.compress.convert.family.Settings.untold;

import java.util.List;

/** Command R and R7B, whose positions turn adjacent pairs in the checkpoint, too. */
final class Cohere {
    private static final String LAYER = "model.layers.{i}.";

    private Cohere() {}

    static List<Family> families() {
        return List.of(commandR(), cohere2());
    }

    private static Family commandR() {
        return family("command-r", "cohere", "CohereForCausalLM")
                .settings(
                        size("model_max_length|max_position_embeddings", "context_length"),
                        Setting.of(
                                (config, keys) -> config.get("max_position_embeddings"),
                                (keys, config) ->
                                        config.put(
                                                "max_position_embeddings",
                                                keys.integer("context_length"))),
                        told("use_qk_norm", "blk.0.attn_q_norm.weight"),
                        untold(Common.WINDOW))
                .rope(500_000);
    }

    private static Family cohere2() {
        return family("cohere2", "cohere2", "Cohere2ForCausalLM")
                .settings(
                        size("max_position_embeddings", "context_length"),
                        Common.headLengths(0),
                        Common.windows(4),
                        RopeKeys.partial(1),
                        only("use_qk_norm", false),
                        only("use_gated_activation", true),
                        only("use_parallel_block", true),
                        only("order_of_interleaved_layers", "local_attn_first"),
                        ignored("layer_switch", "use_embedding_sharing", "use_parallel_embedding"))
                .rope(10_000)
                .defaults("sliding_window", 4096);
    }

    private static Family family(String architecture, String modelType, String checkpointClass) {
        return new Family(architecture, modelType, checkpointClass)
                .settings(
                        size("hidden_size", "embedding_length"),
                        size("intermediate_size", "feed_forward_length"),
                        size("num_hidden_layers", "block_count"),
                        size("num_attention_heads", "attention.head_count"),
                        Common.keyHeads(),
                        Settings.vocabulary(),
                        number("layer_norm_eps", "attention.layer_norm_epsilon", 1e-5),
                        number("logit_scale", "logit_scale", 0.0625, 1),
                        only("hidden_act", "silu"),
                        told("attention_bias", "blk.0.attn_q.bias"))
                .tensors(config -> rules())
                .tied();
    }

    private static Rules rules() {
        Transform same = Transform.SAME;
        return Common.decoder(same, same, same)
                .add(LAYER + "self_attn.q_norm.weight", "blk.{i}.attn_q_norm.weight")
                .add(LAYER + "self_attn.k_norm.weight", "blk.{i}.attn_k_norm.weight");
    }
}
