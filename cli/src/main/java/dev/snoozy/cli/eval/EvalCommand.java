package dev.snoozy.cli.eval;

import dev.snoozy.cli.CacheFlags;
import dev.snoozy.cli.Home;
import dev.snoozy.cli.Interruptible;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.PrecisionFlags;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.eval.EvalListener;
import dev.snoozy.eval.EvalOptions;
import dev.snoozy.eval.Evaluator;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.StoredResult;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.format.AtomicFile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/** {@code snoozy eval}: the seven tasks, for one model or several side by side. */
@Command(
        name = "eval",
        description = "Evaluate models on the seven common-sense tasks of the GPT4All table.",
        footer = {
            "",
            "DIR holds the sets as they were published: BoolQ, PIQA, HellaSwag, WinoGrande, ARC-Easy,",
            "ARC-Challenge, OpenBookQA, as .jsonl or .jsonl.gz. Each item's result is kept as it comes;",
            "the same command goes on where it was broken off.",
            "",
            "Example:",
            "  snoozy eval model-Q4_K_M.gguf --data sets",
            "  snoozy eval model-F16.gguf model-Q8_0.gguf model-Q4_0.gguf --data sets --limit 500",
            "  snoozy eval model.gguf --data sets --profile gpt4all-2023 --published"
        },
        mixinStandardHelpOptions = true)
public final class EvalCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int STOPPED = 1;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            arity = "1..*",
            description = "GGUF files or names of models; all are compared with the first")
    private List<String> models = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "the folder of the sets")
    private Path data = Path.of("");

    @Option(
            names = "--tasks",
            paramLabel = "TASK",
            split = ",",
            description =
                    "boolq, piqa, hellaswag, winogrande, arc_easy, arc_challenge, openbookqa"
                            + " (default: all that are there)")
    private List<String> tasks = List.of();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "the protocol: harness-current (default), gpt4all-2023 or llama.cpp; figures of"
                            + " different protocols cannot be compared")
    private String profile = Profile.HARNESS_CURRENT.id();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "the first N items of each task only (default: all)")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "keep the results here (default: runs/eval in your own folder, by the model's"
                            + " digest and the profile)")
    private @Nullable Path output;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "items in work at the same time (default: 4); no result depends on it")
    private int parallel = 4;

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            description =
                    "context length in tokens; of longer texts the end is read (default: the"
                            + " model's own)")
    private int context;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "threads that compute (default: one per processor)")
    private @Nullable Integer threads;

    @Mixin private CacheFlags cache = new CacheFlags();

    @Mixin private PrecisionFlags precision = new PrecisionFlags();

    @Mixin private SpotChecks checks = new SpotChecks();

    @Option(names = "--published", description = "show the published rows of the GPT4All table too")
    private boolean published;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    private volatile @Nullable Evaluator running;

    @Override
    public Integer call() throws IOException {
        Profile protocol = profile();
        checks.check();
        List<Path> files = models.stream().map(Models::find).toList();
        List<TaskSet> sets = sets();
        try (Interruptible stopping = Interruptible.begin(this::stop, PATIENCE)) {
            return evaluate(files, protocol, sets);
        }
    }

    private int evaluate(List<Path> files, Profile protocol, List<TaskSet> sets)
            throws IOException {
        try {
            List<EvalReport.Row> rows = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                rows.add(evaluate(name(models.get(i)), files.get(i), protocol, sets));
            }
            EvalReport report = EvalReport.of(rows, protocol, limit);
            if (output != null) {
                write(output.resolve("report.json"), Json.write(report));
            }
            print(report, rows);
            return 0;
        } catch (CancellationException e) {
            err().println("snoozy: " + e.getMessage() + "; the same command goes on from here");
            err().flush();
            return STOPPED;
        }
    }

    private Profile profile() {
        if (limit < 0 || context < 0) {
            throw new WrongUseException("--limit and --ctx: expected 0 or more");
        }
        try {
            return Profile.of(profile);
        } catch (IllegalArgumentException e) {
            throw new WrongUseException("--profile: " + e.getMessage());
        }
    }

    private List<TaskSet> sets() throws IOException {
        if (!Files.isDirectory(data)) {
            throw new WrongUseException("--data: there is no folder " + data);
        }
        Map<Task, Path> found = TaskSet.find(data);
        Map<Task, Path> wanted = new EnumMap<>(Task.class);
        for (String name : tasks) {
            Task task;
            try {
                task = Task.of(name);
            } catch (IllegalArgumentException e) {
                throw new WrongUseException("--tasks: " + e.getMessage());
            }
            Path file = found.get(task);
            if (file == null) {
                throw new WrongUseException(
                        "--data: expected a set of " + task.id() + " in " + data + ", found none");
            }
            wanted.put(task, file);
        }
        if (found.isEmpty()) {
            throw new WrongUseException(
                    "--data: expected sets such as boolq_dev.jsonl or ARC-Easy-Test.jsonl in "
                            + data
                            + ", found none");
        }
        List<TaskSet> sets = new ArrayList<>();
        for (Map.Entry<Task, Path> entry : (tasks.isEmpty() ? found : wanted).entrySet()) {
            TaskSet set = TaskSet.read(entry.getKey(), entry.getValue());
            sets.add(limit > 0 ? set.first(limit) : set);
        }
        return sets;
    }

    /** A name as it was given, or that of a file without its folders. */
    private static String name(String given) {
        Path path = Path.of(given);
        return Files.isRegularFile(path) ? String.valueOf(path.getFileName()) : given;
    }

    private EvalReport.Row evaluate(String name, Path file, Profile protocol, List<TaskSet> sets)
            throws IOException {
        String digest = FileDigest.of(file);
        LoadOptions load = LoadOptions.defaults().withContextLength(context);
        load = precision.of(cache.of(threads == null ? load : load.withThreads(threads)));
        EvalOptions options = new EvalOptions(protocol, name, digest, parallel, folder(digest));
        long start = System.nanoTime();
        try (LanguageModel model = Loading.of(file, load, err());
                Progress progress = Progress.spinner("evaluating " + name)) {
            Evaluator evaluator = new Evaluator(model, options, new Teller(name, progress));
            running = evaluator;
            ModelResult result = evaluator.run(sets);
            running = null;
            progress.close();
            double seconds = (System.nanoTime() - start) / 1e9;
            return new EvalReport.Row(
                    result, Files.size(file), seconds, model.kernels(), checks.of(model));
        }
    }

    /** One for each way of evaluating a model, so that any of them goes on. */
    private Path folder(String digest) {
        Path all = output == null ? Home.folder().resolve("runs").resolve("eval") : output;
        LoadOptions load = precision.of(LoadOptions.defaults());
        return StoredResult.folder(all, digest, Profile.of(profile), load);
    }

    private void print(EvalReport report, List<EvalReport.Row> rows) {
        PrintWriter out = spec().commandLine().getOut();
        if (json) {
            out.println(Json.write(report));
        } else {
            new EvalTable(rows).print(out, published);
        }
        out.flush();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(
                file,
                channel -> {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                });
    }

    /** On Ctrl-C the items in work are brought to their ends and kept. */
    private void stop() {
        Evaluator evaluator = running;
        if (evaluator != null) {
            evaluator.stop();
        }
    }

    /** Says on standard error how far it is. */
    private static final class Teller implements EvalListener {
        private final String name;
        private final Progress progress;
        private long start = System.nanoTime();
        private int first = -1;

        Teller(String name, Progress progress) {
            this.name = name;
            this.progress = progress;
        }

        @Override
        public void judged(Task task, int done, int all) {
            first = first < 0 ? done - 1 : first;
            double each = (System.nanoTime() - start) / 1e9 / (done - first);
            progress.line(
                    String.format(
                            Locale.ROOT,
                            "%s: %s %d of %d, %.0f s left",
                            name,
                            task.label(),
                            done,
                            all,
                            each * (all - done)));
        }

        @Override
        public void finished(TaskResult result) {
            start = System.nanoTime();
            first = -1;
        }
    }

    private PrintWriter err() {
        return spec().commandLine().getErr();
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec, "the command line sets it");
    }
}
