package dev.snoozy.server.llamacpp;

import dev.snoozy.server.generate.Prompts;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** {@code POST /tokenize} and {@code POST /detokenize}. */
final class Tokens {
    private final Service service;

    Tokens(Service service) {
        this.service = service;
    }

    void tokenize(Exchange exchange) {
        Fields fields = exchange.fields();
        JsonNode content = fields.any("content").orElseThrow(() -> fields.missing("content"));
        boolean addSpecial = fields.bool("add_special", false);
        boolean parseSpecial = fields.bool("parse_special", true);
        boolean pieces = fields.bool("with_pieces", false);
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            Tokenizer tokenizer = lease.model().tokenizer();
            int[] ids =
                    content.isString()
                            ? tokenizer.encode(content.stringValue(), addSpecial, parseSpecial)
                            : Prompts.prompt(fields, "content", content, tokenizer, addSpecial);
            ObjectNode answer = Json.object();
            ArrayNode tokens = answer.putArray("tokens");
            for (int id : ids) {
                if (pieces) {
                    tokens.addObject().put("id", id).set("piece", piece(id, tokenizer));
                } else {
                    tokens.add(id);
                }
            }
            exchange.json(answer);
        }
    }

    /** A string, or an array of bytes where they are no whole characters. */
    private static JsonNode piece(int id, Tokenizer tokenizer) {
        byte[] bytes = tokenizer.vocabulary().bytes(id);
        ObjectNode holder = Json.object();
        if (bytes.length == 0) {
            return holder.put("piece", tokenizer.vocabulary().piece(id)).get("piece");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return holder.put("piece", text).get("piece");
        } catch (CharacterCodingException e) {
            ArrayNode list = Json.array();
            for (byte b : bytes) {
                list.add(b & 0xFF);
            }
            return list;
        }
    }

    void detokenize(Exchange exchange) {
        Fields fields = exchange.fields();
        JsonNode tokens = fields.any("tokens").orElseThrow(() -> fields.missing("tokens"));
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            Tokenizer tokenizer = lease.model().tokenizer();
            int[] ids = Prompts.prompt(fields, "tokens", tokens, tokenizer, false);
            exchange.json(Json.object().put("content", tokenizer.decode(ids)));
        }
    }
}
