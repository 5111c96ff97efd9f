package dev.snoozy.studio.jobs;

import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.compress.perplexity.Estimate;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.PerplexityResult;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * {@code perplexity}: how well a model foresees a text, and how far it is from another. Fields:
 * {@code model}, {@code text}, {@code base} (another model), {@code chunk} (tokens, 512), {@code
 * chunks} (the most, 0 for all).
 */
final class PerplexityKind implements JobKind {
    private static final int CHUNK = 512;
    private static final int LEAST_CHUNK = 8;
    private static final int LARGEST_CHUNK = 1 << 20;

    private final JobModels models;
    private final IntSupplier threads;

    PerplexityKind(JobModels models, IntSupplier threads) {
        this.models = models;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public String title(Fields request) {
        models.find(request, "model");
        request.requiredString("text");
        chunk(request);
        if (request.has("base")) {
            models.find(request, "base");
        }
        return "Perplexity of "
                + request.requiredString("model")
                + request.string("base").map(base -> " beside " + base).orElse("");
    }

    private static int chunk(Fields request) {
        return request.integer("chunk", LEAST_CHUNK, LARGEST_CHUNK, CHUNK);
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        int chunk = chunk(request);
        int wanted = threads.getAsInt();
        LoadOptions load = LoadOptions.defaults().withContextLength(chunk).withThreads(wanted);
        try (LanguageModel model = load(models.find(request, "model"), load)) {
            progress.log(model.kernels());
            Perplexity perplexity =
                    new Perplexity(
                            model,
                            wanted,
                            (done, all, value) -> {
                                progress.at(done, all, "chunks");
                                progress.log(
                                        String.format(
                                                Locale.ROOT,
                                                "perplexity %.4f after chunk %d of %d",
                                                value,
                                                done,
                                                all));
                            });
            TextChunks text =
                    TextChunks.of(model.tokenizer(), request.requiredString("text"), chunk, 0)
                            .first(request.integer("chunks", 0, Integer.MAX_VALUE, 0));
            if (!request.has("base")) {
                return json(perplexity.of(text));
            }
            try (LanguageModel base = load(models.find(request, "base"), load)) {
                return json(perplexity.compare(text, new Base.Live(base)));
            }
        } catch (ModelException | FormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static LanguageModel load(Path file, LoadOptions options) throws IOException {
        return LanguageModel.load(file, options);
    }

    private static ObjectNode json(PerplexityResult result) {
        ObjectNode node = Json.object();
        node.put("chunk", result.chunkSize()).put("tokens", result.tokens());
        put(node, "perplexity", result.perplexity());
        ArrayNode running = node.putArray("running");
        result.running().forEach(running::add);
        Divergence divergence = result.divergence();
        if (divergence != null) {
            put(node, "basePerplexity", divergence.basePerplexity());
            put(node, "divergence", divergence.divergence());
            put(node, "sameTop", divergence.sameTop());
            node.put("largestDivergence", divergence.largestDivergence());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, Estimate estimate) {
        node.put(name, estimate.value()).put(name + "Error", estimate.error());
    }
}
