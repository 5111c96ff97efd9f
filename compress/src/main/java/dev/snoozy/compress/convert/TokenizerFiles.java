package dev.snoozy.compress.convert;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.Metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the tokenizer of a GGUF file in the forms that the transformers library reads. */
final class TokenizerFiles {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String SPACE = "\u2581";

    private final Metadata metadata;
    private final Path folder;
    private final String[] texts;
    private final int[] types;

    TokenizerFiles(Metadata metadata, Path folder) {
        this.metadata = metadata;
        this.folder = folder;
        texts = metadata.strings(PREFIX + "tokens");
        types = metadata.integers(PREFIX + "token_type");
    }

    void write() throws IOException {
        String model = metadata.string(PREFIX + "model");
        String kind =
                switch (model) {
                    case "llama" -> {
                        sentencePiece();
                        yield "LlamaTokenizer";
                    }
                    case "gpt2" -> {
                        bytePairs();
                        yield "PreTrainedTokenizerFast";
                    }
                    case "bert" -> {
                        wordPieces();
                        yield "BertTokenizer";
                    }
                    default ->
                            throw new ConvertException(
                                    PREFIX
                                            + "model: found "
                                            + model
                                            + ", which is not converted back");
                };
        write(folder.resolve("tokenizer_config.json"), JsonText.of(config(kind)));
    }

    static void write(Path target, byte[] bytes) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(bytes);
        AtomicFile.write(
                target,
                channel -> {
                    while (content.hasRemaining()) {
                        channel.write(content);
                    }
                });
    }

    private Map<String, Object> config(String kind) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", kind);
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("bos", "bos_token_id");
        parts.put("eos", "eos_token_id");
        parts.put("unk", "unknown_token_id");
        parts.put("pad", "padding_token_id");
        parts.put("sep", "seperator_token_id");
        parts.put("cls", "cls_token_id");
        parts.put("mask", "mask_token_id");
        parts.forEach((part, key) -> {
            int id = metadata.integer(PREFIX + key, -1);
            if (id >= 0 && id < texts.length) {
                config.put(part + "_token", texts[id]);
            }
        });
        for (String key : List.of("add_bos_token", "add_eos_token")) {
            if (metadata.has(PREFIX + key)) {
                config.put(key, metadata.flag(PREFIX + key, false));
            }
        }
        if (metadata.has(PREFIX + "normalizer.lowercase")) {
            config.put("do_lower_case", metadata.flag(PREFIX + "normalizer.lowercase", true));
        }
        if (metadata.has("tokenizer.chat_template")) {
            config.put("chat_template", metadata.string("tokenizer.chat_template"));
        }
        return config;
    }

    private void sentencePiece() throws IOException {
        byte[] model =
                SentencePieceWriter.write(
                        texts,
                        metadata.floats(PREFIX + "scores"),
                        types,
                        metadata.flag(PREFIX + "add_space_prefix", true));
        write(folder.resolve("tokenizer.model"), model);
    }

    private void wordPieces() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            boolean special = text.startsWith("[") && text.endsWith("]") && text.length() > 2;
            boolean begins = text.startsWith(SPACE);
            lines.append(special ? text : begins ? text.substring(1) : "##" + text).append('\n');
        }
        write(folder.resolve("vocab.txt"), lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void bytePairs() throws IOException {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        List<Object> added = new ArrayList<>();
        for (int id = 0; id < texts.length; id++) {
            boolean special = types[id] == TokenList.CONTROL;
            if (special || types[id] == TokenList.USER_DEFINED) {
                Map<String, Object> token = new LinkedHashMap<>();
                token.put("id", id);
                token.put("content", texts[id]);
                for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                    token.put(flag, false);
                }
                token.put("special", special);
                added.add(token);
            } else if (types[id] != TokenList.UNUSED) {
                vocabulary.put(texts[id], id);
            }
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", List.of(metadata.strings(PREFIX + "merges")));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("added_tokens", added);
        json.put("pre_tokenizer", PreTokenizerNames.json(metadata.string(PREFIX + "pre", "")));
        json.put("decoder", Map.of("type", "ByteLevel"));
        json.put("model", model);
        write(folder.resolve("tokenizer.json"), JsonText.of(json));
    }
}
