package dev.snoozy.studio.api;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Errors as the page reads them. */
public final class ApiErrors {
    private ApiErrors() {}

    /** The body of an error. */
    public static JsonNode of(HttpProblem problem) {
        ObjectNode error = Json.object();
        error.put("message", problem.text());
        problem.field().ifPresent(field -> error.put("field", field));
        return Json.object().set("error", error);
    }
}
