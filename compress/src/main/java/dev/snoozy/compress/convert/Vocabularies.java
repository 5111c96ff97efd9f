package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.Keys;
import dev.snoozy.format.MetadataValue;
import dev.snoozy.format.ValueType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The vocabulary of a model's folder, in any of its forms, as {@code tokenizer.ggml.*}. */
final class Vocabularies {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String SPACE = "\u2581";

    private final Path folder;
    private final Keys keys;
    private final int rows;
    private final @Nullable String pre;
    private final TokenList tokens = new TokenList();

    /**
     * A reader.
     *
     * @param rows tokens that the model has rows for
     * @param pre name of the pre-tokenizer, or null to find it out
     */
    Vocabularies(Path folder, Keys keys, int rows, @Nullable String pre) {
        this.folder = folder;
        this.keys = keys;
        this.rows = rows;
        this.pre = pre;
    }

    /** Reads the vocabulary and returns its tokens. */
    TokenList read() throws IOException {
        Path json = folder.resolve("tokenizer.json");
        if (Files.exists(folder.resolve("tokenizer.model"))) {
            sentencePiece(
                    SentencePieceModel.read(Files.readAllBytes(folder.resolve("tokenizer.model"))));
        } else if (Files.exists(json)) {
            tokenizerJson(JsonObject.read(json));
        } else if (Files.exists(folder.resolve("vocab.json"))) {
            bytePairFiles();
        } else if (Files.exists(folder.resolve("vocab.txt"))) {
            wordPieces(Files.readAllLines(folder.resolve("vocab.txt")));
        } else {
            throw new ConvertException(
                    folder
                            + ": found no tokenizer, expected tokenizer.model, tokenizer.json,"
                            + " vocab.json with merges.txt, or vocab.txt");
        }
        return tokens;
    }

    private void sentencePiece(SentencePieceModel model) throws IOException {
        for (int id = 0; id < model.pieces().size(); id++) {
            SentencePieceModel.Piece piece = model.pieces().get(id);
            tokens.put(id, piece.text(), piece.type(), piece.score());
        }
        addedTokens();
        tokens.padTo(rows);
        keys.put(PREFIX + "model", model.unigram() ? "t5" : "llama");
        keys.put(PREFIX + "pre", "default");
        tokens.writeTo(keys, true);
        keys.put(PREFIX + "add_space_prefix", model.addsSpace());
        if (model.unigram()) {
            keys.put(PREFIX + "remove_extra_whitespaces", model.removesSpaces());
            if (model.charsmap().length > 0) {
                int[] bytes = new int[model.charsmap().length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = model.charsmap()[i] & 0xff;
                }
                keys.put(
                        PREFIX + "precompiled_charsmap", new MetadataValue(ValueType.UINT8, bytes));
            }
        }
    }

    /** Tokens beside a vocabulary: added_tokens.json and those of tokenizer_config.json. */
    private void addedTokens() throws IOException {
        Path added = folder.resolve("added_tokens.json");
        if (Files.exists(added)) {
            JsonObject ids = JsonObject.read(added);
            ids.keys().forEach(text -> tokens.add(ids.integer(text), text, looksSpecial(text)));
        }
        Path config = folder.resolve("tokenizer_config.json");
        if (Files.exists(config)) {
            JsonObject.read(config)
                    .optionalObject("added_tokens_decoder")
                    .ifPresent(decoder -> {
                        for (String id : decoder.keys()) {
                            JsonObject token = decoder.object(id);
                            String text = token.string("content");
                            tokens.add(number(id), text, token.flag("special", false));
                        }
                    });
        }
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new ConvertException(
                    "tokenizer_config.json: added_tokens_decoder: expected ids, found " + id);
        }
    }

    private static boolean looksSpecial(String text) {
        return text.startsWith("<") && text.endsWith(">")
                || text.startsWith("[") && text.endsWith("]");
    }

    private void tokenizerJson(JsonObject tokenizer) {
        JsonObject model = tokenizer.object("model");
        String type = model.string("type", model.has("merges") ? "BPE" : "WordPiece");
        switch (type) {
            case "BPE" -> {
                if (model.flag("byte_fallback", false)) {
                    pieces(model);
                } else {
                    bytePairs(model.object("vocab"), merges(model));
                    keys.put(PREFIX + "pre", pre == null ? PreTokenizerNames.of(tokenizer) : pre);
                }
            }
            case "WordPiece" -> {
                JsonObject vocabulary = model.object("vocab");
                for (String text : vocabulary.keys()) {
                    tokens.put(vocabulary.integer(text), wordPiece(text), TokenList.NORMAL, 0);
                }
                keys.put(PREFIX + "model", "bert");
                tokenizer
                        .optionalObject("normalizer")
                        .filter(n -> n.has("lowercase"))
                        .ifPresent(n ->
                                keys.put(
                                        PREFIX + "normalizer.lowercase",
                                        n.flag("lowercase", true)));
            }
            default ->
                    throw model.wrong(
                            "type", type, "BPE or WordPiece; or a tokenizer.model beside");
        }
        for (JsonObject token : tokenizer.objects("added_tokens")) {
            tokens.add(token.integer("id"), token.string("content"), token.flag("special", false));
        }
        unknown(model);
        tokens.padTo(rows);
        tokens.writeTo(keys, keys.values().get(PREFIX + "model") != "gpt2");
    }

    private void unknown(JsonObject model) {
        Integer id = tokens.ids().get(model.string("unk_token", ""));
        if (id != null && keys.values().get(PREFIX + "model") != "gpt2") {
            tokens.put(id, tokens.text(id), TokenList.UNKNOWN, 0);
        }
    }

    /**
     * A SentencePiece vocabulary that was made over: merges take the place of scores. A piece comes
     * of its first merge, so earlier merges score higher.
     */
    private void pieces(JsonObject model) {
        Map<String, Integer> ranks = new HashMap<>();
        String[] merges = merges(model);
        for (int rank = 0; rank < merges.length; rank++) {
            ranks.putIfAbsent(merges[rank].replace(" ", ""), rank);
        }
        JsonObject vocabulary = model.object("vocab");
        for (String text : vocabulary.keys()) {
            boolean isByte = text.matches("<0x[0-9A-F]{2}>");
            float score = isByte ? 0 : -ranks.getOrDefault(text, merges.length);
            tokens.put(
                    vocabulary.integer(text),
                    text,
                    isByte ? TokenList.BYTE : TokenList.NORMAL,
                    score);
        }
        keys.put(PREFIX + "model", "llama");
        keys.put(PREFIX + "pre", "default");
    }

    private void bytePairs(JsonObject vocabulary, String[] merges) {
        for (String text : vocabulary.keys()) {
            tokens.put(vocabulary.integer(text), text, TokenList.NORMAL, 0);
        }
        keys.put(PREFIX + "model", "gpt2");
        keys.put(PREFIX + "merges", merges);
    }

    private static String[] merges(JsonObject model) {
        List<?> list = model.list("merges");
        String[] merges = new String[list.size()];
        for (int i = 0; i < merges.length; i++) {
            Object merge = list.get(i);
            merges[i] =
                    merge instanceof List<?> pair && pair.size() == 2
                            ? pair.getFirst() + " " + pair.getLast()
                            : String.valueOf(merge);
        }
        return merges;
    }

    private void bytePairFiles() throws IOException {
        Path merges = folder.resolve("merges.txt");
        if (!Files.exists(merges)) {
            throw new ConvertException(folder + ": expected merges.txt beside vocab.json");
        }
        String[] lines =
                Files.readAllLines(merges).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#version"))
                        .toArray(String[]::new);
        bytePairs(JsonObject.read(folder.resolve("vocab.json")), lines);
        keys.put(PREFIX + "pre", pre == null ? "gpt-2" : pre);
        addedTokens();
        tokens.padTo(rows);
        tokens.writeTo(keys, false);
    }

    private void wordPieces(List<String> lines) throws IOException {
        for (int id = 0; id < lines.size(); id++) {
            String text = lines.get(id);
            boolean special = text.startsWith("[") && text.endsWith("]") && text.length() > 2;
            int type = text.equals("[UNK]") ? TokenList.UNKNOWN : TokenList.CONTROL;
            tokens.put(id, wordPiece(text), special ? type : TokenList.NORMAL, 0);
        }
        keys.put(PREFIX + "model", "bert");
        addedTokens();
        tokens.padTo(rows);
        tokens.writeTo(keys, true);
    }

    /** Marks the beginnings of words where BERT marks what goes on. */
    private static String wordPiece(String text) {
        if (text.startsWith("[") && text.endsWith("]") && text.length() > 2) {
            return text;
        }
        return text.startsWith("##") && text.length() > 2 ? text.substring(2) : SPACE + text;
    }
}
