package dev.snoozy.studio.chat;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.write.Stop;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * An answer in progress, as those see it who watch: each asks for what follows after what it has,
 * so that a slow one gets more at a time and nobody waits for it. Thread-safe.
 */
final class Running {
    private final Message message;
    private final Stop stop = new Stop();
    private final StringBuilder content;
    private final StringBuilder reasoning;
    private final ArrayNode tokens = Json.array();
    private @Nullable Message end;
    private volatile boolean interrupted;

    Running(Message message) {
        this.message = message;
        content = new StringBuilder(message.content());
        reasoning = new StringBuilder(message.reasoning());
        if (message.tokens() != null) {
            tokens.addAll(message.tokens());
        }
    }

    Message message() {
        return message;
    }

    Stop stop() {
        return stop;
    }

    /** Ends it because the program ends. */
    void interrupt() {
        interrupted = true;
        stop.stop();
    }

    boolean isInterrupted() {
        return interrupted;
    }

    synchronized void add(String more, String thought, @Nullable ArrayNode probabilities) {
        content.append(more);
        reasoning.append(thought);
        if (probabilities != null) {
            tokens.addAll(probabilities);
        }
        notifyAll();
    }

    synchronized void end(Message whole) {
        end = whole;
        notifyAll();
    }

    /** How far somebody has read. */
    record Place(int content, int reasoning, int tokens) {}

    /**
     * What has come since a place.
     *
     * @param next where to go on
     * @param end the whole message, if nothing follows
     */
    record News(
            String content,
            String reasoning,
            ArrayNode tokens,
            Place next,
            @Nullable Message end) {}

    /** What there is so far. */
    synchronized News soFar() {
        return since(new Place(0, 0, 0));
    }

    /** What follows; waits until there is something. */
    synchronized News after(Place place) throws InterruptedException {
        while (end == null && here().equals(place)) {
            wait();
        }
        return since(place);
    }

    /** Waits until it has ended, or so long. */
    synchronized boolean awaitEnd(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; end == null && left > 0; ) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return end != null;
    }

    private Place here() {
        return new Place(content.length(), reasoning.length(), tokens.size());
    }

    private News since(Place place) {
        ArrayNode more = Json.array();
        for (int i = place.tokens(); i < tokens.size(); i++) {
            JsonNode token = tokens.get(i);
            more.add(token);
        }
        return new News(
                content.substring(place.content()),
                reasoning.substring(place.reasoning()),
                more,
                here(),
                end);
    }
}
