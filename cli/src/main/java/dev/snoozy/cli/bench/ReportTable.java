package dev.snoozy.cli.bench;

import dev.snoozy.cli.Printable;

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
        out.println("| model | size | parameters | kernels | threads | test | t/s | repetitions |");
        out.println("|---|---:|---:|---|---:|---|---:|---|");
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
                            repetitions(result)));
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
