package dev.snoozy.cli.bench;

import dev.snoozy.cli.Printable;
import dev.snoozy.kernels.MachineLimits;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as Markdown tables. */
final class ReportTable {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_LINE = 200;

    private ReportTable() {}

    static void print(BenchReport report, PrintWriter out) {
        out.println(
                "| model | size | parameters | kernels | threads | test | t/s | rate | repetitions |");
        out.println("|---|---:|---:|---|---:|---|---:|---|---|");
        for (BenchReport.Result result : report.results()) {
            out.println(
                    row(
                            name(report.model()),
                            Printable.bytes(report.model().bytes()),
                            Printable.count(report.model().parameters()),
                            cell(report.kernels(), LONGEST_LINE),
                            Integer.toString(result.threads()),
                            result.title(),
                            speed(result),
                            rate(result),
                            repetitions(result)));
        }
        for (MachineLimits most : report.limits()) {
            out.println();
            out.printf(
                    Locale.ROOT,
                    "Rates are shares of what this machine does at most with %d threads: reading"
                            + " %.1f GB/s, %.0f GOP/s with 8-bit numbers, %.0f GOP/s in F32.%n",
                    most.threads(),
                    most.readPerSecond() / 1e9,
                    most.bytesPerSecond() / 1e9,
                    most.floatsPerSecond() / 1e9);
        }
        List<Comparison> versus = report.versus();
        if (versus != null && !versus.isEmpty()) {
            out.println();
            out.println("| test | threads | ours t/s | peer t/s | ours/peer |");
            out.println("|---|---:|---:|---:|---:|");
            for (Comparison c : versus) {
                out.println(
                        row(
                                c.title(),
                                Integer.toString(c.threads()),
                                number(c.ours()),
                                number(c.peer()),
                                String.format(Locale.ROOT, "%.2f", c.ratio())));
            }
        }
    }

    private static String name(BenchReport.Model model) {
        Path file = Path.of(model.file()).getFileName();
        String name = file == null ? model.file() : file.toString().replace(".gguf", "");
        return cell(name + " (" + model.architecture() + " " + model.type() + ")", LONGEST_NAME);
    }

    private static String speed(BenchReport.Result result) {
        return number(result.median())
                + " ("
                + number(result.slowest())
                + ".."
                + number(result.fastest())
                + ")";
    }

    /** {@code 30.1 GB/s, 84 % of the machine}. */
    private static String rate(BenchReport.Result result) {
        BenchReport.Rate rate = result.rate();
        if (rate == null) {
            return "";
        }
        Double share = rate.ofLimit();
        String of = share == null ? "" : String.format(Locale.ROOT, ", %.0f %%", 100 * share);
        return number(rate.value()) + " " + rate.unit() + of;
    }

    private static String repetitions(BenchReport.Result result) {
        return result.repetitions().stream()
                .map(ReportTable::number)
                .collect(Collectors.joining(" "));
    }

    private static String number(double speed) {
        return String.format(Locale.ROOT, speed < 100 ? "%.2f" : "%.1f", speed);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String cell(String text, int most) {
        return Printable.text(text, most).replace("|", "\\|");
    }
}
