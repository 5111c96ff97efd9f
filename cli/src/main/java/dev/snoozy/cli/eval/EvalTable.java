package dev.snoozy.cli.eval;

import dev.snoozy.cli.TextTable;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.PairedComparison;
import dev.snoozy.eval.PublishedScores;
import dev.snoozy.eval.Share;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskResult;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of some models for people: in percent, each with its standard error. */
final class EvalTable {
    private static final double PERCENT = 100;

    private final List<EvalReport.Row> rows;

    EvalTable(List<EvalReport.Row> rows) {
        this.rows = rows;
    }

    /**
     * Prints it.
     *
     * @param published whether the rows of the published table are shown too
     */
    void print(PrintWriter out, boolean published) {
        List<Task> tasks = rows.getFirst().result().tasks().stream().map(TaskResult::task).toList();
        figures(out, tasks, published);
        ModelResult first = rows.getFirst().result();
        out.println();
        out.printf(
                Locale.ROOT,
                "profile %s, %s; acc_norm where a task's figure is that (PIQA, HellaSwag, ARC,"
                        + " OBQA), else acc; ± standard error%n",
                first.profile().id(),
                first.begins() ? "with the model's beginning token" : "without a beginning token");
        for (TaskResult task : first.tasks()) {
            if (task.truncated() > 0) {
                out.printf(
                        Locale.ROOT,
                        "%s: %d of %d items are longer than the context; their ends were read%n",
                        task.task().label(),
                        task.truncated(),
                        task.items().size());
            }
        }
        for (EvalReport.Row row : rows.subList(1, rows.size())) {
            compare(out, first, row.result());
        }
        for (EvalReport.Row row : rows) {
            checks(out, row);
        }
    }

    private void figures(PrintWriter out, List<Task> tasks, boolean published) {
        List<String> titles = new ArrayList<>(List.of("model"));
        tasks.forEach(task -> titles.add(task.label()));
        titles.add("average");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (EvalReport.Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.result().model()));
            for (TaskResult task : row.result().tasks()) {
                Share share = task.published();
                cells.add(figure(share.value(), share.error()));
            }
            cells.add(figure(row.result().average(), row.result().averageError()));
            table.row(cells.toArray(String[]::new));
        }
        if (published) {
            for (PublishedScores row : PublishedScores.ROWS) {
                List<String> cells = new ArrayList<>(List.of(row.model() + " (published)"));
                tasks.forEach(task -> cells.add(plain(row.scores().get(task.ordinal()))));
                cells.add(tasks.size() == Task.values().length ? plain(row.average()) : "");
                table.row(cells.toArray(String[]::new));
            }
        }
        table.print(out);
    }

    private static void compare(PrintWriter out, ModelResult first, ModelResult second) {
        out.println();
        out.println(second.model() + " against " + first.model() + ", the same items:");
        TextTable table = new TextTable("task", "difference", "only one right", "p");
        List<PairedComparison> pairs = PairedComparison.of(first, second);
        for (int i = 0; i < pairs.size(); i++) {
            row(table, second.tasks().get(i).task().label(), pairs.get(i));
        }
        row(table, "all items", PairedComparison.sum(pairs));
        table.print(out);
    }

    private static void row(TextTable table, String name, PairedComparison pair) {
        table.row(
                name,
                String.format(
                        Locale.ROOT,
                        "%+.1f ± %.1f",
                        PERCENT * pair.difference(),
                        PERCENT * pair.interval()),
                pair.onlyFirst() + " : " + pair.onlySecond(),
                String.format(Locale.ROOT, pair.pValue() < 0.001 ? "%.1e" : "%.3f", pair.pValue()));
    }

    private static void checks(PrintWriter out, EvalReport.Row row) {
        SpotChecks.Measured perplexity = row.checks().perplexity();
        if (perplexity != null) {
            out.printf(
                    Locale.ROOT,
                    "%n%s: perplexity %.4f ± %.4f%n",
                    row.result().model(),
                    perplexity.value(),
                    perplexity.error());
        }
        for (SpotChecks.Sample sample : row.checks().samples()) {
            out.println();
            out.println(row.result().model() + ": " + sample.prompt() + " |" + sample.text());
        }
    }

    private static String figure(double value, double error) {
        return plain(PERCENT * value) + " ± " + plain(PERCENT * error);
    }

    private static String plain(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
