package dev.snoozy.server.http;

import io.vertx.core.buffer.Buffer;

import tools.jackson.databind.JsonNode;

/** An answer of server-sent events. Used by one thread. */
public final class EventStream {
    /** A comment, which clients skip. */
    private static final String PING = ": ping\n\n";

    private final Outbox outbox;

    EventStream(Outbox outbox) {
        this.outbox = outbox;
        outbox.keepAlive(Buffer.buffer(PING));
    }

    /** Sends an event without a name. */
    public void data(JsonNode node) {
        write("data: " + Json.text(node) + "\n\n");
    }

    /** Sends an event with a name. */
    public void event(String name, JsonNode node) {
        write("event: " + name + "\ndata: " + Json.text(node) + "\n\n");
    }

    /** Sends the word with which OpenAI's streams end. */
    public void done() {
        write("data: [DONE]\n\n");
    }

    private void write(String text) {
        outbox.write(Buffer.buffer(text));
    }

    /** Ends the answer. */
    public void end() {
        outbox.end();
    }
}
