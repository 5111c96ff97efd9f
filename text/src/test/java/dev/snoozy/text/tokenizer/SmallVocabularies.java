package dev.snoozy.text.tokenizer;

import dev.snoozy.format.Metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Vocabularies of a few hundred tokens, one of each kind, as the metadata of a GGUF file. */
final class SmallVocabularies {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int BYTE = 6;

    private final List<String> tokens = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final Map<String, Object> keys = new HashMap<>();

    private SmallVocabularies(String model) {
        put("model", model);
    }

    private SmallVocabularies token(String text, int type, float score) {
        tokens.add(text);
        types.add(type);
        scores.add(score);
        return this;
    }

    private SmallVocabularies put(String key, Object value) {
        keys.put("tokenizer.ggml." + key, value);
        return this;
    }

    private Map<String, Object> keys() {
        put("tokens", tokens.toArray(String[]::new));
        put("token_type", types.stream().mapToInt(type -> type).toArray());
        float[] values = new float[scores.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = scores.get(i);
        }
        put("scores", values);
        return keys;
    }

    /** The texts of the tokens, to be changed. */
    static String[] tokens(Map<String, Object> keys) {
        return (String[]) Objects.requireNonNull(keys.get("tokenizer.ggml.tokens"));
    }

    /** The types of the tokens, to be changed. */
    static int[] types(Map<String, Object> keys) {
        return (int[]) Objects.requireNonNull(keys.get("tokenizer.ggml.token_type"));
    }

    static Tokenizer tokenizer(Map<String, Object> keys) {
        return Tokenizer.of(new Metadata(keys));
    }

    /** GPT-2's character for a byte. */
    static String byteLevel(int value) {
        boolean itself =
                value >= 33 && value <= 126
                        || value >= 161 && value <= 172
                        || value >= 174 && value <= 255;
        if (itself) {
            return String.valueOf((char) value);
        }
        int below = value <= 32 ? value : value <= 160 ? value - 127 + 33 : 67;
        return String.valueOf((char) (256 + below));
    }

    /** Ids 0 to 255 are the bytes; then "he", "ll", "hell", "hello", " hello"; then others. */
    static Map<String, Object> bytePair() {
        SmallVocabularies made = new SmallVocabularies("gpt2").put("pre", "gpt-2");
        for (int b = 0; b < 256; b++) {
            made.token(byteLevel(b), NORMAL, 0);
        }
        for (String piece : List.of("he", "ll", "hell", "hello", "\u0120hello", "aa", "aaaa")) {
            made.token(piece, NORMAL, 0);
        }
        made.token("<|end|>", CONTROL, 0)
                .token("<|user|>", CONTROL, 0)
                .token("<tool>", USER_DEFINED, 0)
                .token("😀", CONTROL, 0);
        return made.put(
                        "merges",
                        new String[] {
                            "h e", "l l", "he ll", "hell o", "\u0120 hello", "a a", "aa aa"
                        })
                .put("bos_token_id", 263)
                .put("eos_token_id", 263)
                .put("add_bos_token", true)
                .keys();
    }

    /** Ids 0 to 2 are unknown, BOS and EOS; 3 to 258 the bytes; then pieces with scores. */
    static Map<String, Object> sentencePiece() {
        SmallVocabularies made =
                new SmallVocabularies("llama")
                        .token("<unk>", UNKNOWN, 0)
                        .token("<s>", CONTROL, 0)
                        .token("</s>", CONTROL, 0);
        for (int b = 0; b < 256; b++) {
            made.token("<0x%02X>".formatted(b), BYTE, 0);
        }
        float score = -1;
        String pieces = "he ll hell hello \u2581hello \u2581 h e l o a aa aaaa é \u2581\u2581";
        for (String piece : pieces.split(" ", -1)) {
            made.token(piece, NORMAL, score--);
        }
        made.token("<|user|>", CONTROL, 0).token("<tool>", USER_DEFINED, 0);
        return made.keys();
    }

    /** "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", then words and word ends. */
    static Map<String, Object> wordPiece() {
        SmallVocabularies made = new SmallVocabularies("bert").token("[PAD]", CONTROL, 0);
        made.token("[UNK]", UNKNOWN, 0).token("[CLS]", CONTROL, 0).token("[SEP]", CONTROL, 0);
        made.token("[MASK]", CONTROL, 0);
        for (String piece : List.of("\u2581hello", "\u2581he", "llo", "\u2581world", "\u2581a")) {
            made.token(piece, NORMAL, 0);
        }
        for (String piece : List.of("a", "ing", "\u2581,", "\u2581!", "\u2581中", "\u2581文")) {
            made.token(piece, NORMAL, 0);
        }
        return made.put("padding_token_id", 0)
                .put("unknown_token_id", 1)
                .put("cls_token_id", 2)
                .put("seperator_token_id", 3)
                .put("mask_token_id", 4)
                .put("bos_token_id", 2)
                .put("eos_token_id", 3)
                .keys();
    }

    /** "<pad>", "</s>", "<unk>", then pieces with logarithms of their chances. */
    static Map<String, Object> unigram() {
        SmallVocabularies made =
                new SmallVocabularies("t5")
                        .token("<pad>", CONTROL, 0)
                        .token("</s>", CONTROL, 0)
                        .token("<unk>", UNKNOWN, 0)
                        .token("\u2581", NORMAL, -2)
                        .token("\u2581hello", NORMAL, -4)
                        .token("he", NORMAL, -3)
                        .token("llo", NORMAL, -3.5f);
        for (String piece : "h e l o a".split(" ", -1)) {
            made.token(piece, NORMAL, -6);
        }
        return made.token("aa", NORMAL, -8)
                .put("add_space_prefix", true)
                .put("remove_extra_whitespaces", true)
                .put("eos_token_id", 1)
                .put("unknown_token_id", 2)
                .put("padding_token_id", 0)
                .keys();
    }

    /** All kinds, by the name of their model. */
    static Map<String, Map<String, Object>> all() {
        return Map.of(
                "gpt2", bytePair(), "llama", sentencePiece(), "bert", wordPiece(), "t5", unigram());
    }
}
