package dev.snoozy.cli.compress;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.Mixture;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.QuantizePlan;
import dev.snoozy.compress.Quantizer;
import dev.snoozy.compress.TargetChoice;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy quantize}: a model in fewer bits. */
@Command(
        name = "quantize",
        description = "Write a model in fewer bits.",
        customSynopsis = {
            "snoozy quantize [OPTIONS] IN OUT TYPE",
            "       snoozy quantize [OPTIONS] IN OUT --target-size SIZE | --target-bpw BITS",
            "       snoozy quantize --dry-run [OPTIONS] IN [OUT] TYPE",
            "       snoozy quantize --report [OPTIONS] IN DIR [TYPE...]",
            "       snoozy quantize --dry-run --shapes FILE [OPTIONS] [TYPE...]"
        },
        footer = {
            "",
            "TYPE is a mixture, such as Q4_K_M, or a number format, such as Q4_0; all are listed"
                    + " when it is unknown.",
            "",
            "Example:",
            "  snoozy quantize model-F16.gguf model-Q4_K_M.gguf Q4_K_M",
            "  snoozy quantize model-F16.gguf small.gguf IQ2_M --imatrix imatrix.dat",
            "  snoozy quantize model-F16.gguf out.gguf Q4_K_M --tensor-type 'ffn_down=Q6_K'",
            "  snoozy quantize --dry-run model-F16.gguf Q5_K_M",
            "  snoozy quantize model-F16.gguf small.gguf --target-size 4.5GB",
            "  snoozy quantize --report model-F16.gguf report/ --text wiki.test.raw"
        },
        mixinStandardHelpOptions = true)
public final class QuantizeCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "IN OUT TYPE", description = "what, where to, and how")
    private List<String> words = new ArrayList<>();

    @Mixin private QuantizeFlags flags = new QuantizeFlags();

    @Mixin private TargetFlags target = new TargetFlags();

    @Mixin private ReportFlags report = new ReportFlags();

    @Option(names = "--dry-run", description = "tell what would be done, and write nothing")
    private boolean dryRun;

    @Option(
            names = "--shapes",
            paramLabel = "FILE",
            description =
                    "with --dry-run: tensors and dimensions from a table instead of a model;"
                            + " without TYPE, for all types in its head")
    private @Nullable Path shapes;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (report.given()) {
            return report();
        }
        if (shapes != null) {
            if (!dryRun || target.given()) {
                throw new WrongUseException(
                        "--shapes goes with --dry-run, and not with a target: errors are measured"
                                + " on data");
            }
            return plans(shapes);
        }
        if (target.given()) {
            requireNoType();
        } else if (words.size() != 3 && !(dryRun && words.size() == 2)) {
            throw new WrongUseException(
                    "expected IN OUT TYPE, found " + words.size() + " words; see --help");
        }
        return dryRun ? plan() : write();
    }

    private void requireNoType() {
        boolean last = words.size() > 1 && Mixture.of(words.getLast()).isPresent();
        if (words.size() == 3 || (dryRun && last)) {
            throw new WrongUseException(
                    "expected no TYPE beside a target, which chooses the types, found "
                            + words.getLast());
        }
        if (words.size() != 2 && !(dryRun && words.size() == 1)) {
            throw new WrongUseException(
                    "expected IN OUT beside a target, found " + words.size() + " words");
        }
        target.target();
    }

    /** How to quantize, and how that was chosen if it was. */
    private record Way(String name, QuantizeOptions options, @Nullable TargetChoice choice) {}

    private Way way(Path model, GgufFile source) throws IOException {
        if (!target.given()) {
            return new Way(words.getLast(), flags.options(words.getLast()), null);
        }
        TargetChoice choice = target.choose(model, source, flags.forTarget(), err());
        return new Way(target.target().text(), choice.options(), choice);
    }

    private int report() throws IOException {
        if (dryRun || shapes != null || target.given()) {
            throw new WrongUseException(
                    "--report goes with none of --dry-run, --shapes and a target");
        }
        if (words.size() < 2) {
            throw new WrongUseException(
                    "expected IN DIR [TYPE...] beside --report, found %d words"
                            .formatted(words.size()));
        }
        Map<String, QuantizeOptions> types = new LinkedHashMap<>();
        for (String type : report.types(words.subList(2, words.size()))) {
            types.put(type.toUpperCase(Locale.ROOT), flags.options(type));
        }
        Path folder = Path.of(words.get(1));
        Path model = Models.find(words.getFirst());
        QualityReport done = new QualityMeasurement(model, folder, report, types, err()).run();
        QualityFiles.write(done, folder);
        if (json) {
            out().println(Json.write(done));
        } else {
            out().print(QualityTable.table(done));
            out().println();
            out().print(QualityTable.notes(done));
            out().printf("wrote report.md, report.json and report.svg in %s%n", folder);
        }
        out().flush();
        return 0;
    }

    private int plans(Path file) throws IOException {
        ShapesFile table = ShapesFile.read(file);
        List<QuantizeReport> reports = new ArrayList<>();
        for (String type : words.isEmpty() ? table.types() : words) {
            QuantizePlan plan =
                    QuantizePlan.of(table.tensors(), table.shape(), flags.options(type));
            reports.add(QuantizeReport.planned(type, plan, null));
        }
        if (reports.isEmpty()) {
            throw new WrongUseException(file + " names no types in its head; cure: TYPE");
        }
        if (json) {
            out().println(Json.write(Map.of("plans", reports)));
        } else {
            reports.forEach(report -> report.print(out(), true));
        }
        out().flush();
        return 0;
    }

    private int plan() throws IOException {
        Path from = Models.find(words.getFirst());
        try (GgufFile source = Models.open(from)) {
            Way way = way(from, source);
            Quantizer quantizer = new Quantizer(source, way.options());
            String problem = null;
            try {
                quantizer.check();
            } catch (FormatException e) {
                problem = e.getMessage();
            }
            tell(
                    QuantizeReport.planned(way.name(), quantizer.plan(), problem)
                            .with(way.choice()),
                    true);
            return 0;
        }
    }

    private int write() throws IOException {
        Path from = Models.find(words.getFirst());
        Path to = Path.of(words.get(1));
        if (Files.exists(to) && Files.isSameFile(from, to)) {
            throw new WrongUseException(
                    to + " is the model itself; cure: another name, and move it afterwards");
        }
        long start = System.nanoTime();
        try (GgufFile source = Models.open(from)) {
            Way way = way(from, source);
            Quantizer quantizer = new Quantizer(source, way.options());
            try (Progress progress =
                    Progress.of("quantizing", Math.max(1, quantizer.plan().elements()))) {
                quantizer.write(to, progress::done);
            }
            double seconds = (System.nanoTime() - start) / NANOS;
            QuantizeReport report =
                    QuantizeReport.done(way.name(), quantizer.plan(), to.toString(), seconds);
            tell(report.with(way.choice()), false);
            return 0;
        }
    }

    private void tell(QuantizeReport report, boolean all) {
        if (json) {
            out().println(Json.write(report));
        } else {
            report.print(out(), all);
            if (report.problem() != null) {
                err().println("snoozy: it would be refused: " + report.problem());
            }
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
