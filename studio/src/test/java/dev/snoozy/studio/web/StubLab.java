package dev.snoozy.studio.web;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** The laboratory of the stub. */
final class StubLab extends StubPart {
    private final StubState state;
    private final Map<String, ObjectNode> runs = new LinkedHashMap<>();
    private final Map<String, ObjectNode> sets = new LinkedHashMap<>();
    private final Map<String, StubWriting> writings = new LinkedHashMap<>();
    private int votes;

    StubLab(StubState state) {
        this.state = state;
    }

    /** A token with a probability that depends on its place only. */
    static ObjectNode token(int index, String text) {
        double probability = 0.15 + 0.8 * Math.abs(Math.sin(index * 1.3));
        ObjectNode token = Json.object().put("id", index).put("text", text);
        token.put("logprob", Math.log(probability)).put("entropy", 2.5 * (1 - probability));
        ArrayNode top = token.putArray("top");
        top.addObject().put("text", text).put("logprob", Math.log(probability));
        top.addObject().put("text", " other").put("logprob", Math.log((1 - probability) / 2));
        top.addObject().put("text", " third").put("logprob", Math.log((1 - probability) / 4));
        return token;
    }
}
