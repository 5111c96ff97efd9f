package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.compress.convert.family.Keys;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which tokens begin and end texts, and the chat template: what stands beside a vocabulary. */
final class SpecialTokens {
    private static final String PREFIX = "tokenizer.ggml.";

    /** Names of the library, and the keys of GGUF. */
    private static final Map<String, String> PARTS =
            Map.of(
                    "bos", "bos_token_id",
                    "eos", "eos_token_id",
                    "unk", "unknown_token_id",
                    "pad", "padding_token_id",
                    "sep", "seperator_token_id",
                    "cls", "cls_token_id",
                    "mask", "mask_token_id");

    private final Path folder;
    private final Keys keys;
    private final Map<String, Integer> ids;

    SpecialTokens(Path folder, Keys keys, TokenList tokens) {
        this.folder = folder;
        this.keys = keys;
        ids = tokens.ids();
    }

    /** Reads what there is; the folder's own config.json counts where nothing else speaks. */
    void read(JsonObject config) throws IOException {
        JsonObject tokenizer = optional("tokenizer_config.json");
        JsonObject map = optional("special_tokens_map.json");
        JsonObject generation = optional("generation_config.json");
        for (String part : List.of("bos", "eos", "unk", "pad", "sep", "cls", "mask")) {
            Integer id = named(tokenizer, part);
            id = id == null ? named(map, part) : id;
            id = id == null ? numbered(config, part) : id;
            id = id == null ? numbered(generation, part) : id;
            id = id == null ? usual(part) : id;
            if (id != null) {
                keys.put(PREFIX + PARTS.get(part), id);
            }
        }
        ends(generation);
        frame(tokenizer);
        template(tokenizer);
        sampling(generation);
    }

    private JsonObject optional(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? JsonObject.read(file) : new JsonObject(name, Map.of());
    }

    private @Nullable Integer named(JsonObject object, String part) {
        Object token = object.get(part + "_token");
        if (token instanceof Map<?, ?> map) {
            token = map.get("content");
        }
        return token instanceof String text ? ids.get(text) : null;
    }

    private @Nullable Integer numbered(JsonObject object, String part) {
        Object id = object.get(part + "_token_id");
        if (id instanceof List<?> list && !list.isEmpty()) {
            id = list.getFirst();
        }
        if (id instanceof Long number && number >= 0 && number < ids.size()) {
            return number.intValue();
        }
        return null;
    }

    /** What BERT's tokens are called where no file says it. */
    private @Nullable Integer usual(String part) {
        boolean words = "bert".equals(keys.values().get(PREFIX + "model"));
        return words ? ids.get("[" + part.toUpperCase(Locale.ROOT) + "]") : null;
    }

    /** A second token that ends generation is the end of a turn. */
    private void ends(JsonObject generation) {
        Object eos = keys.values().get(PREFIX + "eos_token_id");
        if (generation.get("eos_token_id") instanceof List<?> list) {
            for (Object id : list) {
                if (id instanceof Long number
                        && !Integer.valueOf(number.intValue()).equals(eos)
                        && !keys.has(PREFIX + "eot_token_id")) {
                    keys.put(PREFIX + "eot_token_id", number.intValue());
                }
            }
        }
    }

    /** What is put around a text. */
    private void frame(JsonObject tokenizer) throws IOException {
        boolean pieces = "llama".equals(keys.values().get(PREFIX + "model"));
        for (String part : List.of("bos", "eos")) {
            String key = "add_" + part + "_token";
            Boolean given = tokenizer.get(key) instanceof Boolean flag ? flag : null;
            if (given == null) {
                given = framed(part);
            }
            if (given == null && pieces) {
                given = part.equals("bos");
            }
            if (given != null) {
                keys.put(PREFIX + key, given && keys.has(PREFIX + PARTS.get(part)));
            }
        }
    }

    /** What the post-processor of a tokenizer.json does, or null if there is none to ask. */
    private @Nullable Boolean framed(String part) throws IOException {
        JsonObject json = optional("tokenizer.json");
        if (!json.has("post_processor")) {
            return null;
        }
        Object id = keys.values().get(PREFIX + PARTS.get(part));
        return id instanceof Integer wanted
                && hasToken(json.object("post_processor"), part, wanted);
    }

    private boolean hasToken(JsonObject processor, String part, int id) {
        String type = processor.string("type", "");
        if (type.equals("Sequence")) {
            return processor.objects("processors").stream().anyMatch(p -> hasToken(p, part, id));
        }
        if (!type.equals("TemplateProcessing")) {
            return false;
        }
        List<JsonObject> single = processor.objects("single");
        JsonObject end = part.equals("bos") ? single.getFirst() : single.getLast();
        return end.optionalObject("SpecialToken")
                .map(token -> Integer.valueOf(id).equals(ids.get(token.string("id"))))
                .orElse(false);
    }

    private void template(JsonObject tokenizer) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            keys.put("tokenizer.chat_template", Files.readString(file));
            return;
        }
        JsonObject source =
                tokenizer.has("chat_template") ? tokenizer : optional("chat_template.json");
        Object template = source.get("chat_template");
        if (template instanceof String text) {
            keys.put("tokenizer.chat_template", text);
        } else if (template instanceof List<?>) {
            for (JsonObject named : source.objects("chat_template")) {
                String name = named.string("name");
                String key = "tokenizer.chat_template";
                keys.put(name.equals("default") ? key : key + "." + name, named.string("template"));
            }
        }
    }

    /** What the authors advise to sample with. */
    private void sampling(JsonObject generation) {
        if (generation.get("temperature") instanceof Number temperature) {
            keys.put("general.sampling.temp", temperature.floatValue());
        }
        if (generation.get("top_k") instanceof Long k) {
            keys.put("general.sampling.top_k", k.intValue());
        }
        if (generation.get("top_p") instanceof Number p) {
            keys.put("general.sampling.top_p", p.floatValue());
        }
    }
}
