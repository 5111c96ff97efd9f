package dev.snoozy.studio.write;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Another way that an answer might have gone: the same tokens up to one, which is exchanged. */
public final class Alternative {
    private Alternative() {}

    /**
     * The tokens up to the exchanged one.
     *
     * @param tokens of the answer, with their probabilities
     * @param index of the one that is exchanged
     * @param token the id of the other, which must be among the alternatives that were shown
     */
    public static ArrayNode of(ArrayNode tokens, int index, int token) {
        if (index < 0 || index >= tokens.size()) {
            throw HttpProblem.invalid(
                    "index", "expected 0 to " + (tokens.size() - 1) + ", found " + index);
        }
        ArrayNode begun = Json.array();
        for (int i = 0; i < index; i++) {
            begun.add(tokens.get(i));
        }
        for (JsonNode other : tokens.get(index).path("top")) {
            if (other.path("id").asInt(-1) == token) {
                ObjectNode exchanged = ((ObjectNode) tokens.get(index)).deepCopy();
                exchanged.setAll((ObjectNode) other);
                return begun.add(exchanged);
            }
        }
        throw HttpProblem.invalid(
                "token", "expected one of the alternatives at " + index + ", found " + token);
    }

    /** The ids of tokens. */
    public static ArrayNode ids(ArrayNode tokens) {
        ArrayNode ids = Json.array();
        tokens.forEach(token -> ids.add(token.path("id").asInt(0)));
        return ids;
    }
}
