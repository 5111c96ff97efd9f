package dev.snoozy.studio.evaluate;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.eval.EvalException;
import dev.snoozy.eval.EvalListener;
import dev.snoozy.eval.EvalOptions;
import dev.snoozy.eval.Evaluator;
import dev.snoozy.eval.ModelResult;
import dev.snoozy.eval.Profile;
import dev.snoozy.eval.StoredResult;
import dev.snoozy.eval.Task;
import dev.snoozy.eval.TaskResult;
import dev.snoozy.eval.TaskSet;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobCancelledException;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.jobs.JobProgress;
import dev.snoozy.server.jobs.JobThread;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.write.Digests;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * {@code evaluate}: a model on the tasks. Fields: {@code model}, {@code data} (the whole path of
 * the folder of the sets), {@code tasks} (all that are there, if none), {@code profile}, {@code
 * limit} (the first items of each task only). Each item's result is kept as it comes, where the
 * command line keeps it too; a job that was stopped goes on behind the last one.
 */
final class EvaluateKind implements JobKind {
    private static final int PARALLEL = 4;

    private final ModelFiles models;
    private final Digests digests;
    private final EvalSets sets;
    private final Path folder;
    private final IntSupplier threads;

    /**
     * @param folder of all results
     * @param threads that compute, as they are chosen when a job begins
     */
    EvaluateKind(
            ModelFiles models, Digests digests, EvalSets sets, Path folder, IntSupplier threads) {
        this.models = models;
        this.digests = digests;
        this.sets = sets;
        this.folder = folder;
        this.threads = threads;
    }

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public String title(Fields request) {
        model(request);
        EvalSets.find(request);
        EvalSets.limit(request);
        return "Evaluate " + request.requiredString("model") + " by " + profile(request).id();
    }

    private ModelFiles.Entry model(Fields request) {
        String name = request.requiredString("model");
        return models.find(name)
                .orElseThrow(
                        () -> request.invalid("model", "expected a known model, found " + name));
    }

    /** The protocol of a request. */
    static Profile profile(Fields request) {
        String name = request.string("profile").orElse(Profile.HARNESS_CURRENT.id());
        try {
            return Profile.of(name);
        } catch (IllegalArgumentException e) {
            throw request.invalid("profile", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public JsonNode run(Fields request, JobProgress progress) throws IOException {
        ModelFiles.Entry file = model(request);
        Profile profile = profile(request);
        try {
            List<TaskSet> wanted = sets.read(request);
            progress.log("digest of " + file.name());
            String digest = digests.of(file).replaceFirst("^sha256:", "");
            if (digest.isEmpty()) {
                throw new IOException(file.name() + ": the file cannot be read");
            }
            LoadOptions load = LoadOptions.defaults().withThreads(threads.getAsInt());
            Path target = StoredResult.folder(folder, digest, profile, load);
            EvalOptions options = new EvalOptions(profile, file.name(), digest, PARALLEL, target);
            try (LanguageModel model = LanguageModel.load(file.file(), load)) {
                progress.log(model.kernels());
                Telling telling = new Telling(progress, wanted);
                Evaluator evaluator = new Evaluator(model, options, telling);
                telling.evaluator = evaluator;
                ModelResult result =
                        JobThread.run("evaluate", () -> evaluator.run(wanted), evaluator::stop);
                return json(target, result);
            }
        } catch (EvalException | ModelException | FormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static ObjectNode json(Path target, ModelResult result) {
        ObjectNode node = Json.object();
        node.put("run", String.valueOf(target.getFileName()));
        return node.put("average", result.average()).put("averageError", result.averageError());
    }

    /** Tells of items as jobs do. Once nobody wants the job any more, it is stopped. */
    private static final class Telling implements EvalListener {
        private final JobProgress progress;
        private final Map<Task, Integer> before = new HashMap<>();
        private final int all;
        private volatile @Nullable Evaluator evaluator;

        Telling(JobProgress progress, List<TaskSet> sets) {
            this.progress = progress;
            int sum = 0;
            for (TaskSet set : sets) { // in the order of the tasks
                before.put(set.task(), sum);
                sum += set.size();
            }
            all = sum;
        }

        private void tell(Runnable work) {
            try {
                work.run();
            } catch (JobCancelledException e) {
                Evaluator going = evaluator;
                if (going != null) {
                    going.stop();
                }
            }
        }

        @Override
        public void judged(Task task, int done, int ofTask) {
            int items = before.getOrDefault(task, 0) + done;
            tell(() -> progress.at(items, all, "items"));
        }

        @Override
        public void finished(TaskResult result) {
            tell(() ->
                    progress.log(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %.1f ± %.1f %% of %d items",
                                    result.task().label(),
                                    100 * result.published().value(),
                                    100 * result.published().error(),
                                    result.items().size())));
        }
    }
}
