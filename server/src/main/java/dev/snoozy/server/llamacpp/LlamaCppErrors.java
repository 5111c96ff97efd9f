package dev.snoozy.server.llamacpp;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;

/** Errors as llama.cpp's server writes them. */
final class LlamaCppErrors {
    private LlamaCppErrors() {}

    static JsonNode of(HttpProblem problem) {
        return Json.object()
                .set(
                        "error",
                        Json.object()
                                .put("code", problem.kind().status())
                                .put("message", problem.text())
                                .put("type", type(problem.kind())));
    }

    private static String type(HttpProblem.Kind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
            case FAILED -> "server_error";
            case NOT_SUPPORTED -> "not_supported_error";
            case BUSY, UNAVAILABLE -> "unavailable_error";
            case CONTEXT_EXCEEDED -> "exceed_context_size_error";
            default -> "invalid_request_error";
        };
    }
}
