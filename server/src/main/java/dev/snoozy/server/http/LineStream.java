package dev.snoozy.server.http;

import io.vertx.core.buffer.Buffer;

import tools.jackson.databind.JsonNode;

/** An answer of JSON objects, one on a line. Used by one thread. */
public final class LineStream {
    private final Outbox outbox;

    LineStream(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Sends an object. */
    public void line(JsonNode node) {
        outbox.write(Buffer.buffer(Json.text(node) + "\n"));
    }

    /** Ends the answer. */
    public void end() {
        outbox.end();
    }
}
