package dev.snoozy.server.ollama;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.server.generate.Generations;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code POST /api/embed}, and {@code /api/embeddings} of older clients. */
final class Embed {
    private static final int MOST_TEXTS = 2048;

    private final Service service;

    Embed(Service service) {
        this.service = service;
    }

    void handle(Exchange exchange) {
        final long start = System.nanoTime();
        Fields fields = exchange.fields();
        String name = fields.requiredString("model");
        boolean truncate = fields.bool("truncate", true);
        List<String> input = fields.strings("input", MOST_TEXTS);
        List<String> texts = input.equals(List.of("")) ? List.of() : input;
        try (ModelPool.Lease lease = lease(fields)) {
            EmbeddingModel model = embedder(lease);
            int dimensions =
                    fields.integer("dimensions", 1, model.dimensions(), model.dimensions());
            TextVectors vectors =
                    Generations.asked(() -> TextVectors.of(model, texts, truncate, dimensions));
            ObjectNode node = Json.object();
            node.put("model", name);
            ArrayNode list = node.putArray("embeddings");
            for (float[] vector : vectors.vectors()) {
                list.add(array(vector));
            }
            node.put("total_duration", System.nanoTime() - start);
            node.put("load_duration", lease.loadNanos());
            node.put("prompt_eval_count", vectors.tokens());
            if (vectors.cut() > 0) {
                node.put(
                        "warning",
                        vectors.cut()
                                + " texts were cut to the context of the model; cure for"
                                + " an error instead: truncate: false");
            }
            exchange.json(node);
        }
    }

    void handleLegacy(Exchange exchange) {
        Fields fields = exchange.fields();
        String prompt = fields.string("prompt").orElse("");
        List<String> texts = prompt.isEmpty() ? List.of() : List.of(prompt);
        try (ModelPool.Lease lease = lease(fields)) {
            EmbeddingModel model = embedder(lease);
            TextVectors vectors = Generations.asked(() -> TextVectors.of(model, texts, true, 0));
            ObjectNode node = Json.object();
            node.set(
                    "embedding",
                    texts.isEmpty() ? Json.array() : array(vectors.vectors().getFirst()));
            exchange.json(node);
        }
    }

    /** The model of a request, for as long as the request says. */
    private ModelPool.Lease lease(Fields fields) {
        Optional<Duration> keepAlive = KeepAlive.read(fields);
        OllamaOptions.checkNames(fields);
        ModelFiles.Entry entry = Names.entry(fields, service.pool().files());
        ModelPool.Lease lease = service.pool().use(entry.name());
        keepAlive.ifPresent(lease::keepAlive);
        return lease;
    }

    private static EmbeddingModel embedder(ModelPool.Lease lease) {
        if (lease.model() instanceof LoadedEntry.Embedder(EmbeddingModel model)) {
            return model;
        }
        throw new HttpProblem(
                Kind.NOT_SUPPORTED,
                "model '" + lease.name() + "' writes text and makes no embeddings");
    }

    private static ArrayNode array(float[] vector) {
        ArrayNode array = Json.array();
        for (float each : vector) {
            array.add(each);
        }
        return array;
    }
}
