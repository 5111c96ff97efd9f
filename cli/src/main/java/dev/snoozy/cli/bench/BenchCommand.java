package dev.snoozy.cli.bench;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy bench}: how fast a model is, real or made up. */
@Command(
        name = "bench",
        description = "Measure the speed of a model, or of a made-up one of any size.",
        footer = {
            "",
            "pp512 is 512 tokens of prefill, tg128 128 tokens of decode, tg128x4 of four texts at once;",
            "all in tokens per second.",
            "",
            "Example:",
            "  snoozy bench tinystories -p 128 -n 64 -r 3",
            "  snoozy bench model.gguf -t 1,2 -d 0,4096 --json",
            "  snoozy bench model.gguf --vs peer.json",
            "  snoozy bench --random llama-1b --type Q4_K_M --out random.gguf --write-only"
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "a GGUF file or the name of a model")
    private @Nullable String name;

    @Mixin private MeasureFlags measure = new MeasureFlags();

    @Mixin private RandomFlags random = new RandomFlags();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        boolean madeUp = random.wanted();
        if (madeUp == (name != null)) {
            throw new WrongUseException("expected either MODEL or --random SHAPE");
        }
        if (random.writeOnly() && measure.given()) {
            throw new WrongUseException(
                    "--write-only measures nothing: expected none of -p, -n, -d, -s, -t, -r,"
                            + " --no-warm-up, --cache-type, --weights and --vs");
        }
        Plan plan = measure.plan();
        String peerFile = measure.peer();
        List<BenchReport.Result> peer =
                peerFile == null ? null : Comparison.read(Path.of(peerFile));
        Path file = name == null ? random.write() : Models.find(name);
        if (random.writeOnly()) {
            printWritten(BenchReport.Model.of(file));
            return 0;
        }
        BenchReport report = Measurement.of(file, plan, measure.load(), err());
        print(peer == null ? report : compared(report, peer));
        return 0;
    }

    private BenchReport compared(BenchReport report, List<BenchReport.Result> peer) {
        List<Comparison> both = Comparison.of(report.results(), peer);
        if (both.size() < report.results().size()) {
            err().printf(
                            "snoozy: %d of %d tests are not in %s with the same threads and depth%n",
                            report.results().size() - both.size(),
                            report.results().size(),
                            measure.peer());
        }
        return report.withVersus(both);
    }

    private void print(BenchReport report) {
        if (json) {
            out().println(Json.write(report));
        } else {
            ReportTable.print(report, out());
        }
        out().flush();
    }

    private void printWritten(BenchReport.Model model) {
        if (json) {
            out().println(Json.write(Map.of("model", model)));
        } else {
            out().printf(
                            "wrote %s: %s, %s parameters, %s%n",
                            model.file(),
                            Printable.bytes(model.bytes()),
                            Printable.count(model.parameters()),
                            model.type());
        }
        out().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
