package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.JsonObject;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refuses what a config.json says and nobody understood: such a key may change what the model
 * computes.
 */
final class ConfigCheck {
    /** Keys that say how a model was trained, stored or named, or how the library is to run it. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "architectures",
                    "model_type",
                    "_name_or_path",
                    "_commit_hash",
                    "_attn_implementation_autoset",
                    "torch_dtype",
                    "dtype",
                    "transformers_version",
                    "use_cache",
                    "cache_implementation",
                    "initializer_range",
                    "initializer_factor",
                    "bos_token_id",
                    "eos_token_id",
                    "eod_token_id",
                    "pad_token_id",
                    "sep_token_id",
                    "cls_token_id",
                    "tie_word_embeddings",
                    "vocab_size",
                    "attention_dropout",
                    "hidden_dropout_prob",
                    "attention_probs_dropout_prob",
                    "classifier_dropout",
                    "resid_pdrop",
                    "embd_pdrop",
                    "attn_pdrop",
                    "hidden_dropout",
                    "residual_dropout",
                    "embedding_dropout",
                    "summary_type",
                    "summary_use_proj",
                    "summary_activation",
                    "summary_proj_to_labels",
                    "summary_first_dropout",
                    "pretraining_tp",
                    "output_attentions",
                    "output_hidden_states",
                    "output_router_logits",
                    "router_aux_loss_coef",
                    "router_jitter_noise",
                    "return_dict",
                    "task_specific_params",
                    "gradient_checkpointing",
                    "auto_map",
                    "id2label",
                    "label2id",
                    "attention_bias",
                    "mlp_bias",
                    "attn_implementation",
                    "_flash_attn_2_enabled",
                    "chunk_size_feed_forward",
                    "rope_interleaved",
                    "license",
                    "cross_attention_hidden_size",
                    "use_bfloat16",
                    "unsloth_fixed",
                    "unsloth_version",
                    "position_embedding_type");

    private ConfigCheck() {}

    /**
     * Refuses a config.json with unread keys that may matter.
     *
     * @param ignored keys that the user vouches for
     */
    static void run(JsonObject config, Set<String> ignored) {
        for (String key : config.unread()) {
            Object value = config.get(key);
            if (!HARMLESS.contains(key) && !ignored.contains(key) && !saysNothing(value)) {
                throw new ConvertException(
                        "config.json: found "
                                + key
                                + " = "
                                + value
                                + ", which this version does not know and which may change what the"
                                + " model computes; cure: --ignore "
                                + key
                                + " if it does not");
            }
        }
    }

    private static boolean saysNothing(@Nullable Object value) {
        return value == null
                || Boolean.FALSE.equals(value)
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }
}
