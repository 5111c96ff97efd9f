package dev.snoozy.server.openai;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.node.ObjectNode;

import java.util.UUID;

/** {@code POST /v1/responses}, without memory: each request brings its whole conversation. */
final class Responses {
    private final Service service;

    Responses(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        try (ModelPool.Lease lease = service.pool().use(name)) {
            LanguageModel model = Service.writer(lease);
            ResponsesAsk ask = Generations.asked(() -> ResponsesAsk.read(fields, model, service));
            Answer answer = new Answer(ask, name.isEmpty() ? lease.name() : name);
            try (ChatStream stream = Generations.asked(() -> model.chat(ask.request()))) {
                if (ask.stream()) {
                    answer.stream(exchange.events(), stream);
                } else {
                    exchange.json(answer.whole(stream));
                }
            }
        }
    }

    /** One answer. */
    private static final class Answer {
        private final ResponsesAsk ask;
        private final String modelName;
        private final String id = "resp_" + UUID.randomUUID().toString().replace("-", "");
        private final long created = System.currentTimeMillis() / 1000;
        private int events;

        Answer(ResponsesAsk ask, String modelName) {
            this.ask = ask;
            this.modelName = modelName;
        }

        private ObjectNode envelope(String status) {
            ObjectNode node = Json.object();
            node.put("id", id);
            node.put("object", "response");
            node.put("created_at", created);
            node.put("status", status);
            node.putNull("error");
            node.putNull("incomplete_details");
            node.put("model", modelName);
            node.putArray("output");
            node.setAll(ask.echo());
            node.putNull("usage");
            return node;
        }

        ObjectNode whole(ChatStream stream) {
            ResponsesOutput output = new ResponsesOutput((type, event) -> {});
            try {
                return read(stream, output);
            } catch (ModelException e) {
                throw Generations.failed(e);
            }
        }

        void stream(EventStream out, ChatStream stream) {
            ResponsesOutput output = new ResponsesOutput((type, event) -> send(out, type, event));
            sendResponse(out, "created", envelope("in_progress"));
            sendResponse(out, "in_progress", envelope("in_progress"));
            try {
                ObjectNode whole = read(stream, output);
                sendResponse(out, whole.get("status").stringValue(), whole);
            } catch (ModelException e) {
                HttpProblem problem = Generations.failed(e);
                ObjectNode failed = envelope("failed");
                failed.putObject("error")
                        .put("code", "server_error")
                        .put("message", problem.text());
                sendResponse(out, "failed", failed);
            }
            out.end();
        }

        private ObjectNode read(ChatStream stream, ResponsesOutput output) {
            for (ChatPiece piece : stream) {
                output.add(piece);
            }
            ChatReply reply = Generations.noted(stream.result());
            boolean cut =
                    reply.finishReason() == FinishReason.LENGTH
                            || reply.finishReason() == FinishReason.CANCELLED;
            String status = cut ? "incomplete" : "completed";
            ObjectNode node = envelope(status);
            node.set("output", output.end(status));
            if (cut) {
                node.putObject("incomplete_details").put("reason", "max_output_tokens");
            }
            node.set("usage", usage(reply.usage(), output.reasoningTokens()));
            DocumentFields.addTo(node, ask.documents(), reply);
            if (!reply.warnings().isEmpty()) {
                node.put("warning", String.join("; ", reply.warnings()));
            }
            return node;
        }

        private static ObjectNode usage(TokenUsage counts, int reasoning) {
            ObjectNode usage = Json.object();
            usage.put("input_tokens", counts.promptTokens());
            usage.putObject("input_tokens_details")
                    .put("cached_tokens", counts.cachedTokens())
                    .put("cache_write_tokens", 0); // OpenAI's client insists; nothing is billed
            usage.put("output_tokens", counts.completionTokens());
            usage.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
            usage.put("total_tokens", counts.totalTokens());
            return usage;
        }

        private void sendResponse(EventStream out, String what, ObjectNode response) {
            ObjectNode event = Json.object();
            event.set("response", response);
            send(out, "response." + what, event);
        }

        private void send(EventStream out, String type, ObjectNode event) {
            ObjectNode whole = Json.object();
            whole.put("type", type);
            whole.put("sequence_number", events++);
            whole.setAll(event);
            out.event(type, whole);
        }
    }
}
