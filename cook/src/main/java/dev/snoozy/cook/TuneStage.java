package dev.snoozy.cook;

import dev.snoozy.format.Sha256;
import dev.snoozy.tune.StepReport;
import dev.snoozy.tune.TuneListener;
import dev.snoozy.tune.TuneOptions;
import dev.snoozy.tune.TunePlan;
import dev.snoozy.tune.TuneResult;
import dev.snoozy.tune.Tuning;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** From a base and a training set to an adapter. */
final class TuneStage implements Stage {
    static final String NAME = "tune";
    static final String ADAPTER = "adapter.gguf";
    static final String RESULT = "result.json";

    /** The losses without the times that the run's own history has. */
    static final String CURVE = "curve.jsonl";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> CURVE_FIELDS =
            List.of("step", "loss", "validation_loss", "rate", "norm");

    private final Path base;
    private final Path train;
    private final TuneOptions options;
    private final String key;
    private volatile @Nullable Tuning running;
    private volatile boolean stopped;

    /**
     * @param baseDigest that of the base
     * @param data digests of the rows that are learnt and of those that are measured
     */
    TuneStage(Path base, String baseDigest, Path train, String data, TuneOptions options) {
        this.base = base;
        this.train = train;
        this.options = options;
        key = Sha256.of(String.join("\n", "tune 1", baseDigest, data, options.identity()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public List<String> run(Path folder, boolean goesOn, CookListener listener)
            throws IOException, InterruptedException {
        Teller teller = new Teller(listener);
        Tuning tuning = new Tuning(base, train, folder, options, teller);
        running = tuning;
        if (stopped) {
            tuning.stop();
        }
        TuneResult result = tuning.run(Files.exists(folder.resolve("checkpoint.gguf")));
        if (result.stopped() == TuneResult.Reason.STOPPED) {
            throw new InterruptedException("stopped at step " + result.steps());
        }
        StageFolder.writeText(
                folder.resolve(RESULT), result(teller.plan, result).toPrettyString() + "\n");
        StageFolder.writeText(folder.resolve(CURVE), curve(folder.resolve("run.jsonl")));
        return List.of(ADAPTER, RESULT, CURVE);
    }

    /** Nothing in it depends on the machine, or on how often the run was broken off. */
    private static ObjectNode result(@Nullable TunePlan plan, TuneResult result) {
        ObjectNode node = JSON.createObjectNode();
        if (plan != null) {
            node.put("texts", plan.texts())
                    .put("validation_texts", plan.validationTexts())
                    .put("truncated", plan.truncated())
                    .put("dropped", plan.dropped())
                    .put("tokens_per_epoch", plan.tokens())
                    .put("learnt_per_epoch", plan.learnt())
                    .put("parameters", plan.parameters())
                    .put("matrices", plan.weights())
                    .put("form", plan.form());
        }
        node.put("steps", result.steps()).put("best_step", result.bestStep());
        node.put("stopped", result.stopped().name().toLowerCase(Locale.ROOT));
        if (Double.isFinite(result.before())) {
            node.put("loss_before", result.before())
                    .put("loss_after", result.after())
                    .put("gain", result.gain())
                    .put("gain_stderr", result.error())
                    .put("better", result.better());
        }
        return node;
    }

    private static String curve(Path history) throws IOException {
        StringBuilder curve = new StringBuilder();
        for (String line : Files.readAllLines(history)) {
            JsonNode entry = JSON.readTree(line);
            ObjectNode kept = JSON.createObjectNode();
            for (String field : CURVE_FIELDS) {
                if (entry.has(field)) {
                    kept.set(field, entry.get(field));
                }
            }
            if (kept.size() > 1) {
                curve.append(kept).append('\n');
            }
        }
        return curve.toString();
    }

    @Override
    public void stop() {
        stopped = true;
        Tuning tuning = running;
        if (tuning != null) {
            tuning.stop();
        }
    }

    /** Passes on what training says. */
    private static final class Teller implements TuneListener {
        private final CookListener listener;
        private final Pace pace = new Pace();
        private @Nullable TunePlan plan;
        private int first;

        Teller(CookListener listener) {
            this.listener = listener;
        }

        @Override
        public void planned(TunePlan planned) {
            plan = planned;
            first = planned.firstStep();
            pace.begin();
            listener.note(
                    String.format(
                            Locale.ROOT,
                            "tune: %d texts, %d steps, about %d MB of memory and %s",
                            planned.texts(),
                            planned.steps() - first,
                            planned.memory() >> 20,
                            Estimate.time(planned.seconds())));
        }

        @Override
        public void step(StepReport report) {
            listener.progress(
                    String.format(
                                    Locale.ROOT,
                                    "step %d of %d, loss %.4f, %.0f t/s, %.1f GFLOP/s",
                                    report.step(),
                                    report.steps(),
                                    report.loss(),
                                    report.speed(),
                                    report.gflops())
                            + pace.text(report.step() - first, report.steps() - first));
        }

        @Override
        public void evaluated(int step, double loss, boolean best) {
            listener.note(
                    String.format(Locale.ROOT, "tune: step %d, validation loss %.4f", step, loss));
        }
    }
}
