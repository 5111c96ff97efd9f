package dev.snoozy.cli.compress;

import dev.snoozy.cli.Printable;
import dev.snoozy.compress.perplexity.Estimate;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** A {@link QualityReport} in Markdown. */
final class QualityTable {
    private static final double MEGA = 1e6;
    private static final int LONGEST_NAME = 80;
    private static final String NONE = "–";

    private QualityTable() {}

    /** The whole page. */
    static String page(QualityReport report, String plot) {
        return "# "
                + cell(report.model())
                + ": what quantizing costs\n\n"
                + table(report)
                + "\n"
                + notes(report)
                + "\n![size against KL divergence]("
                + plot
                + ")\n";
    }

    /** The table alone. */
    static String table(QualityReport report) {
        StringBuilder text = new StringBuilder();
        text.append(
                "| type | MB | bits/weight | memory at 4k | at 32k | pp512 t/s | tg128 t/s | perplexity | KL divergence | same top |\n");
        text.append("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (QualityReport.Row row : report.rows()) {
            String[] cells = {
                row.type() + (row.source() ? " (source)" : ""),
                format("%.1f", row.bytes() / MEGA),
                format("%.2f", row.bitsPerWeight()),
                format("%.0f MB", row.memory4k() / MEGA),
                format("%.0f MB", row.memory32k() / MEGA),
                speed(row.pp512()),
                speed(row.tg128()),
                estimate("%.3f ± %.3f", row.perplexity(), 1),
                estimate("%.5f ± %.5f", row.divergence(), 1),
                estimate("%.1f ± %.1f %%", row.sameTop(), 100)
            };
            text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        }
        return text.toString();
    }

    /** What the figures were measured with. */
    static String notes(QualityReport report) {
        QualityReport.Text text = report.text();
        StringBuilder notes = new StringBuilder();
        notes.append(
                String.format(
                        Locale.ROOT,
                        "Perplexity and divergence from the source: %d tokens of %s, in chunks of %d, with standard errors.%n",
                        text.scored(),
                        text.builtIn()
                                ? "the short text that comes with Snoozy, which says little of other texts (--text FILE gives another)"
                                : cell(text.name()),
                        text.chunk()));
        notes.append(
                "Memory: weights as they are packed, keys and values of one text, the program.\n");
        notes.append(
                String.format(
                        Locale.ROOT,
                        "Computed with %d threads on %d processors: %s.%n",
                        report.threads(),
                        report.processors(),
                        cell(report.kernels())));
        if (report.importance() != null) {
            notes.append("Importance matrix: ").append(cell(report.importance())).append(".\n");
        }
        return notes.toString();
    }

    private static String speed(@Nullable Double value) {
        return value == null ? NONE : format(value < 100 ? "%.2f" : "%.0f", value);
    }

    private static String estimate(String format, @Nullable Estimate estimate, int factor) {
        return estimate == null
                ? NONE
                : String.format(
                        Locale.ROOT, format, factor * estimate.value(), factor * estimate.error());
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Text that breaks no table. */
    private static String cell(String text) {
        return Printable.text(text, LONGEST_NAME).replace("|", "\\|");
    }
}
