package dev.snoozy.cook;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** The report of a cook for people: one page that needs nothing else. */
final class ReportPage {
    private static final double PERCENT = 100;
    private static final double MIB = 1 << 20;
    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>%1$s</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            :root { color-scheme: light dark; --line: #8886; --one: #4472c4; --two: #d1495b; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.15rem; margin-top: 2rem; }
            table { border-collapse: collapse; margin: .6rem 0; display: block; overflow-x: auto; }
            th, td { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }
            td.n, th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            svg { width: 100%%; height: auto; max-width: 56rem; } svg text { fill: currentColor; font-size: 12px; }
            .source { font-size: 85%%; opacity: .75; margin: .2rem 0; } code { font-size: 85%%; overflow-wrap: anywhere; }
            .lead { font-size: 1.05rem; } blockquote { margin: .3rem 0 .8rem; padding-left: .8rem; border-left: 3px solid var(--line); white-space: pre-wrap; }
            </style></head><body>
            <h1>%1$s</h1>
            """;

    private final JsonNode report;
    private final JsonNode speeds;
    private final Html page = new Html();

    private ReportPage(JsonNode report, JsonNode speeds) {
        this.report = report;
        this.speeds = speeds;
    }

    static String of(JsonNode report, JsonNode speeds) {
        return new ReportPage(report, speeds).write();
    }

    private String write() {
        page.raw(HEAD.formatted(Html.escape(report.path("name").asString())));
        lead();
        data();
        training();
        scores();
        differences();
        sizes();
        samples();
        files();
        return page.raw("</body></html>\n").toString();
    }

    private void lead() {
        JsonNode training = report.path("training");
        JsonNode data = report.path("curation");
        page.raw("<p class=\"lead\">")
                .text(
                        Html.number(
                                "%,d rows were read and %,d kept; %s was trained on %,d texts in"
                                        + " %,d steps.",
                                data.path("read").asLong(),
                                data.path("kept").asLong(),
                                report.path("base").path("file").asString(),
                                training.path("texts").asLong(),
                                training.path("steps").asLong()));
        if (training.has("gain")) {
            page.text(
                    Html.number(
                            " On rows that were held back the loss went from %.4f to %.4f, a gain"
                                    + " of %.4f ± %.4f (standard error): %s.",
                            training.path("loss_before").asDouble(),
                            training.path("loss_after").asDouble(),
                            training.path("gain").asDouble(),
                            training.path("gain_stderr").asDouble(),
                            training.path("better").asBoolean()
                                    ? "better"
                                    : "not measurably better"));
        }
        page.raw("</p>\n");
    }

    private void data() {
        JsonNode data = report.path("curation");
        page.heading("Data").source(data.path("file").asString());
        page.head("rows", "");
        for (String name :
                List.of("read", "removed", "kept", "train", "validation", "malformed", "changed")) {
            page.row(name, count(data.path(name)));
        }
        page.endTable();
        page.head("removed or changed by", "removed", "changed");
        for (JsonNode rule : data.path("rules")) {
            page.row(
                    rule.path("rule").asString(),
                    count(rule.path("removed")),
                    count(rule.path("changed")));
        }
        page.endTable();
        page.head("source", "read", "kept");
        for (JsonNode source : data.path("sources")) {
            page.row(
                    source.path("source").asString(),
                    count(source.path("read")),
                    count(source.path("kept")));
        }
        page.endTable();
        page.paragraph("What was removed and why: curate/report.html; the map: curate/map.html.");
    }

    private static String count(JsonNode node) {
        return Html.number("%,d", node.asLong());
    }

    private void training() {
        JsonNode training = report.path("training");
        page.heading("Training")
                .source(training.path("file").asString(), training.path("curve_file").asString());
        JsonNode curve = training.path("curve");
        page.raw(
                Plot.lines(
                        "Loss, nats per token",
                        Plot.curve("training", "var(--one)", curve, "loss"),
                        Plot.curve("validation", "var(--two)", curve, "validation_loss")));
        page.raw(Plot.lines("Learning rate", Plot.curve("rate", "var(--one)", curve, "rate")));
        page.raw(
                Plot.lines(
                        "Norm of the gradients", Plot.curve("norm", "var(--one)", curve, "norm")));
        page.raw("<p><code>").text(training.path("options").asString()).raw("</code></p>\n");
        JsonNode merge = report.path("merge");
        page.paragraph(
                Html.number(
                        "The merged model against base and adapter on %d tokens: mean divergence"
                                + " %.2g nats (bound %.0g), the same next token %.1f %%.",
                        merge.path("tokens").asInt(),
                        merge.path("divergence").asDouble(),
                        merge.path("bound").asDouble(),
                        PERCENT * merge.path("same_choice").asDouble()));
        page.source(merge.path("file").asString());
    }

    private void scores() {
        page.heading("Scores, in percent ± standard error");
        List<String> titles = new ArrayList<>(List.of("model"));
        JsonNode models = report.path("models");
        for (JsonNode task : models.path(0).path("tasks")) {
            titles.add(task.path("task").asString());
        }
        titles.add("average");
        page.head(titles.toArray(String[]::new));
        for (JsonNode model : models) {
            List<String> cells = new ArrayList<>(List.of(model.path("model").asString()));
            for (JsonNode task : model.path("tasks")) {
                String figure = task.path("published").asString();
                cells.add(figure(task.path(figure), task.path(figure + "_stderr")));
            }
            cells.add(figure(model.path("average"), model.path("average_stderr")));
            page.row(cells.toArray(String[]::new));
        }
        page.endTable();
        page.raw(Plot.averages(models));
        JsonNode first = models.path(0);
        page.paragraph(
                "Profile "
                        + first.path("profile").asString()
                        + (first.path("limit").asInt() > 0
                                ? ", the first " + first.path("limit").asInt() + " items of each"
                                : ", all items")
                        + (first.path("beginning_token").asBoolean()
                                ? ", with the model's beginning token."
                                : ", without a beginning token."));
        List<String> files = new ArrayList<>();
        models.forEach(model -> files.add(model.path("file").asString()));
        page.source(files.toArray(String[]::new));
    }

    private static String figure(JsonNode value, JsonNode error) {
        return Html.number("%.1f ± %.1f", PERCENT * value.asDouble(), PERCENT * error.asDouble());
    }

    private void differences() {
        page.heading("Differences on the same items, with their 95 % interval");
        page.head("models", "task", "difference", "only one right", "p");
        for (JsonNode pair : report.path("differences")) {
            double p = pair.path("p_value").asDouble();
            page.row(
                    pair.path("first").asString() + " → " + pair.path("second").asString(),
                    pair.path("task").asString(),
                    Html.number(
                            "%+.1f ± %.1f",
                            PERCENT * pair.path("difference").asDouble(),
                            PERCENT * pair.path("interval_95").asDouble()),
                    pair.path("only_first").asInt() + " : " + pair.path("only_second").asInt(),
                    Html.number(p < 0.001 ? "%.1e" : "%.3f", p));
        }
        page.endTable();
    }

    private void sizes() {
        page.heading("Sizes, perplexity and speeds on this machine");
        page.head("model", "MiB", "perplexity", "prefill t/s", "decode t/s");
        for (JsonNode model : report.path("models")) {
            JsonNode speed = speeds.path(model.path("model").asString());
            JsonNode perplexity = model.path("perplexity");
            page.row(
                    model.path("model").asString(),
                    Html.number("%.2f", model.path("bytes").asLong() / MIB),
                    perplexity.has("value")
                            ? Html.number(
                                    "%.4f ± %.4f",
                                    perplexity.path("value").asDouble(),
                                    perplexity.path("stderr").asDouble())
                            : "",
                    speed(speed.path("prefill_per_second")),
                    speed(speed.path("decode_per_second")));
        }
        page.endTable().source(Cook.SPEEDS);
    }

    private static String speed(JsonNode value) {
        return value.isNumber() ? Html.number("%,.0f", value.asDouble()) : "";
    }

    private void samples() {
        boolean any = false;
        for (JsonNode model : report.path("models")) {
            for (JsonNode sample : model.path("samples")) {
                if (!any) {
                    page.heading("Samples, by the likeliest tokens");
                    any = true;
                }
                page.raw("<p><b>")
                        .text(model.path("model").asString())
                        .raw("</b>: ")
                        .text(sample.path("prompt").asString())
                        .raw("</p>\n<blockquote>")
                        .text(sample.path("continuation").asString())
                        .raw("</blockquote>\n");
            }
        }
    }

    private void files() {
        page.heading("Files");
        page.head("file", "bytes", "SHA-256");
        JsonNode base = report.path("base");
        file(base.path("file").asString() + " (base)", base);
        for (JsonNode input : report.path("inputs")) {
            file(input.path("name").asString() + " (data)", input);
        }
        report.path("files").forEach(made -> file(made.path("file").asString(), made));
        page.endTable();
    }

    private void file(String name, JsonNode node) {
        page.raw("<tr><td>")
                .text(name)
                .raw("</td><td class=\"n\">")
                .text(count(node.path("bytes")));
        page.raw("</td><td><code>").text(node.path("sha256").asString()).raw("</code></td></tr>\n");
    }
}
