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

/**
 * A GGUF file of a chat model whose weights are written by hand: it knows a few answers by heart,
 * for tests that ask a model for what it knows. It chooses an answer by words of the conversation,
 * its clues, and says it piece by piece.
 *
 * <p>The state of a token has two halves. The first says which token is the last one: the
 * embedding. The second says which tokens there were: attention looks at all of them alike (queries
 * and keys are zero) and writes what it finds there. The output adds up, for each token, whether it
 * may follow the last one and which clues speak for it. The feed-forward layer does nothing.
 *
 * <p>Not thread-safe.
 */
public final class KnowingModel {
    /** A chat template over the control tokens of the model. */
    public static final String TEMPLATE =
            "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
                    + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

    private static final List<String> CONTROLS =
            List.of("<s>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>");
    private static final int END = 2;
    private static final int ASSISTANT = 5;
    private static final int BYTES = 256;
    private static final int HEAD = 64;
    private static final int CONTEXT = 4096;

    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int BYTE = 6;

    /** How much it counts that a token may follow; more than all clues together. */
    private static final float FOLLOWS = 10_000;

    /** How much a clue counts that was found once. */
    private static final float CLUE = 100;

    /** How much it counts to be what is said without any clue. */
    private static final float OTHERWISE = 2;

    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    /** Of a token, what speaks for it: ids of tokens before it, and of clues, with weights. */
    private final Map<Integer, Map<Integer, Float>> follows = new LinkedHashMap<>();

    private final Map<Integer, Map<Integer, Float>> clues = new LinkedHashMap<>();

    /** A model that says one thing, until it knows more. */
    public KnowingModel(String... pieces) {
        add("<unk>", UNKNOWN);
        CONTROLS.forEach(name -> add(name, CONTROL));
        for (int b = 0; b < BYTES; b++) {
            add("<0x%02X>".formatted(b), BYTE);
        }
        say(ASSISTANT, OTHERWISE, pieces);
    }

    private int add(String text, int type) {
        tokens.add(text);
        types.add(type);
        return tokens.size() - 1;
    }

    /** The token of a text that the model writes. */
    private int piece(String text) {
        return ids.computeIfAbsent(text, t -> add(t.replace(' ', '▁'), NORMAL));
    }

    /** The token of a word that the model takes notice of. */
    private int clue(String word) {
        return ids.computeIfAbsent("clue " + word, t -> add(word, USER_DEFINED));
    }

    /**
     * An answer.
     *
     * @param clue a word of the conversation, without spaces, that speaks for it each time that it
     *     occurs
     * @param weight how much, beside the clues of other answers
     * @param pieces tokens of the answer, not empty
     */
    public KnowingModel answer(String clue, double weight, String... pieces) {
        clues.computeIfAbsent(piece(pieces[0]), id -> new LinkedHashMap<>())
                .merge(clue(clue), (float) weight, Math::max);
        say(ASSISTANT, 0, pieces);
        return this;
    }

    /** What is said behind a piece instead of nothing, if a clue is found. */
    public KnowingModel then(String piece, String clue, double weight, String... pieces) {
        clues.computeIfAbsent(piece(pieces[0]), id -> new LinkedHashMap<>())
                .merge(clue(clue), (float) weight, Math::max);
        say(piece(piece), 0, pieces);
        return this;
    }

    private void say(int from, float bias, String... pieces) {
        int last = from;
        float extra = bias;
        for (String text : pieces) {
            int next = piece(text);
            allow(last, next, extra);
            last = next;
            extra = 0;
        }
        allow(last, END, OTHERWISE);
    }

    private void allow(int from, int to, float bias) {
        follows.computeIfAbsent(to, id -> new LinkedHashMap<>())
                .merge(from, FOLLOWS + bias, Math::max);
    }

    /** Writes the file to a path and returns it. */
    public Path writeTo(Path path) throws IOException {
        return Files.write(path, bytes());
    }

    /** The file. */
    public byte[] bytes() {
        int vocabulary = tokens.size();
        int width = (2 * vocabulary + HEAD - 1) / HEAD * HEAD;
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", "llama");
        metadata.put("general.name", "knowing");
        metadata.put("llama.context_length", CONTEXT);
        metadata.put("llama.embedding_length", width);
        metadata.put("llama.block_count", 1);
        metadata.put("llama.feed_forward_length", HEAD);
        metadata.put("llama.attention.head_count", width / HEAD);
        metadata.put("llama.attention.head_count_kv", width / HEAD);
        metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
        metadata.put(
                "tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray());
        metadata.put("tokenizer.ggml.scores", new float[vocabulary]);
        metadata.put("tokenizer.ggml.bos_token_id", 1);
        metadata.put("tokenizer.ggml.eos_token_id", END);
        metadata.put("tokenizer.ggml.unknown_token_id", 0);
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        metadata.put("tokenizer.chat_template", TEMPLATE);
        List<TensorInfo> infos = new ArrayList<>();
        infos.add(matrix("token_embd.weight", width, vocabulary));
        infos.add(matrix("output_norm.weight", width));
        infos.add(matrix("output.weight", width, vocabulary));
        infos.add(matrix("blk.0.attn_norm.weight", width));
        for (String part : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
            infos.add(matrix("blk.0." + part + ".weight", width, width));
        }
        infos.add(matrix("blk.0.ffn_norm.weight", width));
        infos.add(matrix("blk.0.ffn_gate.weight", width, HEAD));
        infos.add(matrix("blk.0.ffn_up.weight", width, HEAD));
        infos.add(matrix("blk.0.ffn_down.weight", HEAD, width));
        return GgufWriter.bytes(new Metadata(metadata), infos, info -> values(info, width));
    }

    private static TensorInfo matrix(String name, long... shape) {
        List<Long> dimensions = new ArrayList<>();
        for (long dimension : shape) {
            dimensions.add(dimension);
        }
        return TensorInfo.of(name, TensorType.F32, dimensions);
    }

    private MemorySegment values(TensorInfo info, int width) {
        float[] values = new float[(int) info.elements()];
        String name = info.name();
        int half = width / 2;
        if (name.contains("norm")) {
            Arrays.fill(values, 1);
        } else if (name.equals("token_embd.weight")) {
            for (int token = 0; token < tokens.size(); token++) {
                values[token * width + token] = 1;
            }
        } else if (name.endsWith("attn_v.weight")) {
            for (int token = 0; token < half; token++) {
                values[(half + token) * width + token] = 1; // into the second half
            }
        } else if (name.endsWith("attn_output.weight")) {
            for (int i = 0; i < width; i++) {
                values[i * width + i] = 1;
            }
        } else if (name.equals("output.weight")) {
            follows.forEach((to, from) ->
                    from.forEach((token, weight) -> values[to * width + token] = weight));
            clues.forEach((to, words) ->
                    words.forEach(
                            (word, weight) -> values[to * width + half + word] = CLUE * weight));
        }
        ByteBuffer data = ByteBuffer.allocate((int) info.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return MemorySegment.ofBuffer(data);
    }
}
