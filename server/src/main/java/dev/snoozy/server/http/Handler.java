package dev.snoozy.server.http;

/** Answers requests. Each runs on a thread of its own and may wait. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers a request.
     *
     * @throws HttpProblem if it cannot be served
     */
    void handle(Exchange exchange);
}
