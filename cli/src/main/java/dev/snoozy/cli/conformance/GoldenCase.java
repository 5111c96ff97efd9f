package dev.snoozy.cli.conformance;

import dev.snoozy.cli.Models;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * One golden: tokens to be fed as they are, and the logits or the embedding that the reference
 * computed (format: README of the golden vectors). Goldens of quantized models hold their logits in
 * {@code dequantized_f32}.
 */
final class GoldenCase {
    /** A greedy id must agree where its margin is larger than this many times the error. */
    private static final double MARGIN_FACTOR = 4;

    private static final double NOISE_FACTOR = 2;

    /** Bounds of goldens that state none, as the README of the golden vectors advises. */
    private static final double LOGITS = 5e-4;

    private static final double EMBEDDING = 1e-4;

    private final String name;
    private final JsonNode golden;
    private final JsonNode logits;
    private final Path model;
    private final LoadOptions options;
    private final boolean byNoise;
    private final Report report;

    /**
     * A case.
     *
     * @param byNoise whether the reference's own kernels with 8-bit activations are the judge, by
     *     the RMS of the differences, which may be twice that of those kernels to exact ones
     */
    GoldenCase(
            String name,
            JsonNode golden,
            Path model,
            LoadOptions options,
            boolean byNoise,
            Report report) {
        this.name = name;
        this.golden = golden;
        String judge = byNoise ? "quantized_kernels" : "dequantized_f32";
        this.logits = golden.has(judge) ? golden.get(judge) : golden;
        this.model = model;
        this.options = options;
        this.byNoise = byNoise;
        this.report = report;
    }

    /** Runs the case and reports it. */
    void check() throws IOException {
        int context = golden.path("n_ctx").asInt(0);
        LoadOptions load = options.withContextLength(context);
        Difference difference = new Difference();
        double bound =
                byNoise
                        ? NOISE_FACTOR * golden.get("rms_kernels_vs_dequantized").asDouble()
                        : logits.path("tolerance_abs").asDouble(usualBound());
        StringBuilder wrong = new StringBuilder();
        if (golden.has("embedding")) {
            try (EmbeddingModel embedder = EmbeddingModel.of(Models.open(model), load)) {
                checkEmbedding(embedder, difference);
            }
        } else {
            try (LanguageModel language = LanguageModel.of(Models.open(model), load);
                    Evaluation text = language.evaluation()) {
                checkLogits(text, difference, bound, wrong);
            }
        }
        double error = byNoise ? difference.rms() : difference.largest();
        if (error > bound) {
            wrong.append(byNoise ? "RMS of the differences " : "largest difference ")
                    .append(error)
                    .append(", bound ")
                    .append(bound)
                    .append("\nat ")
                    .append(difference.where());
        }
        if (wrong.isEmpty()) {
            report.pass(name, difference.figures(bound));
        } else {
            report.fail(name, wrong.toString(), difference.figures(bound));
        }
    }

    private double usualBound() {
        return golden.has("embedding") ? EMBEDDING : LOGITS;
    }

    private void checkEmbedding(EmbeddingModel embedder, Difference difference) {
        int[] tokens = CaseFiles.ints(golden.get("tokens"));
        List<float[]> rows = embedder.tokenEmbeddings(tokens);
        JsonNode first = golden.path("token_embeddings_first8");
        for (int t = 0; t < first.size(); t++) {
            difference.addRow(CaseFiles.numbers(first.get(t)), rows.get(t), "token " + t);
        }
        double[] expected = CaseFiles.numbers(golden.get("embedding"));
        difference.addRow(expected, embedder.pool(tokens), "embedding");
    }

    private void checkLogits(
            Evaluation text, Difference difference, double bound, StringBuilder wrong) {
        List<float[]> rows = text.append(CaseFiles.ints(golden.get("tokens")), true);
        JsonNode topIds = logits.path("top_ids");
        for (int t = 0; t < topIds.size(); t++) {
            difference.addRow(
                    CaseFiles.ints(topIds.get(t)),
                    CaseFiles.numbers(logits.get("top_logits").get(t)),
                    rows.get(t),
                    "position " + t);
        }
        float[] last = rows.getLast();
        difference.addRow(CaseFiles.numbers(logits.get("logits_last")), last, "last position");
        if (!logits.has("greedy")) {
            return;
        }
        int[] greedy = CaseFiles.ints(logits.get("greedy"));
        double[] margins = new double[greedy.length];
        Arrays.fill(margins, Double.POSITIVE_INFINITY);
        if (logits.has("greedy_margin")) {
            margins = CaseFiles.numbers(logits.get("greedy_margin"));
        }
        for (int i = 0; i < greedy.length; i++) {
            int found = Scores.best(last);
            double error = Math.max(difference.largest(), bound * 1e-3);
            if (found != greedy[i] && margins[i] > MARGIN_FACTOR * error) {
                wrong.append("greedy token ")
                        .append(i)
                        .append(": expected ")
                        .append(greedy[i])
                        .append(" by a margin of ")
                        .append(margins[i])
                        .append(", found ")
                        .append(found)
                        .append('\n');
            }
            last = text.append(new int[] {greedy[i]}, false).getFirst();
        }
        if (!logits.has("after_greedy_top_ids")) {
            return;
        }
        difference.addRow(
                CaseFiles.ints(logits.get("after_greedy_top_ids")),
                CaseFiles.numbers(logits.get("after_greedy_top_logits")),
                last,
                "after greedy");
    }
}
