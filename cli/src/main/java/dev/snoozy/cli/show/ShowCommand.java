package dev.snoozy.cli.show;

import dev.snoozy.cli.CacheFlags;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Models;
import dev.snoozy.engine.LoadOptions;
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
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy show}: what a model file holds and what it needs. */
@Command(
        name = "show",
        description = "Tell what a model file holds, and the memory it needs.",
        footer = {
            "",
            "Example:",
            "  snoozy show tinystories",
            "  snoozy show model.gguf --tensors",
            "  snoozy show model.gguf --json --sha256"
        },
        mixinStandardHelpOptions = true)
public final class ShowCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "a GGUF file or the name of a model")
    private String name = "";

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            defaultValue = "0",
            description = "also tell the memory for N tokens")
    private int context;

    @Mixin private CacheFlags cache = new CacheFlags();

    @Option(names = "--tensors", description = "list every tensor, not layers together")
    private boolean tensors;

    @Option(names = "--sha256", description = "also tell the SHA-256 of each tensor's data")
    private boolean digests;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (context < 0) {
            throw new IllegalArgumentException("--ctx: expected 1 or more, found " + context);
        }
        LoadOptions options = cache.of(LoadOptions.defaults());
        Path path = Models.find(name);
        try (GgufFile file = Models.open(path)) {
            ModelReport report = ModelReport.of(path, file, context, options, digests);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            if (json) {
                out.println(Json.write(report));
            } else {
                new ReportText(report, out).print(tensors || digests);
            }
            out.flush();
            return 0;
        }
    }
}
