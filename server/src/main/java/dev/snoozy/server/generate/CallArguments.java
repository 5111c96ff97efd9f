package dev.snoozy.server.generate;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;

/** Arguments of calls, which the model writes as text, for the dialects that send objects. */
public final class CallArguments {
    private CallArguments() {}

    /**
     * The object of a text; an empty one if there is no text.
     *
     * @throws HttpProblem if it cannot be read, such as one that is too deep
     */
    public static JsonNode object(String text) {
        try {
            return text.isBlank() ? Json.object() : Json.parse(text);
        } catch (HttpProblem e) {
            throw new HttpProblem(
                    Kind.FAILED, "the model calls a tool with arguments that are no sound JSON");
        }
    }
}
