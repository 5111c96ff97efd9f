package dev.snoozy.server.openai;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an answer with completions begins with: all its chunks share an id and a time. */
record Envelope(String id, long created, String model) {
    /**
     * Of an answer that begins now.
     *
     * @param prefix of the id, which says what kind of answer it is
     */
    static Envelope of(String prefix, String model) {
        String id = prefix + "-" + UUID.randomUUID().toString().replace("-", "");
        return new Envelope(id, System.currentTimeMillis() / 1000, model);
    }

    ObjectNode node(String object) {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("object", object);
        node.put("created", created);
        node.put("model", model);
        node.put("system_fingerprint", OpenAi.FINGERPRINT);
        return node;
    }

    /** Answers with texts in progress, as events or as a whole, and closes them. */
    static <S extends AutoCloseable> void answer(
            Exchange exchange,
            List<S> texts,
            boolean stream,
            Consumer<EventStream> chunks,
            Function<List<S>, ObjectNode> whole) {
        try {
            if (stream) {
                stream(exchange, chunks);
            } else {
                exchange.json(whole.apply(texts));
            }
        } finally {
            Generations.close(texts);
        }
    }

    private static void stream(Exchange exchange, Consumer<EventStream> chunks) {
        EventStream events = exchange.events();
        try {
            chunks.accept(events);
            events.done();
        } catch (ModelException e) {
            events.data(OpenAiErrors.of(Generations.failed(e)));
        }
        events.end();
    }

    static String reason(FinishReason reason) {
        return reason == FinishReason.CANCELLED ? "stop" : reason.name().toLowerCase(Locale.ROOT);
    }
}
