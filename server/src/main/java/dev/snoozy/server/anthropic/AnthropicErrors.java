package dev.snoozy.server.anthropic;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Errors as Anthropic's interface writes them. */
final class AnthropicErrors {
    private AnthropicErrors() {}

    /** The body of an error, which is also the data of an {@code error} event. */
    static JsonNode of(HttpProblem problem) {
        ObjectNode node = Json.object();
        node.put("type", "error");
        node.putObject("error").put("type", type(problem.kind())).put("message", problem.text());
        return node;
    }

    private static String type(HttpProblem.Kind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case BUSY -> "rate_limit_error";
            case UNAVAILABLE -> "overloaded_error";
            case FAILED, NOT_SUPPORTED -> "api_error";
            case INVALID_REQUEST,
                    CONTEXT_EXCEEDED,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT,
                    UNSUPPORTED_MEDIA_TYPE ->
                    "invalid_request_error";
        };
    }
}
