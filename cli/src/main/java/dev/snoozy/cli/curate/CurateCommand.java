package dev.snoozy.cli.curate;

import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.curate.pipeline.Curation;
import dev.snoozy.curate.pipeline.CurationListener;
import dev.snoozy.curate.pipeline.CurationReport;
import dev.snoozy.curate.pipeline.ReportText;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.recipe.RecipeFile;

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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code snoozy curate}: a training set from files of instruction data. */
@Command(
        name = "curate",
        description = "Filter instruction data, remove duplicates and test items, and show it.",
        footer = {
            "",
            "FILES are JSON Lines, JSON, CSV or Parquet, also in gzip, zip and tar, or folders of"
                    + " such; a RECIPE (.yaml) names files, filters and thresholds. DIR gets"
                    + " train.jsonl, validation.jsonl, removed.jsonl, malformed.jsonl, the report,"
                    + " the map and manifest.json. A run that was stopped goes on if it is started"
                    + " again.",
            "",
            "Example:",
            "  snoozy curate dolly.jsonl.gz more.parquet -o curated",
            "  snoozy curate recipe.yaml -o curated"
        },
        mixinStandardHelpOptions = true)
public final class CurateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int STOPPED = 1;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "RECIPE|FILES",
            description = "one recipe, or files and folders with data")
    private List<Path> given = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "folder for the results")
    private Path folder = Path.of("");

    @Option(
            names = "--decontaminate",
            paramLabel = "FILE",
            description = "an evaluation set whose items must not be in the data (repeatable)")
    private List<Path> tests = List.of();

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "share of the rows to hold back, 0 to 0.5 (default: 0)")
    private @Nullable Double validation;

    @Option(
            names = "--map",
            paramLabel = "ROWS",
            description = "how many rows the map shows at most, 0 for no map (default: 20000)")
    private @Nullable Integer mapRows;

    @Option(
            names = "--map-loss",
            paramLabel = "MODEL",
            description = "colour the map by the loss of this model on each response")
    private @Nullable Path mapLoss;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads (default: one for each core)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new WrongUseException("--threads: expected at least 1, found " + threads);
        }
        Recipe recipe = recipe();
        try (Progress progress = Progress.spinner("reading")) {
            Curation curation = new Curation(recipe, folder, threads, new Teller(progress, err()));
            try (Interruptible stopping = Interruptible.begin(curation::stop, PATIENCE)) {
                return curate(curation, progress);
            }
        }
    }

    private int curate(Curation curation, Progress progress) throws IOException {
        try {
            CurationReport report = curation.run();
            progress.close();
            tell(report);
            return 0;
        } catch (InterruptedException e) {
            progress.close();
            err().println("snoozy: stopped; the same command goes on from here");
            err().flush();
            return STOPPED;
        }
    }

    private Recipe recipe() throws IOException {
        boolean named = given.stream().anyMatch(CurateCommand::isRecipe);
        if (named && given.size() > 1) {
            throw new WrongUseException(
                    "a recipe and other files; cure: name the files in the recipe");
        }
        for (Path file : given) {
            if (!Files.exists(file)) {
                throw new WrongUseException("there is no file " + file);
            }
        }
        Recipe recipe = named ? RecipeFile.read(given.getFirst()) : Recipe.of(given);
        if (!tests.isEmpty()) {
            recipe = recipe.withDecontaminate(tests);
        }
        if (validation != null) {
            recipe = recipe.withValidation(validation);
        }
        if (mapLoss != null) {
            recipe = recipe.withMap(new Recipe.Mapping(recipe.map().rows(), Optional.of(mapLoss)));
        }
        return mapRows == null ? recipe : recipe.withMapRows(mapRows);
    }

    private static boolean isRecipe(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private void tell(CurationReport report) {
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(Json.write(report));
        } else {
            out.print(ReportText.of(report));
            out.println("wrote " + folder);
        }
        out.flush();
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }

    /** Says on standard error what goes on. */
    private static final class Teller implements CurationListener {
        private final Progress progress;
        private final PrintWriter err;

        Teller(Progress progress, PrintWriter err) {
            this.progress = progress;
            this.err = err;
        }

        @Override
        public void begins(String what) {
            progress.begins(what);
        }

        @Override
        public void done(long amount, long of) {
            progress.done(amount, of);
        }

        @Override
        public void note(String text) {
            progress.close();
            err.println("note: " + text);
            err.flush();
        }
    }
}
