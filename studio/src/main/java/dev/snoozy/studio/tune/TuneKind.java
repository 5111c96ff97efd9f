package dev.snoozy.studio.tune;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobCancelledException;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.jobs.JobThread;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.tune.StepReport;
import dev.snoozy.tune.TuneException;
import dev.snoozy.tune.TuneListener;
import dev.snoozy.tune.TuneOptions;
import dev.snoozy.tune.TunePlan;
import dev.snoozy.tune.TuneResult;
import dev.snoozy.tune.Tuning;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * {@code tune}: an adapter from rows of this machine. Fields: {@code model}, {@code data} (the
 * whole path of a file with rows, or of a folder that was curated), {@code name} of the run, {@code
 * resume} (whether it is there already), and those of {@link TuneFields}. A run that was stopped
 * goes on from its checkpoint, to the same bits.
 */
final class TuneKind implements JobKind {
    /** What a folder that was curated has to learn from. */
    private static final String CURATED = "train.jsonl";

    /** What it may have to measure with. */
    private static final String HELD_BACK = "validation.jsonl";

    private final ModelFiles models;
    private final TuneRuns runs;
    private final IntSupplier threads;

    TuneKind(ModelFiles models, TuneRuns runs, IntSupplier threads) {
        this.models = models;
        this.runs = runs;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "tune";
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public String title(Fields request) {
        boolean resume = request.bool("resume", false);
        String name = String.valueOf(runs.folder(request).getFileName());
        if (runs.has(name) != resume) {
            throw request.invalid(
                    "name",
                    resume
                            ? "expected a run that is there, found none called " + name
                            : "expected a name that is free, found a run called " + name);
        }
        model(request);
        data(request);
        TuneFields.options(request, 1);
        return "Tune " + request.requiredString("model") + " as " + name;
    }

    private Path model(Fields request) {
        String name = request.requiredString("model");
        return models.find(name)
                .orElseThrow(
                        () -> request.invalid("model", "expected a known model, found " + name))
                .file();
    }

    private static Path data(Fields request) {
        String name = request.requiredString("data").strip();
        try {
            Path path = Path.of(name);
            Path file = Files.isDirectory(path) ? path.resolve(CURATED) : path;
            if (path.isAbsolute() && Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw request.invalid(
                "data",
                "expected the whole path of a file with rows, or of a folder with "
                        + CURATED
                        + ", found "
                        + name);
    }

    private static boolean hasRows(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) > 0;
        } catch (IOException e) {
            return false; // it is gone
        }
    }

    private Tuning tuning(Fields request, Path folder, TuneListener listener) {
        Path data = data(request);
        TuneOptions options = TuneFields.options(request, threads.getAsInt());
        Path heldBack = data.resolveSibling(HELD_BACK);
        if (data.endsWith(CURATED) && !request.has("validation") && hasRows(heldBack)) {
            options = options.withValidationFile(heldBack);
        }
        return new Tuning(model(request), data, folder, options, listener);
    }

    /**
     * What a run would do and take.
     *
     * @throws IOException if it cannot be, with the reason
     */
    TunePlan plan(Fields request) throws IOException {
        Path nowhere = Path.of("");
        try {
            return tuning(request, nowhere, TuneListener.SILENT).plan();
        } catch (TuneException | ModelException | FormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        Path folder = runs.folder(request);
        ObjectNode kept = request.node().deepCopy();
        kept.remove("resume");
        TuneRuns.begin(folder, kept);
        boolean resumes = TuneRuns.hasCheckpoint(folder);
        progress.log(resumes ? "going on from the checkpoint" : "reading the rows");
        Telling telling = new Telling(progress);
        Tuning tuning = tuning(request, folder, telling);
        telling.tuning = tuning;
        TuneResult result = JobThread.run("tune", () -> tuning.run(resumes), tuning::stop);
        progress.log(text(result));
        return json(folder, result);
    }

    private static String text(TuneResult result) {
        if (Double.isNaN(result.before())) {
            return "nothing was held back to tell whether it is better";
        }
        return String.format(
                        Locale.ROOT,
                        "validation loss %.4f -> %.4f, a gain of %.4f ± %.4f (standard error): ",
                        result.before(),
                        result.after(),
                        result.gain(),
                        result.error())
                + (result.better() ? "better" : "NOT measurably better");
    }

    private static ObjectNode json(Path folder, TuneResult result) {
        ObjectNode node = Json.object();
        node.put("adapter", "runs/" + folder.getFileName());
        node.put("steps", result.steps()).put("bestStep", result.bestStep());
        node.put("stopped", result.stopped().name().toLowerCase(Locale.ROOT));
        if (!Double.isNaN(result.before())) {
            node.put("before", result.before()).put("after", result.after());
            node.put("gain", result.gain()).put("error", result.error());
            node.put("better", result.better());
        }
        return node;
    }

    /** Tells of training as jobs do. Once nobody wants the job any more, training is stopped. */
    private static final class Telling implements TuneListener {
        private final JobProgress progress;
        private volatile @Nullable Tuning tuning;

        Telling(JobProgress progress) {
            this.progress = progress;
        }

        private void tell(Runnable work) {
            try {
                work.run();
            } catch (JobCancelledException e) {
                Tuning going = tuning;
                if (going != null) {
                    going.stop(); // and it writes its checkpoint
                }
            }
        }

        @Override
        public void planned(TunePlan plan) {
            tell(() -> {
                progress.log(
                        "%d texts of %d tokens to learn (%d predicted), %d held back; %s"
                                .formatted(
                                        plan.texts(),
                                        plan.tokens(),
                                        plan.learnt(),
                                        plan.validationTexts(),
                                        plan.form()));
                if (plan.truncated() > 0 || plan.dropped() > 0) {
                    progress.log(
                            "%d texts were longer than the length and cut off, %d left out"
                                    .formatted(plan.truncated(), plan.dropped()));
                }
                progress.log(
                        "%d parameters for %d matrices; about %d MB of memory; %d steps"
                                .formatted(
                                        plan.parameters(),
                                        plan.weights(),
                                        plan.memory() >> 20,
                                        plan.steps() - plan.firstStep()));
                progress.at(plan.firstStep(), plan.steps(), "steps");
            });
        }

        @Override
        public void step(StepReport report) {
            tell(() -> progress.at(report.step(), report.steps(), "steps"));
        }

        @Override
        public void evaluated(int step, double loss, boolean best) {
            tell(() ->
                    progress.log(
                            String.format(
                                    Locale.ROOT,
                                    "step %d: validation loss %.4f%s",
                                    step,
                                    loss,
                                    best ? "" : " (not the best)")));
        }

        @Override
        public void warned(String message) {
            tell(() -> progress.log(message));
        }
    }
}
