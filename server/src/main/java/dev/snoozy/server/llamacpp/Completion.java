package dev.snoozy.server.llamacpp;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.TextStream;
import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.generate.TimingsJson;
import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code POST /completion}: text continued, in llama.cpp's own shape. */
final class Completion {
    private final Service service;

    Completion(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        Fields fields = exchange.fields();
        try (ModelPool.Lease lease = service.pool().use(fields.string("model").orElse(""))) {
            LanguageModel model = Service.writer(lease);
            CompletionAsk ask = CompletionAsk.read(fields, model, service);
            Answer answer = new Answer(ask, model, lease.name());
            List<TextStream> streams =
                    Generations.begin(ask.cuts().size(), i -> ask.begin(model, service, i));
            try {
                if (ask.stream()) {
                    answer.stream(exchange, streams);
                } else {
                    exchange.json(answer.whole(streams));
                }
            } finally {
                Generations.close(streams);
            }
        }
    }

    private record Answer(CompletionAsk ask, LanguageModel model, String modelName) {
        JsonNode whole(List<TextStream> streams) {
            ArrayNode answers = Json.array();
            for (TextStream stream : streams) {
                try {
                    Generation result = Generations.noted(stream.result());
                    ObjectNode node = end(result, answers.size(), result.text());
                    addTokens(node, result.choices(), ask.returnTokens());
                    answers.add(chosen(node));
                } catch (ModelException e) {
                    throw Generations.failed(e);
                }
            }
            return ask.single() && answers.size() == 1 ? answers.get(0) : answers;
        }

        void stream(Exchange exchange, List<TextStream> streams) {
            EventStream events = exchange.events();
            try {
                Generations.readAll(streams, (stream, index) -> streamOne(events, stream, index));
            } catch (ModelException e) {
                events.data(LlamaCppErrors.of(Generations.failed(e)));
            }
            events.end();
        }

        /** With probabilities an event for each token; the text goes with the last of a piece. */
        private void streamOne(EventStream events, TextStream stream, int index) {
            int predicted = 0;
            long first = 0;
            for (TextPiece piece : stream.pieces()) {
                List<TokenChoice> choices = piece.choices();
                predicted += choices.size();
                first = first == 0 ? System.nanoTime() : first;
                if (ask.options().alternatives() == 0 || choices.size() < 2) {
                    send(events, part(piece.text(), choices, index, predicted, first));
                    continue;
                }
                for (int i = 0; i < choices.size(); i++) {
                    boolean last = i == choices.size() - 1;
                    send(
                            events,
                            part(
                                    last ? piece.text() : "",
                                    choices.subList(i, i + 1),
                                    index,
                                    predicted - choices.size() + i + 1,
                                    first));
                }
            }
            Generation result = Generations.noted(stream.result());
            ObjectNode last = end(result, index, "");
            addTokens(last, List.of(), true);
            send(events, chosen(last));
        }

        private ObjectNode part(
                String text, List<TokenChoice> choices, int index, int predicted, long first) {
            ObjectNode node = Json.object();
            node.put("index", index);
            node.put("content", text);
            addTokens(node, choices, true);
            node.put("stop", false);
            node.put("id_slot", index);
            node.put("tokens_predicted", predicted);
            node.put("tokens_evaluated", ask.cuts().get(index).tokens().length);
            if (ask.timings()) {
                node.set("timings", soFar(predicted, System.nanoTime() - first));
            }
            return node;
        }

        /** What is known before the end; the first token is not counted in the rate. */
        private static ObjectNode soFar(int predicted, long nanos) {
            return Json.object()
                    .put("predicted_n", predicted)
                    .put("predicted_ms", nanos / 1e6)
                    .put("predicted_per_second", nanos == 0 ? 0 : (predicted - 1) * 1e9 / nanos);
        }

        private void addTokens(ObjectNode node, List<TokenChoice> choices, boolean ids) {
            ArrayNode tokens = node.putArray("tokens");
            if (ids) {
                choices.forEach(choice -> tokens.add(choice.token()));
            }
            if (ask.options().alternatives() > 0 && !choices.isEmpty()) {
                node.set("completion_probabilities", Probabilities.of(choices, model.tokenizer()));
            }
        }

        private ObjectNode end(Generation result, int index, String text) {
            Cut cut = ask.cuts().get(index);
            int prompt = result.usage().promptTokens();
            int generated = result.usage().completionTokens();
            boolean full =
                    result.finishReason() == FinishReason.LENGTH
                            && generated < ask.options().maxTokens();
            ObjectNode node = Json.object();
            node.put("index", index);
            node.put("content", text);
            node.put("id_slot", index);
            node.put("stop", true);
            node.put("model", modelName);
            node.put("tokens_predicted", generated);
            node.put("tokens_evaluated", prompt);
            ObjectNode settings = Settings.of(ask.options());
            settings.put("seed", result.seed());
            settings.put("stream", ask.stream());
            node.set("generation_settings", settings);
            node.put(
                    "prompt",
                    new String(
                            model.tokenizer().decode(cut.tokens(), true), StandardCharsets.UTF_8));
            node.put("has_new_line", result.text().contains("\n"));
            node.put("truncated", cut.isCut() || result.shifted() || full);
            node.put("stop_type", stopType(result));
            node.put("stopping_word", result.stopText().orElse(""));
            node.put("tokens_cached", result.usage().cachedTokens());
            node.set("timings", TimingsJson.of(result));
            return node;
        }

        private static String stopType(Generation result) {
            return switch (result.finishReason()) {
                case STOP, TOOL_CALLS -> result.stopText().isPresent() ? "word" : "eos";
                case LENGTH -> "limit";
                case CANCELLED -> "none";
            };
        }

        /** Of a path such as {@code generation_settings/n_predict} the last name is shown. */
        private ObjectNode chosen(ObjectNode node) {
            if (ask.fields().isEmpty()) {
                return node;
            }
            ObjectNode chosen = Json.object();
            for (String path : ask.fields()) {
                JsonNode value = node;
                String name = "";
                for (String step : path.split("/", -1)) {
                    value = value.path(step);
                    name = step;
                }
                if (!value.isMissingNode()) {
                    chosen.set(name, value);
                }
            }
            return chosen;
        }

        private void send(EventStream events, ObjectNode event) {
            synchronized (events) {
                events.data(event);
            }
        }
    }
}
