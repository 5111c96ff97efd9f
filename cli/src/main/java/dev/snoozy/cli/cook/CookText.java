package dev.snoozy.cli.cook;

import dev.snoozy.cli.TextTable;
import dev.snoozy.cook.Cook;

import tools.jackson.databind.JsonNode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Locale;

/** The report of a cook in a few lines. */
final class CookText {
    private static final double PERCENT = 100;
    private static final double MIB = 1 << 20;

    private CookText() {}

    static String of(JsonNode report, Path folder) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        JsonNode data = report.path("curation");
        out.printf(
                Locale.ROOT,
                "%,d rows read, %,d kept%n",
                data.path("read").asLong(),
                data.path("kept").asLong());
        JsonNode training = report.path("training");
        if (training.has("gain")) {
            out.printf(
                    Locale.ROOT,
                    "validation loss %.4f -> %.4f, a gain of %.4f ± %.4f (standard error): %s%n",
                    training.path("loss_before").asDouble(),
                    training.path("loss_after").asDouble(),
                    training.path("gain").asDouble(),
                    training.path("gain_stderr").asDouble(),
                    training.path("better").asBoolean() ? "better" : "NOT measurably better");
        }
        TextTable table = new TextTable("model", "MiB", "average", "perplexity");
        for (JsonNode model : report.path("models")) {
            JsonNode perplexity = model.path("perplexity").path("value");
            table.row(
                    model.path("model").asString(),
                    String.format(Locale.ROOT, "%.2f", model.path("bytes").asLong() / MIB),
                    String.format(
                            Locale.ROOT,
                            "%.1f ± %.1f",
                            PERCENT * model.path("average").asDouble(),
                            PERCENT * model.path("average_stderr").asDouble()),
                    perplexity.isNumber()
                            ? String.format(Locale.ROOT, "%.4f", perplexity.asDouble())
                            : "");
        }
        table.print(out);
        out.print("wrote " + folder.resolve(Cook.PAGE));
        out.flush();
        return text.toString();
    }
}
