package dev.snoozy.cli.cook;

import dev.snoozy.cli.Home;
import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.cook.Cook;
import dev.snoozy.cook.CookFile;
import dev.snoozy.cook.CookListener;
import dev.snoozy.cook.CookRecipe;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy cook}: from data to a tuned, quantized and judged model. */
@Command(
        name = "cook",
        description = "Curate, tune, quantize and evaluate by one recipe, and report.",
        footer = {
            "",
            "DIR gets a folder for each stage, report.html, report.json and speeds.json. A stage is"
                    + " done once for the same inputs; a cook that was stopped goes on if it is"
                    + " started again, and ends with the same report.",
            "",
            "Example:",
            "  snoozy cook recipes/tiny.yaml -o tiny",
            "  snoozy cook recipes/snoozy-13b.yaml --validate"
        },
        mixinStandardHelpOptions = true)
public final class CookCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int STOPPED = 1;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "RECIPE", description = "a recipe in YAML")
    private Path file = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "folder for the results (default: runs/cook in your own folder, by the name of"
                            + " the recipe)")
    private @Nullable Path folder;

    @Option(
            names = "--validate",
            description =
                    "read the recipe only: say what is wrong with it, which files it needs, and"
                            + " about how long it would take")
    private boolean validate;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads (default: one for each processor); no result depends on it")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new WrongUseException("--threads: expected at least 1, found " + threads);
        }
        if (!Files.isRegularFile(file)) {
            throw new WrongUseException("RECIPE: there is no file " + file);
        }
        CookRecipe recipe = CookFile.read(file);
        if (validate) {
            Validation validation;
            try (Progress progress = Progress.spinner("measuring this machine")) {
                validation = Validation.of(recipe, threads);
            }
            print(json ? Json.write(validation) : validation.text());
            return 0;
        }
        Path target =
                folder == null
                        ? Home.folder().resolve("runs").resolve("cook").resolve(recipe.name())
                        : folder;
        return cook(recipe, target);
    }

    private int cook(CookRecipe recipe, Path target) throws IOException {
        try (Progress progress = Progress.spinner("reading")) {
            Cook cook = new Cook(recipe, target, threads, new Teller(progress, err()));
            try (Interruptible stopping = Interruptible.begin(cook::stop, PATIENCE)) {
                return cook(cook, target, progress);
            }
        }
    }

    private int cook(Cook cook, Path target, Progress progress) throws IOException {
        try {
            JsonNode report = cook.run();
            progress.close();
            print(json ? report.toPrettyString() : CookText.of(report, target));
            return 0;
        } catch (InterruptedException e) {
            progress.close();
            err().println("snoozy: stopped; the same command goes on from here");
            err().flush();
            return STOPPED;
        }
    }

    private void print(String text) {
        PrintWriter out = spec().commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }

    /** Says on standard error what goes on. */
    private static final class Teller implements CookListener {
        private final Progress progress;
        private final PrintWriter err;
        private String stage = "";

        Teller(Progress progress, PrintWriter err) {
            this.progress = progress;
            this.err = err;
        }

        @Override
        public void begins(String name, int number, int of, boolean done) {
            stage = number + "/" + of + " " + name;
            progress.close();
            err.println(stage + (done ? ": done before" : ""));
            err.flush();
        }

        @Override
        public void progress(String text) {
            progress.line(stage.isEmpty() ? text : stage + ": " + text);
        }

        @Override
        public void note(String text) {
            progress.close();
            err.println("  " + text);
            err.flush();
        }
    }
}
