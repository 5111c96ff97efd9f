package dev.snoozy.server.ollama;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

/** Errors as Ollama's interface writes them: a text, and nothing else. */
final class OllamaErrors {
    private OllamaErrors() {}

    /** The body of an error, which is also the last line of an answer that breaks off. */
    static ObjectNode of(HttpProblem problem) {
        return Json.object().put("error", problem.text());
    }
}
