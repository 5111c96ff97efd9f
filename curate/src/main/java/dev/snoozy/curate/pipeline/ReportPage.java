package dev.snoozy.curate.pipeline;

import java.util.Locale;

/** The report as a page of its own: no script, no network. */
final class ReportPage {
    private static final String HEAD =
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Curation</title>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>
            :root { color-scheme: light dark; }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; }
            th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; vertical-align: top; }
            td.n { text-align: right; font-variant-numeric: tabular-nums; }
            details { margin: .4rem 0; }
            blockquote { margin: .3rem 0 .8rem; padding-left: .8rem; border-left: 3px solid #8888; white-space: pre-wrap; }
            .reason { font-weight: 600; }
            code { font-size: 85%; }
            </style></head><body>
            <h1>Curation</h1>
            """;

    private ReportPage() {}

    static String of(CurationReport report) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("<table>\n");
        row(page, "read", report.read());
        row(page, "removed", report.removed());
        row(page, "kept", report.kept());
        row(page, "lines to train", report.train());
        row(page, "lines to validate", report.validation());
        row(page, "malformed, set aside", report.malformed());
        page.append("</table>\n<h2>Rules</h2>\n<table>\n");
        page.append("<tr><th>rule</th><th>removed</th><th>changed</th></tr>\n");
        for (CurationReport.RuleCount rule : report.rules()) {
            row(page, rule.rule(), rule.removed(), rule.changed());
        }
        page.append("</table>\n<h2>Examples of what was removed</h2>\n");
        report.rules().forEach(rule -> examples(page, rule));
        page.append("<h2>Sources</h2>\n<table>\n");
        page.append("<tr><th>source</th><th>read</th><th>kept</th></tr>\n");
        for (CurationReport.SourceCount source : report.sources()) {
            row(page, source.source(), source.read(), source.kept());
        }
        return page.append("</table>\n</body></html>\n").toString();
    }

    private static void examples(StringBuilder page, CurationReport.RuleCount rule) {
        if (rule.examples().isEmpty()) {
            return;
        }
        page.append("<details><summary>").append(escape(rule.rule())).append("</summary>\n");
        for (CurationReport.Example example : rule.examples()) {
            page.append("<p><span class=\"reason\">")
                    .append(escape(example.reason()))
                    .append("</span> <code>")
                    .append(escape(example.id()))
                    .append("</code></p>\n<blockquote>")
                    .append(escape(example.prompt()))
                    .append("</blockquote>\n<blockquote>")
                    .append(escape(example.response()))
                    .append("</blockquote>\n");
        }
        page.append("</details>\n");
    }

    private static void row(StringBuilder page, String name, long... counts) {
        page.append("<tr><td>").append(escape(name)).append("</td>");
        for (long count : counts) {
            page.append(String.format(Locale.ROOT, "<td class=\"n\">%,d</td>", count));
        }
        page.append("</tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
