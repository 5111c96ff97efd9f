package dev.snoozy.server.ollama;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.LineStream;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.text.chat.AnswerPart;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A request from its model to its answer. */
final class Turn {
    private final Service service;
    private final boolean isChat;

    Turn(Service service, boolean isChat) {
        this.service = service;
        this.isChat = isChat;
    }

    /** Begins the answer of a model. */
    @FunctionalInterface
    interface Start {
        /** The answer, which is closed by the caller. */
        Answer start(LanguageModel model);
    }

    /**
     * Answers a request.
     *
     * @param isEmpty whether there is nothing to answer: the model is only loaded, or given up
     */
    void answer(Exchange exchange, Fields fields, boolean isEmpty, Start begin) {
        final long start = System.nanoTime();
        String name = fields.requiredString("model");
        ModelFiles.Entry entry = Names.entry(fields, service.pool().files());
        Optional<Duration> keepAlive = KeepAlive.read(fields);
        boolean stream = fields.bool("stream", true);
        boolean logprobs = fields.bool("logprobs", false);
        if (isEmpty && keepAlive.filter(Duration::isZero).isPresent()) {
            service.pool().unload(entry.name());
            exchange.json(new AnswerJson(name, isChat, null, start, 0).nothing("unload"));
            return;
        }
        try (ModelPool.Lease lease = service.pool().use(entry.name())) {
            keepAlive.ifPresent(lease::keepAlive);
            if (isEmpty) {
                exchange.json(new AnswerJson(name, isChat, null, start, 0).nothing("load"));
                return;
            }
            LanguageModel model = Service.writer(lease);
            AnswerJson json =
                    new AnswerJson(
                            name,
                            isChat,
                            logprobs ? model.tokenizer() : null,
                            start,
                            lease.loadNanos());
            try (Answer answer = begin.start(model)) {
                if (stream) {
                    LineStream lines = exchange.lines();
                    send(lines::line, answer, json);
                    lines.end();
                } else {
                    whole(exchange, answer, json);
                }
            }
        }
    }

    /** Sends an answer as it comes; what goes wrong on the way is its last line. */
    static void send(Consumer<ObjectNode> lines, Answer answer, AnswerJson json) {
        try {
            Answer.Ending ending = answer.read(piece -> json.lines(piece).forEach(lines));
            lines.accept(json.last(ending));
        } catch (ModelException e) {
            lines.accept(OllamaErrors.of(Generations.failed(e)));
        } catch (HttpProblem e) {
            lines.accept(OllamaErrors.of(e));
        }
    }

    private static void whole(Exchange exchange, Answer answer, AnswerJson json) {
        List<AnswerPart> parts = new ArrayList<>();
        try {
            Answer.Ending ending = answer.read(piece -> parts.addAll(piece.parts()));
            exchange.json(json.whole(parts, ending));
        } catch (ModelException e) {
            throw Generations.failed(e);
        }
    }
}
