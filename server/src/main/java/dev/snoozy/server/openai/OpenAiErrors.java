package dev.snoozy.server.openai;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Errors as OpenAI's interface writes them. */
public final class OpenAiErrors {
    private OpenAiErrors() {}

    /** The body of an error. */
    public static JsonNode of(HttpProblem problem) {
        ObjectNode error = Json.object();
        error.put("message", problem.text());
        error.put("type", type(problem.kind()));
        error.put("param", problem.field().orElse(null));
        error.put("code", code(problem.kind()));
        return Json.object().set("error", error);
    }

    private static String type(HttpProblem.Kind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
            case BUSY -> "rate_limit_error";
            case FAILED -> "server_error";
            case NOT_SUPPORTED -> "not_supported_error";
            case UNAVAILABLE -> "unavailable_error";
            case CONTEXT_EXCEEDED -> "exceed_context_size_error";
            default -> "invalid_request_error";
        };
    }

    private static @Nullable String code(HttpProblem.Kind kind) {
        return switch (kind) {
            case CONTEXT_EXCEEDED -> "context_length_exceeded";
            case MODEL_NOT_FOUND -> "model_not_found";
            case UNAUTHENTICATED -> "invalid_api_key";
            case BUSY -> "rate_limit_exceeded";
            default -> null;
        };
    }
}
