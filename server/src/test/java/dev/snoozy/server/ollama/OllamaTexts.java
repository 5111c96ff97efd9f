package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Asks a server and reads lines. */
final class OllamaTexts {
    private OllamaTexts() {}

    /** The lines of an answer that must be one of lines. */
    static List<JsonNode> lines(Rig rig, String path, String body) {
        Rig.Reply reply = rig.post(path, body);
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(200);
        assertThat(reply.http().headers().firstValue("content-type"))
                .contains("application/x-ndjson");
        return reply.http().body().lines().map(Json::parse).toList();
    }

    /** A whole answer. */
    static JsonNode whole(Rig rig, String path, String body) {
        Rig.Reply reply = rig.post(path, body);
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(200);
        return reply.json();
    }

    /** The text at a pointer of all lines, joined. */
    static String joined(List<JsonNode> lines, String pointer) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.at(pointer).asString("")));
        return text.toString();
    }
}
