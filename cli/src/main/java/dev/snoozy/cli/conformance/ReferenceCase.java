package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Models;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One model of a {@code reference.json.gz} or {@code embeddings.json.gz}: what a stock build of the
 * reference engine computed, checked on its own ids, so that one permitted difference does not lead
 * to others.
 */
final class ReferenceCase {
    private static final double MARGIN_FACTOR = 4;
    private static final double QUANTIZED_MARGIN = 0.5;

    private final String name;
    private final JsonNode reference;
    private final Path model;
    private final ActivationKind activations;
    private final LoadOptions options;
    private final Report report;
    private final Difference difference = new Difference();
    private final StringBuilder wrong = new StringBuilder();

    ReferenceCase(
            String name,
            JsonNode reference,
            Path model,
            ActivationKind activations,
            LoadOptions options,
            Report report) {
        this.activations = activations;
        this.options = options;
        this.name = name;
        this.reference = reference;
        this.model = model;
        this.report = report;
    }

    /** Runs the case and reports it. */
    void check() throws IOException {
        GgufFile file = Models.open(model);
        Bounds bounds = Bounds.of(file);
        Map<String, Object> figures = new LinkedHashMap<>();
        if (reference.isArray()) {
            try (EmbeddingModel embedder = EmbeddingModel.of(file, options)) {
                reference.forEach(line -> checkEmbedding(embedder, line));
            }
        } else {
            try (Forward network = forward(file, figures)) {
                reference.path("greedy").forEach(line -> checkGreedy(network, line, bounds));
                if (reference.has("scored_text")) {
                    checkScores(network, reference.get("scored_text"), bounds, figures);
                }
            }
        }
        figures.putAll(difference.figures(bounds.logits()));
        if (!bounds.quantized() && difference.largest() > bounds.logits()) {
            wrong.append("largest difference ")
                    .append(difference.largest())
                    .append(", bound ")
                    .append(bounds.logits())
                    .append("\nat ")
                    .append(difference.where());
        }
        if (wrong.isEmpty()) {
            report.pass(name, figures);
        } else {
            report.fail(name, wrong.toString(), figures);
        }
    }

    private Forward forward(GgufFile file, Map<String, Object> figures) {
        figures.put("activations", activations.word());
        return activations == ActivationKind.REFERENCE
                ? Forward.asTheReference(file, longest())
                : Forward.asTheEngine(file, options);
    }

    /** Tokens of the longest text of the reference. */
    private int longest() {
        int most = reference.path("scored_text").path("ids").size();
        for (JsonNode line : reference.path("greedy")) {
            int tokens = line.path("prompt_ids").size() + line.path("generated_ids").size();
            most = Math.max(most, tokens);
        }
        return most;
    }

    private void checkEmbedding(EmbeddingModel embedder, JsonNode line) {
        int[] ids = CaseFiles.ints(line.get("ids"));
        String text = line.get("text").asString();
        int[] found = embedder.tokenizer().encode(text, true, false);
        if (!Arrays.equals(ids, found)) {
            wrong.append("tokens of \"" + text + "\"\nexpected ")
                    .append(Arrays.toString(ids))
                    .append("\nfound    ")
                    .append(Arrays.toString(found))
                    .append('\n');
        }
        difference.addRow(
                CaseFiles.numbers(line.get("embedding")), embedder.pool(ids), "\"" + text + "\"");
        if (Arrays.equals(ids, found)) {
            double[] normalised = CaseFiles.numbers(line.get("normalised"));
            difference.addRow(normalised, embedder.embed(text), "normalised \"" + text + "\"");
        }
    }

    private void checkGreedy(Forward network, JsonNode line, Bounds bounds) {
        int[] prompt = CaseFiles.ints(line.get("prompt_ids"));
        int[] generated = CaseFiles.ints(line.get("generated_ids"));
        double[] margins = CaseFiles.numbers(line.get("margins"));
        double[] logprobs = CaseFiles.numbers(line.get("generated_logprobs"));
        int[] all = Arrays.copyOf(prompt, prompt.length + generated.length);
        System.arraycopy(generated, 0, all, prompt.length, generated.length);
        List<float[]> rows = network.scores(all);
        String place = "\"" + line.path("prompt").asString("") + "\"";
        float[] first = rows.get(prompt.length - 1);
        for (JsonNode pair : line.path("first_top10")) {
            int id = pair.get(0).asInt();
            double expected = pair.get(1).asDouble();
            difference.add(expected, Scores.logprob(first, id), place + " first, id " + id);
        }
        if (line.has("full_logits")) {
            difference.addRow(CaseFiles.numbers(line.get("full_logits")), first, place + " first");
        }
        double margin = bounds.quantized() ? QUANTIZED_MARGIN : MARGIN_FACTOR * bounds.logits();
        for (int i = 0; i < generated.length; i++) {
            float[] row = rows.get(prompt.length - 1 + i);
            int found = Scores.best(row);
            if (found != generated[i] && margins[i] > margin) {
                wrong.append(place)
                        .append(" token ")
                        .append(i)
                        .append(": expected ")
                        .append(generated[i])
                        .append(" by a margin of ")
                        .append(margins[i])
                        .append(", found ")
                        .append(found)
                        .append('\n');
            }
            double logprob = Scores.logprob(row, generated[i]);
            difference.add(logprobs[i], logprob, place + " token " + i);
        }
    }

    private void checkScores(
            Forward network, JsonNode scored, Bounds bounds, Map<String, Object> figures) {
        int[] ids = CaseFiles.ints(scored.get("ids"));
        double[] expected = CaseFiles.numbers(scored.get("token_logprobs"));
        List<float[]> rows = network.scores(ids);
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            double found = Scores.logprob(rows.get(i), ids[i + 1]);
            difference.add(expected[i], found, "scored token " + i);
            sum -= found;
        }
        double nll = sum / expected.length;
        double reference = scored.get("mean_nll").asDouble();
        figures.put("mean_nll", nll);
        figures.put("mean_nll_difference", nll - reference);
        // One per cent of perplexity is 0.00995 in its logarithm, which the absolute bound covers.
        if (!(Math.abs(nll - reference) <= bounds.nll())) {
            wrong.append("mean negative log-likelihood: expected ")
                    .append(reference)
                    .append(" within ")
                    .append(bounds.nll())
                    .append(", found ")
                    .append(nll)
                    .append('\n');
        }
    }
}
