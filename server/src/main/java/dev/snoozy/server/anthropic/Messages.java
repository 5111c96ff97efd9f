package dev.snoozy.server.anthropic;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.ChatStream;
import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

/** {@code POST /v1/messages}, and the tokens that such a request has. */
final class Messages {
    private final Service service;

    Messages(Service service) {
        this.service = service;
    }

    void answer(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.string("model").orElse("");
        try (ModelPool.Lease lease = service.pool().use(name)) {
            LanguageModel model = Service.writer(lease);
            MessagesAsk ask = MessagesAsk.read(fields, model, service);
            MessageJson json =
                    new MessageJson(
                            name.isEmpty() ? lease.name() : name, ask.warnings(), ask.documents());
            try (ChatStream stream = Generations.asked(() -> model.chat(ask.request()))) {
                if (ask.stream()) {
                    stream(exchange, stream, json);
                } else {
                    whole(exchange, stream, json);
                }
            }
        }
    }

    private static void whole(Exchange exchange, ChatStream stream, MessageJson json) {
        ContentBlocks blocks = new ContentBlocks();
        try {
            for (ChatPiece piece : stream) {
                piece.parts().forEach(blocks::add);
            }
            exchange.json(json.whole(blocks.all(), Generations.noted(stream.result())));
        } catch (ModelException e) {
            throw Generations.failed(e);
        }
    }

    private static void stream(Exchange exchange, ChatStream stream, MessageJson json) {
        EventStream events = exchange.events();
        MessageEvents writer = new MessageEvents(json, events::event);
        try {
            writer.start(stream.promptTokens().size());
            for (ChatPiece piece : stream) {
                piece.parts().forEach(writer::part);
            }
            writer.end(Generations.noted(stream.result()));
        } catch (ModelException e) {
            writer.failed(Generations.failed(e));
        }
        events.end();
    }

    /** A conversation is counted even if it is too long to be answered. */
    void count(Exchange exchange) {
        Fields fields = exchange.fields();
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            LanguageModel model = Service.writer(lease);
            MessagesAsk ask = MessagesAsk.readToCount(fields, model, service);
            exchange.json(Json.object().put("input_tokens", tokens(model, ask)));
        }
    }

    private static int tokens(LanguageModel model, MessagesAsk ask) {
        ChatRequest request = ask.request().withContextPolicy(ContextPolicy.REFUSE);
        return Generations.asked(() -> {
            try {
                return model.promptTokens(request).length;
            } catch (ContextExceededException e) {
                return e.tokens();
            }
        });
    }
}
