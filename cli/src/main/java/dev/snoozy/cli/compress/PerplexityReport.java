package dev.snoozy.cli.compress;

import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.compress.perplexity.Estimate;
import dev.snoozy.compress.perplexity.PerplexityResult;

import java.io.PrintWriter;
import java.util.Locale;

/** What {@code snoozy perplexity} prints. */
record PerplexityReport(String model, String activations, PerplexityResult result) {
    static void print(PerplexityResult result, PrintWriter out) {
        StringBuilder running = new StringBuilder("chunks:");
        for (int i = 0; i < result.running().size(); i++) {
            running.append(String.format(Locale.ROOT, " [%d]%.4f", i + 1, result.running().get(i)));
        }
        out.println(running);
        line(out, "perplexity", result.perplexity(), 1, "");
        Divergence divergence = result.divergence();
        if (divergence != null) {
            print(divergence, out);
        }
        out.printf("tokens scored         %12d%n", result.tokens());
    }

    private static void print(Divergence d, PrintWriter out) {
        line(out, "base's perplexity", d.basePerplexity(), 1, "");
        line(out, "ratio", d.ratio(), 1, "");
        line(out, "difference", d.difference(), 1, "");
        line(out, "correlation", d.correlation(), 100, " %");
        line(out, "KL divergence, mean", d.divergence(), 1, "");
        line(out, "  largest", d.largestDivergence(), 1, "");
        line(out, "  99.9 %", d.divergence999(), 1, "");
        line(out, "  median", d.medianDivergence(), 1, "");
        line(out, "delta p, mean", d.deltaP(), 100, " %");
        line(out, "  RMS", d.rmsDeltaP(), 100, " %");
        line(out, "  median", d.medianDeltaP(), 100, " %");
        line(out, "same top token", d.sameTop(), 100, " %");
    }

    private static void line(PrintWriter out, String what, Estimate e, int factor, String unit) {
        out.printf(
                Locale.ROOT,
                "%-21s %12.6f ± %.6f%s%n",
                what,
                factor * e.value(),
                factor * e.error(),
                unit);
    }

    private static void line(PrintWriter out, String what, double value, int factor, String unit) {
        out.printf(Locale.ROOT, "%-21s %12.6f%s%n", what, factor * value, unit);
    }
}
