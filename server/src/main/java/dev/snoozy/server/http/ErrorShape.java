package dev.snoozy.server.http;

import tools.jackson.databind.JsonNode;

/** How a dialect writes what went wrong. */
@FunctionalInterface
public interface ErrorShape {
    /** The body of the answer. */
    JsonNode of(HttpProblem problem);
}
