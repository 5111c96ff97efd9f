package dev.snoozy.testkit;

import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A GGUF file of a random model with a few thousand weights: says nothing, but everything a real
 * one does happens. The same calls give the same bytes.
 *
 * <p>Not thread-safe.
 */
public final class TinyModel {
    /** Length of a token's state. */
    public static final int EMBEDDING = 32;

    /** Tokens in the vocabularies of the decoders. */
    public static final int VOCABULARY = 300;

    /** Experts of a {@link #mixture}. */
    public static final int EXPERTS = 4;

    private static final int FEED_FORWARD = 48;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int CONTEXT = 256;
    private static final int BYTES = 256;
    private static final long SEED = 42;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;

    private final String architecture;
    private final int layers;
    private boolean seeded; // each tensor by its name, so that none depends on the others
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, long[]> tensors = new LinkedHashMap<>();

    private TinyModel(String architecture, int layers) {
        this.architecture = architecture;
        this.layers = layers;
        metadata.put("general.architecture", architecture);
        put("context_length", CONTEXT);
        put("embedding_length", EMBEDDING);
        put("block_count", layers);
        put("feed_forward_length", FEED_FORWARD);
        put("attention.head_count", HEADS);
    }

    /** A decoder that remembers everything, of two layers. */
    public static TinyModel llama() {
        TinyModel model = new TinyModel("llama", 2);
        model.decoder();
        for (int i = 0; i < model.layers; i++) {
            model.decoderLayer(i);
        }
        return model;
    }

    /** The same with a mixture of four experts, two of which work at a token. */
    public static TinyModel mixture() {
        TinyModel model = llama();
        model.put("expert_count", EXPERTS);
        model.put("expert_used_count", 2);
        for (int i = 0; i < model.layers; i++) {
            String name = "blk." + i + ".ffn_";
            model.without(name + "gate.weight")
                    .without(name + "up.weight")
                    .without(name + "down.weight")
                    .withTensor(name + "gate_inp.weight", EMBEDDING, EXPERTS)
                    .withTensor(name + "gate_exps.weight", EMBEDDING, FEED_FORWARD, EXPERTS)
                    .withTensor(name + "up_exps.weight", EMBEDDING, FEED_FORWARD, EXPERTS)
                    .withTensor(name + "down_exps.weight", FEED_FORWARD, EMBEDDING, EXPERTS);
        }
        return model;
    }

    /** A decoder most of whose six layers see a window of 16 positions. */
    public static TinyModel gemma3() {
        TinyModel model = new TinyModel("gemma3", 6);
        model.decoder();
        model.put("attention.sliding_window", 16);
        model.put("attention.key_length", EMBEDDING / HEADS);
        model.put("attention.value_length", EMBEDDING / HEADS);
        for (int i = 0; i < model.layers; i++) {
            model.decoderLayer(i);
            String name = "blk." + i + ".";
            model.tensors.put(name + "attn_q_norm.weight", shape(EMBEDDING / HEADS));
            model.tensors.put(name + "attn_k_norm.weight", shape(EMBEDDING / HEADS));
            model.tensors.put(name + "post_attention_norm.weight", shape(EMBEDDING));
            model.tensors.put(name + "post_ffw_norm.weight", shape(EMBEDDING));
        }
        return model;
    }

    /** A decoder of four layers, of which every second has a recurrent state for attention. */
    public static TinyModel lfm2() {
        TinyModel model = new TinyModel("lfm2", 4);
        model.decoder();
        model.without("output_norm.weight").withTensor("token_embd_norm.weight", EMBEDDING);
        model.put("attention.head_count_kv", new int[] {0, KV_HEADS, 0, KV_HEADS});
        model.put("shortconv.l_cache", 3);
        for (int i = 0; i < model.layers; i++) {
            model.decoderLayer(i);
            String name = "blk." + i + ".";
            if (i % 2 == 1) {
                model.withTensor(name + "attn_q_norm.weight", EMBEDDING / HEADS)
                        .withTensor(name + "attn_k_norm.weight", EMBEDDING / HEADS);
                continue;
            }
            for (String part : List.of("q", "k", "v", "output")) {
                model.without(name + "attn_" + part + ".weight");
            }
            model.withTensor(name + "shortconv.conv.weight", 3, EMBEDDING)
                    .withTensor(name + "shortconv.in_proj.weight", EMBEDDING, 3 * EMBEDDING)
                    .withTensor(name + "shortconv.out_proj.weight", EMBEDDING, EMBEDDING);
        }
        return model;
    }

    /** An encoder of two layers with a WordPiece vocabulary of small letters. */
    public static TinyModel bert() {
        TinyModel model = new TinyModel("bert", 2);
        model.put("attention.layer_norm_epsilon", 1e-5f);
        model.put("attention.causal", false);
        model.put("pooling_type", 1);
        model.wordPiece();
        model.tensors.put("token_types.weight", shape(EMBEDDING, 2));
        model.tensors.put("position_embd.weight", shape(EMBEDDING, CONTEXT));
        model.norm("token_embd_norm");
        for (int i = 0; i < model.layers; i++) {
            String name = "blk." + i + ".";
            for (String part : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                model.linear(name + part, EMBEDDING, EMBEDDING);
            }
            model.norm(name + "attn_output_norm");
            model.linear(name + "ffn_up", EMBEDDING, FEED_FORWARD);
            model.linear(name + "ffn_down", FEED_FORWARD, EMBEDDING);
            model.norm(name + "layer_output_norm");
        }
        return model;
    }

    /** The architectures of {@link #of}: all that the engine knows. */
    public static List<String> architectures() {
        return List.copyOf(Architectures.ALL.keySet());
    }

    /** Whether models of an architecture predict no tokens. */
    public static boolean isEncoder(String architecture) {
        return architecture.contains("bert") || architecture.endsWith("-embedding");
    }

    /**
     * A model of any architecture, of eight layers, with the tensors that its code asks for. A
     * tensor's numbers depend on its name only.
     */
    public static TinyModel of(String architecture) {
        List<String> lines = Architectures.ALL.get(architecture);
        if (lines == null) {
            throw new IllegalArgumentException("no architecture " + architecture);
        }
        TinyModel model = new TinyModel(architecture, 0);
        model.seeded = true;
        int tokens = architecture.contains("bert") ? model.wordPiece() : model.sentencePiece();
        model.tensors.clear(); // the vocabulary's table has another width
        if (isEncoder(architecture)) {
            model.put("pooling_type", 1);
            model.put("attention.causal", false);
        }
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("key")) {
                model.put(words[1], number(words[2]));
            } else {
                model.tensors(words, tokens);
            }
        }
        return model;
    }

    private static Object number(String text) {
        if (text.matches("\\d+")) {
            return Integer.valueOf(text);
        }
        if (text.contains(",")) { // one for each layer
            return Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        }
        return Float.valueOf(text);
    }

    /** The tensors of a line: the layers that have it, its name, its shape. */
    private void tensors(String[] words, int tokens) {
        long[] shape = new long[words.length - 3];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Long.parseLong(words[i + 3]);
        }
        if (words[2].contains("token_embd.")) { // a row for each token
            shape[shape.length - 1] = tokens;
        }
        for (String layer : words[1].split(",", -1)) {
            tensors.put(words[2].replace("blk.N", "blk." + layer), shape.clone());
        }
    }

    /** Whether there is a metadata key or a tensor. */
    public boolean has(String name) {
        return metadata.containsKey(name) || tensors.containsKey(name);
    }

    /** Sets a metadata key. */
    public TinyModel with(String key, Object value) {
        metadata.put(key, value);
        return this;
    }

    /** Leaves out a metadata key or a tensor. */
    public TinyModel without(String name) {
        if (metadata.remove(name) == null && tensors.remove(name) == null) {
            throw new IllegalArgumentException("the model has no key or tensor " + name);
        }
        return this;
    }

    /** Sets or adds a tensor; the first dimension is the one whose elements lie side by side. */
    public TinyModel withTensor(String name, long... shape) {
        tensors.put(name, shape);
        return this;
    }

    /** The file. */
    public byte[] bytes() {
        List<TensorInfo> infos = new ArrayList<>();
        tensors.forEach((name, shape) -> {
            List<Long> dimensions = new ArrayList<>();
            for (long dimension : shape) {
                dimensions.add(dimension);
            }
            infos.add(TensorInfo.of(name, TensorType.F32, dimensions));
        });
        Random one = new Random(SEED);
        return GgufWriter.bytes(
                new Metadata(metadata),
                infos,
                tensor -> values(tensor, seeded ? new Random(tensor.name().hashCode()) : one));
    }

    /** Writes the file to a path and returns it. */
    public Path writeTo(Path path) throws IOException {
        return Files.write(path, bytes());
    }

    /** Norms and divisors lie around 1; matrices keep the size of what they are multiplied with. */
    private static MemorySegment values(TensorInfo tensor, Random random) {
        boolean norm =
                tensor.name().contains("norm") && !tensor.name().endsWith("bias")
                        || tensor.name().equals("rope_freqs.weight");
        double spread = norm ? 0.1 : 1.5 / Math.sqrt(tensor.shape().getFirst());
        // Recurrent layers multiply activations with each other: what they add is kept small, or a
        // small change of the input would become a large one, layer after layer.
        spread *= tensor.name().matches(".*\\.(ssm_x|ssm_out)\\.weight") ? 0.2 : 1;
        ByteBuffer data = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < tensor.elements(); i++) {
            double value = (norm ? 1 : 0) + spread * random.nextGaussian();
            boolean fades = tensor.name().endsWith("ssm_a"); // a state that grows has no end
            data.putFloat((float) (fades ? -Math.abs(value) : value));
        }
        return MemorySegment.ofBuffer(data.flip());
    }

    /** Sets a key of the architecture; those of xIELU have no name before them. */
    private void put(String key, Object value) {
        metadata.put(key.startsWith("xielu.") ? key : architecture + "." + key, value);
    }

    private void decoder() {
        put("attention.head_count_kv", KV_HEADS);
        put("attention.layer_norm_rms_epsilon", 1e-5f);
        sentencePiece();
        tensors.put("token_embd.weight", shape(EMBEDDING, VOCABULARY));
        tensors.put("output_norm.weight", shape(EMBEDDING));
        if (architecture.equals("llama")) {
            tensors.put("output.weight", shape(EMBEDDING, VOCABULARY));
        }
    }

    private void decoderLayer(int i) {
        String name = "blk." + i + ".";
        int kv = EMBEDDING / HEADS * KV_HEADS;
        tensors.put(name + "attn_norm.weight", shape(EMBEDDING));
        tensors.put(name + "attn_q.weight", shape(EMBEDDING, EMBEDDING));
        tensors.put(name + "attn_k.weight", shape(EMBEDDING, kv));
        tensors.put(name + "attn_v.weight", shape(EMBEDDING, kv));
        tensors.put(name + "attn_output.weight", shape(EMBEDDING, EMBEDDING));
        tensors.put(name + "ffn_norm.weight", shape(EMBEDDING));
        tensors.put(name + "ffn_gate.weight", shape(EMBEDDING, FEED_FORWARD));
        tensors.put(name + "ffn_up.weight", shape(EMBEDDING, FEED_FORWARD));
        tensors.put(name + "ffn_down.weight", shape(FEED_FORWARD, EMBEDDING));
    }

    private void linear(String name, int in, int out) {
        tensors.put(name + ".weight", shape(in, out));
        tensors.put(name + ".bias", shape(out));
    }

    private void norm(String name) {
        tensors.put(name + ".weight", shape(EMBEDDING));
        tensors.put(name + ".bias", shape(EMBEDDING));
    }

    /** Three special tokens, every byte, the small letters, and words of two of them. */
    private int sentencePiece() {
        List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Integer> types = new ArrayList<>(List.of(UNKNOWN, CONTROL, CONTROL));
        for (int b = 0; b < BYTES; b++) {
            pieces.add("<0x%02X>".formatted(b));
            types.add(BYTE);
        }
        pieces.add("▁");
        for (char c = 'a'; c <= 'z'; c++) {
            pieces.add(String.valueOf(c));
        }
        for (char c = 'a'; pieces.size() < VOCABULARY; c++) {
            pieces.add("▁" + c);
        }
        while (types.size() < pieces.size()) {
            types.add(NORMAL);
        }
        vocabulary("llama", pieces, types);
        metadata.put("tokenizer.ggml.bos_token_id", 1);
        metadata.put("tokenizer.ggml.eos_token_id", 2);
        metadata.put("tokenizer.ggml.unknown_token_id", 0);
        return pieces.size();
    }

    private int wordPiece() {
        List<String> pieces =
                new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        List<Integer> types = new ArrayList<>(List.of(CONTROL, UNKNOWN, CONTROL, CONTROL, CONTROL));
        for (char c = 'a'; c <= 'z'; c++) {
            pieces.add("▁" + c);
            pieces.add(String.valueOf(c));
            types.add(NORMAL);
            types.add(NORMAL);
        }
        vocabulary("bert", pieces, types);
        metadata.put("tokenizer.ggml.padding_token_id", 0);
        metadata.put("tokenizer.ggml.unknown_token_id", 1);
        metadata.put("tokenizer.ggml.cls_token_id", 2);
        metadata.put("tokenizer.ggml.seperator_token_id", 3);
        metadata.put("tokenizer.ggml.mask_token_id", 4);
        tensors.put("token_embd.weight", shape(EMBEDDING, pieces.size()));
        return pieces.size();
    }

    private void vocabulary(String model, List<String> pieces, List<Integer> types) {
        metadata.put("tokenizer.ggml.model", model);
        metadata.put("tokenizer.ggml.tokens", pieces.toArray(String[]::new));
        metadata.put("tokenizer.ggml.scores", new float[pieces.size()]);
        metadata.put(
                "tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray());
    }

    private static long[] shape(long... dimensions) {
        return dimensions;
    }
}
