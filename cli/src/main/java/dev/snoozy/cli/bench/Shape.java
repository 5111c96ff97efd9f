package dev.snoozy.cli.bench;

import dev.snoozy.cli.NearNames;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.Mixture;
import dev.snoozy.compress.ModelShape;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The measures of a model: what a random one is made after.
 *
 * @param name what the user calls it
 * @param architecture GGUF's name of the family: {@code llama}, {@code qwen3} or {@code gemma3}
 * @param layers number of layers
 * @param embedding length of a token's state
 * @param heads number of query heads
 * @param kvHeads number of key and value heads
 * @param keyLength length of a query, key or value of one head
 * @param feedForward width of the feed-forward network, of one expert if there are experts
 * @param vocabulary number of tokens
 * @param context context length, tokens
 * @param ropeBase base of the rotary frequencies
 * @param tied whether the token table is the output matrix too
 * @param experts number of experts, 0 for a dense model; two of them are used
 */
record Shape(
        String name,
        String architecture,
        int layers,
        int embedding,
        int heads,
        int kvHeads,
        int keyLength,
        int feedForward,
        int vocabulary,
        int context,
        float ropeBase,
        boolean tied,
        int experts) {
    private static final int EXPERTS_USED = 2;
    private static final int GEMMA_WINDOW = 512;
    private static final float EPSILON = 1e-6f;
    private static final float LOW_BASE = 1e4f;
    private static final float LLAMA3_BASE = 5e5f;
    private static final float HIGH_BASE = 1e6f;

    private static final List<Shape> ALL =
            List.of(
                    // Llama 3.2 1B and Llama 3 8B (Grattafiori et al. 2024)
                    llama("llama-1b", 16, 2048, 32, 8, 8192, 128_256, true, 0),
                    llama("llama-8b", 32, 4096, 32, 8, 14_336, 128_256, false, 0),
                    // Llama 2 13B (Touvron et al. 2023)
                    llama("llama-13b", 40, 5120, 40, 40, 13_824, 32_000, false, 0)
                            .with(4096, LOW_BASE),
                    // Qwen3 0.6B (Yang et al. 2025)
                    new Shape(
                            "qwen3-0.6b",
                            "qwen3",
                            28,
                            1024,
                            16,
                            8,
                            128,
                            3072,
                            151_936,
                            32_768,
                            HIGH_BASE,
                            true,
                            0),
                    // Gemma 3 1B (Gemma Team 2025)
                    new Shape(
                            "gemma-small",
                            "gemma3",
                            26,
                            1152,
                            4,
                            1,
                            256,
                            6912,
                            262_144,
                            32_768,
                            HIGH_BASE,
                            true,
                            0),
                    llama("llama-small", 8, 1024, 16, 4, 4096, 32_000, true, 0),
                    llama("moe-small", 12, 1024, 16, 4, 2048, 32_000, false, 8),
                    llama("tiny", 2, 256, 4, 2, 512, 512, true, 0).with(512, LOW_BASE));

    /** A model of the Llama family. */
    static Shape llama(
            String name,
            int layers,
            int embedding,
            int heads,
            int kvHeads,
            int feedForward,
            int vocabulary,
            boolean tied,
            int experts) {
        return new Shape(
                name,
                "llama",
                layers,
                embedding,
                heads,
                kvHeads,
                embedding / heads,
                feedForward,
                vocabulary,
                32_768,
                LLAMA3_BASE,
                tied,
                experts);
    }

    /** The names of all shapes. */
    static List<String> names() {
        return ALL.stream().map(Shape::name).toList();
    }

    /**
     * The shape of that name.
     *
     * @throws WrongUseException if there is none, with the nearest names
     */
    static Shape of(String name) {
        return ALL.stream()
                .filter(shape -> shape.name.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () -> new WrongUseException(NearNames.unknown("--random", name, names())));
    }

    private Shape with(int length, float base) {
        return new Shape(
                name,
                architecture,
                layers,
                embedding,
                heads,
                kvHeads,
                keyLength,
                feedForward,
                vocabulary,
                length,
                base,
                tied,
                experts);
    }

    /** The same with another number of tokens. */
    Shape withVocabulary(int tokens) {
        return new Shape(
                name,
                architecture,
                layers,
                embedding,
                heads,
                kvHeads,
                keyLength,
                feedForward,
                tokens,
                context,
                ropeBase,
                tied,
                experts);
    }

    /** The hyper-parameters as metadata keys. */
    Map<String, Object> metadata() {
        Map<String, Object> keys = new LinkedHashMap<>();
        String prefix = architecture + ".";
        keys.put("general.architecture", architecture);
        keys.put(prefix + "context_length", context);
        keys.put(prefix + "embedding_length", embedding);
        keys.put(prefix + "block_count", layers);
        keys.put(prefix + "feed_forward_length", feedForward);
        keys.put(prefix + "attention.head_count", heads);
        keys.put(prefix + "attention.head_count_kv", kvHeads);
        keys.put(prefix + "attention.key_length", keyLength);
        keys.put(prefix + "attention.value_length", keyLength);
        keys.put(prefix + "attention.layer_norm_rms_epsilon", EPSILON);
        keys.put(prefix + "rope.dimension_count", keyLength);
        keys.put(prefix + "rope.freq_base", ropeBase);
        keys.put(prefix + "vocab_size", vocabulary);
        if (experts > 0) {
            keys.put(prefix + "expert_count", experts);
            keys.put(prefix + "expert_used_count", EXPERTS_USED);
        }
        if (isGemma()) {
            keys.put(prefix + "attention.sliding_window", GEMMA_WINDOW);
        }
        return keys;
    }

    /** The tensors in file order, of the types that the mixture gives them. */
    List<TensorInfo> tensors(Mixture mixture) {
        List<TensorInfo> tensors = new ArrayList<>();
        add(tensors, "token_embd", embedding, vocabulary);
        if (!tied) {
            add(tensors, "output", embedding, vocabulary);
        }
        add(tensors, "output_norm", embedding);
        for (int i = 0; i < layers; i++) {
            String layer = "blk." + i + ".";
            attention(tensors, layer);
            feedForward(tensors, layer);
        }
        ModelShape shape = new ModelShape(architecture, layers, heads, kvHeads, experts);
        Map<String, TensorType> types = mixture.types(tensors, shape, false);
        return tensors.stream()
                .map(t ->
                        TensorInfo.of(t.name(), types.getOrDefault(t.name(), t.type()), t.shape()))
                .toList();
    }

    private void attention(List<TensorInfo> tensors, String layer) {
        int queries = heads * keyLength;
        int keys = kvHeads * keyLength;
        add(tensors, layer + "attn_norm", embedding);
        add(tensors, layer + "attn_q", embedding, queries);
        add(tensors, layer + "attn_k", embedding, keys);
        add(tensors, layer + "attn_v", embedding, keys);
        add(tensors, layer + "attn_output", queries, embedding);
        if (isGemma() || architecture.equals("qwen3")) {
            add(tensors, layer + "attn_q_norm", keyLength);
            add(tensors, layer + "attn_k_norm", keyLength);
        }
        if (isGemma()) {
            add(tensors, layer + "post_attention_norm", embedding);
        }
    }

    private void feedForward(List<TensorInfo> tensors, String layer) {
        add(tensors, layer + "ffn_norm", embedding);
        if (experts > 0) {
            add(tensors, layer + "ffn_gate_inp", embedding, experts);
            add(tensors, layer + "ffn_gate_exps", embedding, feedForward, experts);
            add(tensors, layer + "ffn_up_exps", embedding, feedForward, experts);
            add(tensors, layer + "ffn_down_exps", feedForward, embedding, experts);
        } else {
            add(tensors, layer + "ffn_gate", embedding, feedForward);
            add(tensors, layer + "ffn_up", embedding, feedForward);
            add(tensors, layer + "ffn_down", feedForward, embedding);
        }
        if (isGemma()) {
            add(tensors, layer + "post_ffw_norm", embedding);
        }
    }

    private boolean isGemma() {
        return architecture.equals("gemma3");
    }

    private void add(List<TensorInfo> tensors, String name, long... dimensions) {
        List<Long> sizes = new ArrayList<>();
        for (long dimension : dimensions) {
            sizes.add(dimension);
        }
        tensors.add(TensorInfo.of(name + ".weight", TensorType.F32, sizes));
    }
}
