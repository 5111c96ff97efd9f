package dev.snoozy.cook;

import dev.snoozy.compress.Mixture;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.format.ProcessLock;
import dev.snoozy.format.Sha256;
import dev.snoozy.tune.TuneOptions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The whole way from data to a tuned, quantized and judged model. Each stage has a folder below
 * that of the results and is done once for the same inputs: the digests of the files that it reads
 * and its part of the recipe. A cook that was stopped or killed goes on where it was, and ends with
 * the same report.
 *
 * <p>{@link #run} is called once; {@link #stop} by any thread.
 */
public final class Cook {
    /** The figures of all stages, each with the file that it is from. */
    public static final String REPORT = "report.json";

    /** The same for people, with plots. */
    public static final String PAGE = "report.html";

    /** How fast the models are on this machine: the one thing that is different each time. */
    public static final String SPEEDS = "speeds.json";

    private final CookRecipe recipe;
    private final Path folder;
    private final int threads;
    private final CookListener listener;
    private final Map<Stage, List<StageFolder.Made>> done = new LinkedHashMap<>();
    private volatile @Nullable Stage running;
    private volatile boolean stopped;

    /**
     * Prepares a cook; nothing is read yet.
     *
     * @param folder for the results; made if it is not there
     * @param threads at least 1; no result depends on it
     */
    public Cook(CookRecipe recipe, Path folder, int threads, CookListener listener) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        this.recipe = recipe;
        this.folder = folder;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * The rows that a cook has curated: a folder with {@code train.jsonl} and what else a curation
     * writes. The inputs are read for their digests.
     *
     * @param folder of the results of this recipe
     * @return the folder; empty if the recipe has not come so far, or its part {@code curate} or a
     *     file that it reads is not what it was
     * @throws IOException if a file cannot be read
     */
    public static Optional<Path> curated(CookRecipe recipe, Path folder) throws IOException {
        Path rows = folder.resolve(CurateStage.NAME);
        if (!Files.isDirectory(rows)) {
            return Optional.empty();
        }
        Stage curate = new CurateStage(recipe.curation(), 1);
        boolean made = !new StageFolder(rows, curate.key()).made().isEmpty();
        return made ? Optional.of(rows) : Optional.empty();
    }

    /** Asks it to end soon; what it has done stays for the next run. */
    public void stop() {
        stopped = true;
        Stage stage = running;
        if (stage != null) {
            stage.stop();
        }
    }

    /**
     * Cooks.
     *
     * @return the report, as it is in {@link #REPORT}
     * @throws CookException if files are missing or not what the recipe says
     * @throws IOException if a file cannot be read or written, or another cook has the folder
     * @throws InterruptedException if it was stopped
     */
    public ObjectNode run() throws IOException, InterruptedException {
        requireFiles();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + " is a file; cure: name a folder for the results");
        }
        Files.createDirectories(folder);
        try (ProcessLock _ = lock()) {
            return locked();
        }
    }

    private ProcessLock lock() throws IOException {
        return ProcessLock.tryTake(folder.resolve(".lock"))
                .orElseThrow(() ->
                        new IOException(
                                "another cook writes to " + folder + "; cure: wait for it"));
    }

    private void requireFiles() {
        List<Need> missing = recipe.missing();
        if (!missing.isEmpty()) {
            throw new CookException(
                    missing.stream()
                            .map(need -> need.path() + " (" + need.what() + ")")
                            .collect(
                                    Collectors.joining(
                                            ", ",
                                            "the recipe needs files that are not there: ",
                                            "; cure: put them there; --validate says where they"
                                                    + " are to be had")));
        }
    }

    private ObjectNode locked() throws IOException, InterruptedException {
        listener.progress("digest of the base");
        Path base = recipe.base().file();
        String baseDigest = Sha256.of(base);
        String expected = recipe.base().sha256();
        if (expected != null && !expected.equals(baseDigest)) {
            throw new CookException(
                    base
                            + ": expected the SHA-256 "
                            + expected
                            + " that the recipe names, found "
                            + baseDigest
                            + "; cure: the file that the recipe was made for, or another recipe");
        }
        List<TaskSet> sets = sets();
        Stage curate = new CurateStage(recipe.curation(), threads);
        Path train = file(curate, CurateStage.TRAIN);
        Stage tune =
                new TuneStage(
                        base,
                        baseDigest,
                        train,
                        digest(curate, CurateStage.TRAIN) + digest(curate, CurateStage.VALIDATION),
                        options(train.resolveSibling(CurateStage.VALIDATION)));
        Path adapter = file(tune, TuneStage.ADAPTER);
        Stage merge =
                new MergeStage(base, baseDigest, adapter, digest(tune, TuneStage.ADAPTER), threads);
        Path tuned = file(merge, MergeStage.MODEL);
        String tunedDigest = digest(merge, MergeStage.MODEL);
        List<ReportJson.Judged> judged = new ArrayList<>();
        judge(new Variant(false, null), base, baseDigest, sets, judged);
        judge(new Variant(true, null), tuned, tunedDigest, sets, judged);
        for (Mixture mixture : recipe.quantize()) {
            for (boolean after : new boolean[] {false, true}) {
                Variant variant = new Variant(after, mixture);
                Stage quantize =
                        new QuantizeStage(
                                variant,
                                after ? tuned : base,
                                after ? tunedDigest : baseDigest,
                                mixture,
                                threads);
                Path file = file(quantize, QuantizeStage.file(variant));
                judge(variant, file, digest(quantize, QuantizeStage.file(variant)), sets, judged);
            }
        }
        String options = options(train).identity();
        ReportJson report = new ReportJson(recipe, folder, baseDigest, options, done, judged);
        ObjectNode node = report.node();
        ObjectNode speeds = report.speeds();
        StageFolder.writeText(folder.resolve(SPEEDS), speeds.toPrettyString() + "\n");
        StageFolder.writeText(folder.resolve(PAGE), ReportPage.of(node, speeds));
        StageFolder.writeText(folder.resolve(REPORT), node.toPrettyString() + "\n");
        return node;
    }

    /** What the curation has held back is measured, if it has held anything back. */
    private TuneOptions options(Path validation) {
        TuneOptions options = recipe.tune().withThreads(threads);
        return recipe.curation().validation() > 0
                ? options.withValidationFile(validation)
                : options;
    }

    private void judge(
            Variant variant,
            Path file,
            String digest,
            List<TaskSet> sets,
            List<ReportJson.Judged> judged)
            throws IOException, InterruptedException {
        Stage stage = new EvaluateStage(variant, file, digest, recipe.judging(), sets, threads);
        make(stage);
        judged.add(new ReportJson.Judged(variant, file, digest, folder.resolve(stage.name())));
    }

    private List<TaskSet> sets() throws IOException {
        Map<Task, Path> found = TaskSet.find(recipe.judging().data());
        List<Task> wanted = recipe.judging().tasks();
        List<TaskSet> sets = new ArrayList<>();
        for (Task task : wanted.isEmpty() ? found.keySet() : wanted) {
            Path file = found.get(task);
            if (file == null) {
                throw new CookException(
                        recipe.judging().data()
                                + ": expected a set of "
                                + task.id()
                                + ", found none; cure: put its file there, or leave the task out");
            }
            TaskSet set = TaskSet.read(task, file);
            int limit = recipe.judging().limit();
            sets.add(limit > 0 ? set.first(limit) : set);
        }
        if (sets.isEmpty()) {
            throw new CookException(
                    recipe.judging().data()
                            + ": expected sets such as boolq_dev.jsonl, found none; cure: the folder that"
                            + " has them");
        }
        sets.sort(Comparator.comparing(TaskSet::task));
        return sets;
    }

    private Path file(Stage stage, String name) throws IOException, InterruptedException {
        make(stage);
        return folder.resolve(stage.name()).resolve(name);
    }

    private String digest(Stage stage, String name) throws IOException, InterruptedException {
        return make(stage).stream()
                .filter(made -> made.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(stage.name() + " makes " + name))
                .sha256();
    }

    /** Does a stage, if it is not done. */
    private List<StageFolder.Made> make(Stage stage) throws IOException, InterruptedException {
        List<StageFolder.Made> known = done.get(stage);
        if (known != null) {
            return known;
        }
        if (stopped) {
            throw new InterruptedException("stopped before " + stage.name());
        }
        StageFolder place = new StageFolder(folder.resolve(stage.name()), stage.key());
        List<StageFolder.Made> made = place.made();
        listener.begins(stage.name(), done.size() + 1, recipe.stages().size(), !made.isEmpty());
        if (made.isEmpty()) {
            boolean goesOn = place.begin();
            running = stage;
            if (stopped) {
                stage.stop();
            }
            made = place.finish(stage.run(place.path(), goesOn, listener));
            running = null;
        }
        done.put(stage, made);
        return made;
    }
}
