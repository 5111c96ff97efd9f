package dev.snoozy.cli.bench;

import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Progress;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.kernels.MachineLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/** Measures a model. */
final class Measurement {
    private static final long SEED = 1;

    private final Path file;
    private final Work work;
    private final Plan plan;
    private final LoadOptions load;
    private final PrintWriter notes;
    private final Set<String> kernels = new LinkedHashSet<>();
    private final List<MachineLimits> limits = new ArrayList<>();
    private final List<BenchReport.Result> results = new ArrayList<>();

    private Measurement(Path file, Work work, Plan plan, LoadOptions load, PrintWriter notes) {
        this.file = file;
        this.work = work;
        this.plan = plan;
        this.load = load;
        this.notes = notes;
    }

    /**
     * Runs all tests.
     *
     * @param load how the model is loaded, but for context length and threads
     * @param notes is told what makes a figure doubtful
     */
    static BenchReport of(Path file, Plan plan, LoadOptions load, PrintWriter notes)
            throws IOException {
        BenchReport.Model model = BenchReport.Model.of(file);
        Measurement measurement = new Measurement(file, model.work(), plan, load, notes);
        for (int threads : plan.threads()) {
            measurement.run(threads);
        }
        return new BenchReport(
                model,
                String.join("; ", measurement.kernels),
                BenchReport.Machine.here(),
                measurement.limits,
                measurement.results,
                null);
    }

    private void run(int threads) throws IOException {
        MachineLimits most = null;
        try (Progress progress = Progress.spinner("measuring the machine, threads " + threads)) {
            most = MachineLimits.measure(threads).orElse(null);
        }
        if (most != null) {
            limits.add(most);
        }
        LoadOptions options = load.withContextLength(plan.context()).withThreads(threads);
        try (LanguageModel model = load(options)) {
            kernels.add(model.kernels());
            for (Plan.Task task : plan.tests()) {
                results.add(result(model, task, threads, most));
            }
        }
    }

    private LanguageModel load(LoadOptions options) throws IOException {
        return Loading.of(file, options, notes);
    }

    private BenchReport.Result result(
            LanguageModel model, Plan.Task task, int threads, @Nullable MachineLimits most) {
        int vocabulary = model.tokenizer().vocabulary().size();
        int[] tokens = new SplittableRandom(SEED).ints(task.context(), 0, vocabulary).toArray();
        int[] before = Arrays.copyOf(tokens, task.depth());
        int[] after = Arrays.copyOfRange(tokens, task.depth(), tokens.length);
        String what = task.name() + ", threads " + threads;
        try (Evaluation start = model.evaluation()) {
            if (before.length > 0) {
                try (Progress progress = Progress.spinner(what + ": going to depth")) {
                    start.append(before, false);
                }
            }
            if (plan.warmsUp()) {
                warmUp(what, () -> seconds(start, task, after));
            }
            List<Double> speeds = new ArrayList<>();
            try (Progress progress = Progress.of(what, plan.repetitions())) {
                for (int i = 0; i < plan.repetitions(); i++) {
                    progress.done(i);
                    speeds.add(task.tokens() * task.sequences() / seconds(start, task, after));
                }
            }
            return BenchReport.Result.of(task, threads, speeds, work, most);
        }
    }

    private void warmUp(String what, DoubleSupplier round) {
        WarmUp warmUp;
        try (Progress progress = Progress.spinner(what + ": warming up")) {
            warmUp = WarmUp.of(round);
        }
        warmUp.doubt().ifPresent(doubt -> notes.println("snoozy: " + what + ": " + doubt));
    }

    /** Appends tokens to copies of a sequence, all at the same time; the seconds that takes. */
    private static double seconds(Evaluation start, Plan.Task task, int[] tokens) {
        long begin = System.nanoTime();
        if (task.sequences() == 1) {
            append(start, task, tokens);
        } else {
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> texts = new ArrayList<>();
                for (int i = 0; i < task.sequences(); i++) {
                    texts.add(callers.submit(() -> append(start, task, tokens)));
                }
                texts.forEach(Measurement::await);
            }
        }
        return Math.max(1, System.nanoTime() - begin) / 1e9;
    }

    private static void append(Evaluation start, Plan.Task task, int[] tokens) {
        try (Evaluation text = start.fork()) {
            if (task.prefill()) {
                text.append(tokens, false);
                return;
            }
            for (int token : tokens) {
                text.append(new int[] {token}, false);
            }
        }
    }

    private static void await(Future<?> text) {
        try {
            text.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a text failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
