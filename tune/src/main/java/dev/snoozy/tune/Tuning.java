package dev.snoozy.tune;

import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * Trains an adapter on a model that stays as it is, quantized or not. Everything is written to a
 * folder: {@code adapter.gguf}, {@code checkpoint.gguf} to go on from, {@code run.jsonl} and {@code
 * run.html}. What was saved is never lost: files are replaced as a whole.
 *
 * <p>{@link #run} is called once; {@link #stop} by any thread.
 */
public final class Tuning {
    private static final int TRIALS = 20;
    private static final long TRIAL_NANOS = 2_000_000_000L;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /**
     * A training step takes as long as about this many evaluations of its tokens with adapters: by
     * {@code StepCost} 2.8 beside Q8_0 and 4.0 beside Q4_0, 3.5 and 4.6 where all layers are
     * computed again.
     */
    public static final double STEP_COST = 4;

    private final Path base;
    private final Path data;
    private final Path folder;
    private final TuneOptions options;
    private final TuneListener listener;
    private volatile boolean stopped;

    /**
     * A run.
     *
     * @param base a model in GGUF
     * @param data rows to learn from
     * @param folder for the results
     */
    public Tuning(Path base, Path data, Path folder, TuneOptions options, TuneListener listener) {
        this.base = base;
        this.data = data;
        this.folder = folder;
        this.options = options;
        this.listener = listener;
    }

    /** Ends training after the present step; a checkpoint is written. */
    public void stop() {
        stopped = true;
    }

    /**
     * Trains.
     *
     * @param resume whether to go on from the checkpoint in the folder
     * @throws TuneException if it cannot begin or go on, with the reason
     * @throws IOException if a file cannot be read or written; what was saved before is there
     */
    public TuneResult run(boolean resume) throws IOException {
        RunFiles files = RunFiles.in(folder, listener::warned);
        boolean has = Files.exists(files.checkpoint());
        if (has != resume) {
            throw new TuneException(
                    has
                            ? folder + " has a run already; cure: resume it, or another folder"
                            : folder + " has no run to resume (no checkpoint.gguf)");
        }
        Preparation texts = Preparation.of(base, data, options);
        Kernels kernels = Kernels.create(options.threads(), options.precision());
        try (GgufFile file = GgufFile.open(base);
                Learner learner = Learner.on(kernels, file, texts.longest(), 0)) {
            learner.adapt(options.lora(), new SplittableRandom(options.seed()));
            return new Run(file, learner, texts, files).go(resume);
        }
    }

    /**
     * Says what a run from the beginning would do and take. Nothing is written.
     *
     * @throws TuneException if it could not begin, with the reason
     * @throws IOException if a file cannot be read
     */
    public TunePlan plan() throws IOException {
        Preparation texts = Preparation.of(base, data, options);
        Kernels kernels = Kernels.create(options.threads(), options.precision());
        try (GgufFile file = GgufFile.open(base);
                Learner learner = Learner.on(kernels, file, texts.longest(), 0)) {
            learner.adapt(options.lora(), new SplittableRandom(options.seed()));
            return new Run(file, learner, texts, RunFiles.at(folder, listener::warned)).plan();
        }
    }

    /** The steps, over what is ready. */
    private final class Run {
        private final GgufFile file;
        private final Learner learner;
        private final Preparation texts;
        private final RunFiles files;
        private final Batches batches;
        private final AdamW optimizer;
        private final int steps;
        private Checkpoint state;
        private List<TuneSample> samples = List.of();
        private long tokensDone;
        private long operationsDone;
        private double secondsDone;

        Run(GgufFile file, Learner learner, Preparation texts, RunFiles files) {
            this.file = file;
            this.learner = learner;
            this.texts = texts;
            this.files = files;
            batches =
                    new Batches(
                            texts.learnt(), options.batch(), options.together(), options.seed());
            optimizer = new AdamW(options.optimizer(), learner.adapters());
            long all = (long) options.epochs() * batches.stepsPerEpoch();
            steps = (int) Math.min(all, options.maxSteps() == 0 ? all : options.maxSteps());
            state = new Checkpoint(identity(), 0, Double.NaN, 0, 0, Double.NaN);
        }

        private String identity() {
            return options.identity()
                    + "; data "
                    + Preparation.hash(texts.learnt())
                    + (options.validationFile().isPresent()
                            ? "; measured " + Preparation.hash(texts.validation())
                            : "")
                    + "; "
                    + learner.network().architecture()
                    + " of "
                    + file.tensors().size()
                    + " tensors";
        }

        TuneResult go(boolean resume) throws IOException {
            if (resume) {
                state =
                        Checkpoint.read(
                                files.checkpoint(),
                                state.identity(),
                                learner.adapters(),
                                optimizer);
                learner.changed();
            }
            files.tidy();
            files.goBack(state.steps());
            listener.planned(plan());
            if (!resume) {
                measureBase();
            }
            TuneResult.Reason reason = train();
            return result(reason);
        }

        TunePlan plan() {
            long parameters = 0;
            for (Lora lora : learner.adapters()) {
                parameters += lora.a().length + lora.b().length + lora.magnitude().length;
            }
            int together = Math.max(options.together(), texts.longest());
            long memory = MemoryEstimate.of(file, learner, parameters, together);
            OptionalLong available = AvailableMemory.here();
            long tokens = texts.learnt().stream().mapToLong(text -> text.tokens().length).sum();
            if (available.isPresent() && memory > available.getAsLong()) {
                throw new TuneException(
                        "training needs about %d MB of memory, %d MB are free; cure: fewer tokens"
                                        .formatted(memory >> 20, available.getAsLong() >> 20)
                                + " together, shorter texts, a smaller rank or a smaller model");
            }
            long room = available.isPresent() ? (available.getAsLong() - memory) / 2 : 0;
            long kept = Math.min(room, MemoryEstimate.kept(learner, together));
            learner.keep(kept);
            double perStep = (double) tokens / batches.stepsPerEpoch();
            int left = steps - state.steps();
            // Base and adapter are measured once more in the end.
            int measurements = left / options.evaluateEvery() + 3;
            long measured =
                    texts.validation().stream().mapToLong(text -> text.tokens().length).sum();
            double seconds =
                    secondsPerToken()
                            * (STEP_COST * perStep * left + 1.0 * measurements * measured);
            return new TunePlan(
                    texts.learnt().size(),
                    texts.validation().size(),
                    texts.truncated(),
                    texts.dropped(),
                    tokens,
                    texts.learnt().stream().mapToLong(Sample::targets).sum(),
                    parameters,
                    learner.adapters().size(),
                    steps,
                    state.steps(),
                    memory + kept,
                    available,
                    seconds,
                    texts.form());
        }

        /** The quickest of some evaluations of the first texts: in the first one all is packed. */
        private double secondsPerToken() {
            List<Sample> group = batches.groups(0).getFirst();
            double best = Double.POSITIVE_INFINITY;
            long begin = System.nanoTime();
            for (int i = 0; i < 2 || i < TRIALS && System.nanoTime() - begin < TRIAL_NANOS; i++) {
                long start = System.nanoTime();
                learner.losses(group);
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            return best / group.stream().mapToInt(text -> text.tokens().length).sum();
        }

        private void measureBase() throws IOException {
            double loss = Double.NaN;
            if (!texts.validation().isEmpty()) {
                loss = mean(measure(texts.validation()));
                state = new Checkpoint(state.identity(), 0, loss, 0, 0, loss);
            }
            writeAdapter();
            save();
            tell(0, loss, true);
        }

        /** Says what was measured, and what the adapter answers now. */
        private void tell(int step, double loss, boolean best) {
            if (!texts.sampler().isEmpty()) {
                samples = texts.sampler().sample(learner);
            }
            files.evaluated(step, loss, samples);
            if (Double.isFinite(loss)) {
                listener.evaluated(step, loss, best);
            }
            if (!samples.isEmpty()) {
                listener.sampled(step, samples);
            }
        }

        private TuneResult.Reason train() throws IOException {
            while (state.steps() < steps) {
                if (stopped) {
                    save();
                    return TuneResult.Reason.STOPPED;
                }
                if (options.patience() > 0 && state.stale() >= options.patience()) {
                    save();
                    return TuneResult.Reason.NO_PROGRESS;
                }
                step(state.steps());
                int done = state.steps();
                if (done % options.evaluateEvery() == 0 || done == steps) {
                    evaluate(done);
                }
                if (done % options.saveEvery() == 0 || done == steps) {
                    save();
                }
            }
            return TuneResult.Reason.DONE;
        }

        private void step(int step) throws IOException {
            long start = System.nanoTime();
            long operations = learner.operations();
            List<List<Sample>> groups = batches.groups(step);
            int targets = 0;
            int tokens = 0;
            for (List<Sample> group : groups) {
                for (Sample text : group) {
                    targets += text.targets();
                    tokens += text.tokens().length - 1;
                }
            }
            double sum = 0;
            for (int i = 0; i < groups.size(); i++) {
                long seed = options.seed() * GOLDEN + 1_000_003L * step + i;
                double dropout = options.lora().dropout();
                sum += learner.learn(groups.get(i), 1.0 / targets, dropout, seed).sum();
            }
            double loss = sum / targets;
            double norm = AdamW.norm(learner.adapters());
            requireFinite(step, loss, norm);
            double clip = options.optimizer().clip();
            double factor = clip > 0 && norm > clip ? clip / norm : 1;
            double rate =
                    options.schedule()
                            .rate(options.optimizer().rate(), step, options.warmup(), steps);
            optimizer.step(learner.adapters(), rate, factor);
            learner.changed();
            state =
                    new Checkpoint(
                            state.identity(),
                            step + 1,
                            state.best(),
                            state.bestStep(),
                            state.stale(),
                            state.before());
            Runtime machine = Runtime.getRuntime();
            double seconds = (System.nanoTime() - start) / 1e9;
            StepReport report =
                    new StepReport(
                            step + 1,
                            steps,
                            loss,
                            rate,
                            norm,
                            tokens,
                            learner.operations() - operations,
                            seconds,
                            machine.totalMemory() - machine.freeMemory());
            tokensDone += report.tokens();
            operationsDone += report.operations();
            secondsDone += report.seconds();
            files.step(report);
            listener.step(report);
        }

        private void requireFinite(int step, double loss, double norm) {
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw diverged(
                        step + 1, "the loss is " + loss + " and the norm of the gradients " + norm);
            }
        }

        /**
         * Refuses to write what has diverged in the step that was just done: the loss of a step is
         * that before it, and the files are the last that are good.
         */
        private void requireSound() {
            int step = state.steps();
            if (step > 0) {
                double loss = learner.losses(batches.groups(step - 1).getFirst()).sum();
                if (!Double.isFinite(loss)) {
                    throw diverged(step, "behind it the loss of the same texts is " + loss);
                }
            }
        }

        private TuneException diverged(int step, String what) {
            return new TuneException(
                    "step %d: %s (texts %s of the data)"
                                    .formatted(step, what, shown(batches.texts(step - 1)))
                            + "; cure: a smaller learning rate, gradients that are clipped, or a"
                            + " look at these texts. What was saved before, "
                            + files.checkpoint()
                            + " and "
                            + files.adapter()
                            + ", is as it was");
        }

        private static String shown(int[] texts) {
            int[] first = Arrays.copyOf(texts, Math.min(8, texts.length));
            return Arrays.toString(first) + (texts.length > first.length ? " and others" : "");
        }

        /** Measures; keeps the adapter if it is the best, or if nothing is measured. */
        private void evaluate(int step) throws IOException {
            double loss = Double.NaN;
            boolean best = true;
            if (texts.validation().isEmpty()) {
                requireSound();
            } else {
                loss = mean(measure(texts.validation()));
                if (!Double.isFinite(loss)) {
                    throw diverged(step, "behind it the validation loss is " + loss);
                }
                best = !(loss >= state.best());
            }
            if (best) {
                writeAdapter();
            }
            if (!texts.validation().isEmpty()) {
                state =
                        new Checkpoint(
                                state.identity(),
                                step,
                                best ? loss : state.best(),
                                best ? step : state.bestStep(),
                                best ? 0 : state.stale() + 1,
                                state.before());
            }
            tell(step, loss, best);
            writePage();
        }

        private void writePage() {
            files.writePage("Training of " + base.getFileName(), summary());
        }

        private String summary() {
            return "base "
                    + base.getFileName()
                    + ", data "
                    + data.getFileName()
                    + ", step "
                    + state.steps()
                    + " of "
                    + steps
                    + "\n"
                    + options.identity();
        }

        private void writeAdapter() throws IOException {
            try {
                AdapterWriter.write(
                        files.adapter(),
                        String.valueOf(folder.toAbsolutePath().getFileName()),
                        learner.network().architecture(),
                        options.lora().fileAlpha(),
                        learner.adapters());
            } catch (IOException e) {
                throw RunFiles.unwritten(files.adapter(), e);
            }
        }

        private void save() throws IOException {
            requireSound();
            try {
                state.write(files.checkpoint(), learner.adapters(), optimizer);
            } catch (IOException e) {
                throw RunFiles.unwritten(files.checkpoint(), e);
            }
        }

        private Learner.Losses measure(List<Sample> wanted) {
            double[] sums = new double[wanted.size()];
            int[] counts = new int[wanted.size()];
            int at = 0;
            for (List<Sample> group : Batches.groups(wanted, options.together())) {
                Learner.Losses losses = learner.losses(group);
                System.arraycopy(losses.sums(), 0, sums, at, group.size());
                System.arraycopy(losses.counts(), 0, counts, at, group.size());
                at += group.size();
            }
            return new Learner.Losses(sums, counts);
        }

        private static double mean(Learner.Losses losses) {
            return losses.sum() / losses.count();
        }

        private TuneResult result(TuneResult.Reason reason) throws IOException {
            TuneResult result =
                    new TuneResult(
                            files.adapter(),
                            state.steps(),
                            texts.validation().isEmpty() ? state.steps() : state.bestStep(),
                            reason,
                            state.before(),
                            state.best(),
                            state.before() - state.best(),
                            Double.NaN,
                            tokensDone / secondsDone,
                            operationsDone / secondsDone / 1e9,
                            samples);
            if (reason != TuneResult.Reason.STOPPED) {
                result = result.with(compare());
            }
            writePage();
            return result;
        }

        /** Base and adapter on the same texts, each measured again. */
        private Comparison compare() throws IOException {
            if (texts.validation().isEmpty()) {
                return Comparison.NONE;
            }
            learner.restore(files.adapter());
            Learner.Losses after = measure(texts.validation());
            learner.adapters().forEach(Lora::reset);
            learner.changed();
            return Comparison.of(measure(texts.validation()), after);
        }
    }
}
