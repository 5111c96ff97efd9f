package dev.snoozy.compress.convert;

import dev.snoozy.testkit.TinyModel;

import java.util.List;
import java.util.Set;

/**
 * Tiny models of all architectures as their published ones are: with one matrix for queries, keys
 * and values where those have it, with their biases, and with windows only where a checkpoint can
 * say so.
 */
final class TinyCheckpoints {
    private static final int LAYERS = 8;
    private static final int EMBEDDING = 64;
    private static final int HEADS = 4;
    private static final int HEAD = 16;
    private static final int FEED_FORWARD = 96;
    private static final int TOKENS = 300;

    /** Those with a window in all layers, or in some. */
    private static final Set<String> WINDOWS =
            Set.of(
                    "cohere2",
                    "exaone4",
                    "gemma-embedding",
                    "gemma2",
                    "gemma3",
                    "gemma3n",
                    "gemma4",
                    "llama",
                    "mistral3",
                    "olmo2",
                    "phi3",
                    "starcoder2");

    private static final Set<String> FUSED =
            Set.of("bloom", "codeshell", "falcon", "gpt2", "gptneox", "mpt", "phi3", "starcoder");

    private static final Set<String> BIASED =
            Set.of("bloom", "codeshell", "gpt2", "gptneox", "phi2", "starcoder", "starcoder2");

    private static final Set<String> GATED = Set.of("orion", "stablelm");

    private static final Set<String> LAYER_NORMED =
            Set.of(
                    "bloom",
                    "codeshell",
                    "falcon",
                    "gpt2",
                    "gptneox",
                    "nemotron",
                    "orion",
                    "phi2",
                    "stablelm",
                    "starcoder",
                    "starcoder2");

    private TinyCheckpoints() {}

    static TinyModel of(String name) {
        TinyModel model = TinyModel.of(name);
        if (!WINDOWS.contains(name) && model.has(name + ".attention.sliding_window")) {
            model.without(name + ".attention.sliding_window");
        }
        int keyHeads = keyHeads(model, name);
        int width = name.equals("bloom") || name.equals("mpt") ? 4 * EMBEDDING : FEED_FORWARD;
        model.with(name + ".feed_forward_length", width);
        for (int i = 0; i < LAYERS; i++) {
            if (FUSED.contains(name)) {
                fuse(model, "blk." + i + ".attn_", keyHeads);
            }
            String layer = "blk." + i + ".";
            if (GATED.contains(name)) {
                model.withTensor(layer + "ffn_gate.weight", EMBEDDING, FEED_FORWARD);
            }
            if (width != FEED_FORWARD) { // the only one that its config.json can say
                model.withTensor(layer + "ffn_up.weight", EMBEDDING, width)
                        .withTensor(layer + "ffn_down.weight", width, EMBEDDING);
            }
            if (BIASED.contains(name)) {
                biases(model, layer, keyHeads, width);
            }
            if (LAYER_NORMED.contains(name)) {
                List.of("attn_norm", "ffn_norm")
                        .forEach(norm -> bias(model, layer + norm, EMBEDDING));
            }
        }
        if (LAYER_NORMED.contains(name)) {
            List.of("output_norm", "token_embd_norm").forEach(norm -> bias(model, norm, EMBEDDING));
        }
        if (name.equals("phi2")) {
            model.withTensor("output.weight", EMBEDDING, TOKENS).withTensor("output.bias", TOKENS);
        }
        return model;
    }

    /** Heads of keys, where a checkpoint has no choice. */
    private static int keyHeads(TinyModel model, String name) {
        int heads =
                switch (name) {
                    case "baichuan", "bloom", "gpt2", "gptneox", "mpt" -> HEADS;
                    case "falcon", "starcoder" -> 1;
                    default -> 2;
                };
        if (heads != 2) {
            model.with(name + ".attention.head_count_kv", heads);
        }
        for (int i = 0; i < LAYERS && heads == HEADS && !FUSED.contains(name); i++) {
            String layer = "blk." + i + ".attn_";
            model.withTensor(layer + "k.weight", EMBEDDING, EMBEDDING)
                    .withTensor(layer + "v.weight", EMBEDDING, EMBEDDING);
        }
        return heads;
    }

    /** One matrix instead of three, for the tensors of a layer that begin so. */
    static void fuse(TinyModel model, String name, int keyHeads) {
        if (model.has(name + "q.weight")) {
            List.of("q", "k", "v").forEach(part -> model.without(name + part + ".weight"));
        }
        model.withTensor(name + "qkv.weight", EMBEDDING, (HEADS + 2L * keyHeads) * HEAD);
    }

    private static void biases(TinyModel model, String layer, int keyHeads, int width) {
        long keys = (long) keyHeads * HEAD;
        bias(model, layer + "attn_qkv", EMBEDDING + 2 * keys);
        bias(model, layer + "attn_q", EMBEDDING);
        bias(model, layer + "attn_k", keys);
        bias(model, layer + "attn_v", keys);
        bias(model, layer + "attn_output", EMBEDDING);
        bias(model, layer + "ffn_up", width);
        bias(model, layer + "ffn_down", EMBEDDING);
    }

    /** A bias, if there is the weight that it is for. */
    private static void bias(TinyModel model, String name, long length) {
        if (model.has(name + ".weight")) {
            model.withTensor(name + ".bias", length);
        }
    }
}
