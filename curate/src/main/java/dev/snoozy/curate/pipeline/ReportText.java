package dev.snoozy.curate.pipeline;

import java.util.Locale;

/** The report for a terminal. */
public final class ReportText {
    private static final int SOURCES = 20;

    private ReportText() {}

    /** The report as lines. */
    public static String of(CurationReport report) {
        StringBuilder text = new StringBuilder();
        line(text, "read", report.read());
        for (CurationReport.RuleCount rule : report.rules()) {
            if (rule.removed() > 0 || rule.changed() > 0) {
                line(text, "  " + rule.rule(), -rule.removed());
            }
            if (rule.changed() > 0) {
                text.append("    and something replaced in ")
                        .append(rule.changed())
                        .append(" rows\n");
            }
        }
        line(text, "kept", report.kept());
        line(text, "  lines to train", report.train());
        line(text, "  lines to validate", report.validation());
        line(text, "malformed, set aside", report.malformed());
        text.append("by source (kept of read)\n");
        report.sources().stream()
                .limit(SOURCES)
                .forEach(s ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %-32s %,12d of %,d%n",
                                        s.source(),
                                        s.kept(),
                                        s.read())));
        if (report.sources().size() > SOURCES) {
            text.append("  and ").append(report.sources().size() - SOURCES).append(" more\n");
        }
        return text.toString().replace("\r\n", "\n");
    }

    private static void line(StringBuilder text, String name, long count) {
        text.append(String.format(Locale.ROOT, "%-34s %,12d%n", name, count));
    }
}
