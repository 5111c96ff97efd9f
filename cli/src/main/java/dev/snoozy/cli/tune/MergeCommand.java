package dev.snoozy.cli.tune;

import dev.snoozy.cli.AdapterFlags;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.tune.Merge;
import dev.snoozy.tune.Parity;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy merge}: an adapter worked into its model. */
@Command(
        name = "merge",
        description = "Write a model with LoRA adapters worked into its weights.",
        footer = {
            "",
            "Matrices that an adapter changes become F16 (F32 where they were), since coarser"
                    + " blocks would lose the change; quantize the result afterwards. Base and"
                    + " adapter are then compared with the merged model.",
            "",
            "Example:",
            "  snoozy merge model-F16.gguf my-run/adapter.gguf -o tuned-F16.gguf",
            "  snoozy quantize tuned-F16.gguf tuned-Q4_K_M.gguf Q4_K_M"
        },
        mixinStandardHelpOptions = true)
public final class MergeCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "BASE",
            description = "a GGUF file or the name of a model")
    private String base = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "ADAPTER[:SCALE]",
            description = "LoRA adapters in GGUF, in this order")
    private List<String> adapters = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            required = true,
            description = "the file to write")
    private Path target = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "of the changed matrices: F32, F16 or BF16")
    private @Nullable String type;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** What a merge came to. */
    private record Merged(Path file, int changed, double bound, Parity parity) {}

    @Override
    public Integer call() throws IOException {
        TensorType wanted = type();
        Path model = Models.find(base);
        List<AdapterSource> sources =
                adapters.stream().map(given -> AdapterFlags.source("ADAPTER", given)).toList();
        if (Files.exists(target) && Files.isSameFile(model, target)) {
            throw new WrongUseException("OUT is BASE; cure: another name");
        }
        int changed;
        try (Progress progress = Progress.of("merging", Files.size(model))) {
            long[] done = {0};
            changed =
                    new Merge(model, sources)
                            .write(target, wanted, bytes -> progress.done(done[0] += bytes));
            progress.says("comparing");
        }
        LoadOptions exact = LoadOptions.defaults().withPrecision(Precision.F32);
        Parity parity = Parity.of(model, sources, target, exact);
        double bound = Parity.bound(wanted);
        if (!(parity.divergence() <= bound)) {
            Files.deleteIfExists(target);
            throw new ModelException(
                    "the merged model differs from base and adapter by a mean divergence of "
                            + parity.divergence()
                            + " nats, expected at most "
                            + bound
                            + "; nothing was written. Cure: --type F32");
        }
        tell(new Merged(target, changed, bound, parity));
        return 0;
    }

    private @Nullable TensorType type() {
        if (type == null) {
            return null;
        }
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "F32" -> TensorType.F32;
            case "F16" -> TensorType.F16;
            case "BF16" -> TensorType.BF16;
            default ->
                    throw new WrongUseException(
                            "--type: expected F32, F16 or BF16, found "
                                    + type
                                    + "; cure: merge first, then snoozy quantize");
        };
    }

    private void tell(Merged merged) {
        PrintWriter out =
                Objects.requireNonNull(spec, "the command line sets it").commandLine().getOut();
        if (json) {
            out.println(Json.write(merged));
        } else {
            out.printf(
                    Locale.ROOT,
                    "wrote %s, %d matrices changed%nparity on %d tokens: mean divergence %.2g nats"
                            + " (bound %.0g), largest difference of a score %.2g, same choice"
                            + " %.1f %%%n",
                    merged.file,
                    merged.changed,
                    merged.parity.tokens(),
                    merged.parity.divergence(),
                    merged.bound,
                    merged.parity.largest(),
                    100 * merged.parity.sameChoice());
        }
        out.flush();
    }
}
