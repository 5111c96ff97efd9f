package dev.snoozy.compress.convert.family;

import static dev.snoozy.compress.convert.family.Settings.only;
import static dev.snoozy.compress.convert.family.Settings.optionalSize;
import static dev.snoozy.compress.convert.family.Settings.size;
import static dev.snoozy.compress.convert.family.Settings.told;

import java.util.List;

/**
 * Llama, Mistral and Mixtral, which GGUF calls {@code llama}. Its rotary positions turn adjacent
 * pairs, so the rows of queries and keys are reordered.
 */
final class Llama {
    static List<Family> families() {
        return List.of(
                llama("llama", "LlamaForCausalLM", "LlamaModel").where(keys -> !mixed(keys)),
                llama("mistral", "MistralForCausalLM", "MistralModel").where(keys -> false),
                llama("mixtral", "MixtralForCausalLM")
                        .settings(
                                size("num_local_experts", "expert_count"),
                                size("num_experts_per_tok", "expert_used_count"))
                        .where(Llama::mixed));
    }

    private Llama() {}

    private static boolean mixed(GgufKeys keys) {
        return keys.integer("expert_count", 0) > 0;
    }

    private static Family llama(String modelType, String checkpointClass, String... aliases) {
        return new Family("llama", modelType, checkpointClass, aliases)
                .settings(
                        Common.decoder(1e-5),
                        only("hidden_act", "silu"),
                        Common.turnedColumns(),
                        optionalSize("sliding_window", "attention.sliding_window"),
                        told("attention_bias", "blk.0.attn_q.bias"),
                        told("mlp_bias", "blk.0.ffn_up.bias"))
                .rope(10_000)
                .tensors(Llama::rules);
    }

    private static Rules rules(JsonObject config) {
        Transform q = Transform.pairs(config.size("num_attention_heads"));
        Transform k = Transform.pairs(Common.kvHeads(config));
        String moe = "model.layers.{i}.block_sparse_moe.";
        return Common.decoder(Transform.SAME, q, k)
                .add("model.layers.{i}.post_attention_layernorm.weight", "blk.{i}.ffn_norm.weight")
                .add(moe + "gate.weight", "blk.{i}.ffn_gate_inp.weight")
                .add(moe + "experts.{e}.w1.weight", "blk.{i}.ffn_gate_exps.weight")
                .add(moe + "experts.{e}.w2.weight", "blk.{i}.ffn_down_exps.weight")
                .add(moe + "experts.{e}.w3.weight", "blk.{i}.ffn_up_exps.weight");
    }
}
