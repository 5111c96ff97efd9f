package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whole runs on a tiny model: they learn, they can be broken off, and nothing saved is lost. */
class TuningTest {
    private static final int STEPS = 6;

    @TempDir Path folder;
    private Path base;
    private Path data;

    @BeforeEach
    void write() throws IOException {
        base = TinyModel.llama().writeTo(folder.resolve("base.gguf"));
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            rows.add("{\"prompt\": \"say %d\", \"response\": \"it is %d\"}".formatted(i, i % 3));
        }
        data = Files.write(folder.resolve("data.jsonl"), rows);
    }

    private static TuneOptions options(double rate, int steps, double validation, double dropout) {
        return options(8, rate, steps, validation, dropout);
    }

    private static TuneOptions options(
            double alpha, double rate, int steps, double validation, double dropout) {
        return new TuneOptions(
                new LoraOptions(4, alpha, false, dropout, List.of(LoraOptions.ALL)),
                OptimizerOptions.of(rate),
                Schedule.COSINE,
                2,
                4,
                100,
                steps,
                64,
                40,
                validation,
                2,
                2,
                0,
                TuneOptions.Form.AUTO,
                Precision.F32,
                2,
                7);
    }

    private TuneResult run(String name, TuneOptions options, boolean resume) throws IOException {
        return new Tuning(base, data, folder.resolve(name), options, TuneListener.SILENT)
                .run(resume);
    }

    /** Runs until after a step, then fails as a killed process does: nothing more is written. */
    private void killedAfter(int step, String name, TuneOptions options) {
        TuneListener killer =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        if (report.step() == step) {
                            throw new IllegalStateException("killed");
                        }
                    }
                };
        Tuning tuning = new Tuning(base, data, folder.resolve(name), options, killer);
        assertThatThrownBy(() -> tuning.run(false)).hasMessage("killed");
    }

    @Test
    void aModelLearnsItsRowsAndTheAdapterLoadsInTheEngine() throws IOException {
        TuneResult result = run("run", options(0.01, 60, 0.2, 0), false);
        assertThat(result.steps()).isEqualTo(60);
        assertThat(result.stopped()).isEqualTo(TuneResult.Reason.DONE);
        assertThat(result.after()).isLessThan(result.before() / 2);
        assertThat(result.gain()).isCloseTo(result.before() - result.after(), within(1e-9));
        assertThat(result.better()).isTrue();
        LoadOptions load =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withAdapters(List.of(new AdapterSource(result.adapter(), 1)));
        try (LanguageModel model = LanguageModel.load(base, load)) {
            assertThat(model.adapters()).hasSize(1);
            assertThat(model.usualAdapters().getFirst().adapter().rank()).isEqualTo(4);
        }
        assertThat(Files.readAllLines(folder.resolve("run/run.jsonl"))).hasSize(60 + 31);
        assertThat(Files.readString(folder.resolve("run/run.html")))
                .contains(
                        "<polyline",
                        "Tokens per second",
                        "GFLOP/s of the products",
                        "Memory in use");
    }

    @Test
    void speedIsToldInStepsHistoryAndResult() throws IOException {
        List<StepReport> reports = new ArrayList<>();
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        reports.add(report);
                    }
                };
        TuneOptions options = options(0.01, 3, 0, 0);
        TuneResult result =
                new Tuning(base, data, folder.resolve("run"), options, listener).run(false);
        double operations = reports.stream().mapToLong(StepReport::operations).sum();
        double tokens = reports.stream().mapToInt(StepReport::tokens).sum();
        double seconds = reports.stream().mapToDouble(StepReport::seconds).sum();
        assertThat(result.gflops())
                .isCloseTo(operations / seconds / 1e9, within(1e-9))
                .isPositive();
        assertThat(result.speed()).isCloseTo(tokens / seconds, within(1e-6));
        StepReport first = reports.getFirst();
        assertThat(Files.readAllLines(folder.resolve("run/run.jsonl")).getFirst())
                .contains("\"operations\":" + first.operations())
                .contains("\"gflops\":" + first.gflops())
                .contains("\"tokens_per_second\":" + first.speed());
        TuneResult again = run("run", options, true); // nothing is left to do
        assertThat(again.gflops()).isNaN();
        assertThat(again.speed()).isNaN();
    }

    @Test
    void aRunThatWasKilledAndResumedEndsInTheBytesOfAnUnbrokenOne() throws IOException {
        TuneOptions options = options(0.01, STEPS, 0.2, 0.1);
        run("whole/run", options, false);
        killedAfter(5, "broken/run", options);
        TuneResult result = run("broken/run", options, true);
        assertThat(result.steps()).isEqualTo(STEPS);
        for (String file : List.of("adapter.gguf", "checkpoint.gguf")) {
            byte[] whole = Files.readAllBytes(folder.resolve("whole/run").resolve(file));
            byte[] broken = Files.readAllBytes(folder.resolve("broken/run").resolve(file));
            assertThat(Arrays.mismatch(broken, whole)).as(file).isEqualTo(-1);
        }
        assertThat(Files.readAllLines(folder.resolve("broken/run/run.jsonl"))).hasSize(STEPS + 4);
    }

    /** The scale is such that the first step overflows attention: the loss behind it is none. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void whatHasDivergedIsNotWrittenOverWhatIsGood(double validation) throws IOException {
        Path folderOfRun = folder.resolve("run");
        byte[][] good = new byte[2][];
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        if (report.step() == 1) {
                            good[0] = bytes(folderOfRun.resolve("adapter.gguf"));
                            good[1] = bytes(folderOfRun.resolve("checkpoint.gguf"));
                        }
                    }
                };
        TuneOptions options = options(1e20, 1, STEPS, validation, 0);
        Tuning tuning = new Tuning(base, data, folderOfRun, options, listener);
        assertThatThrownBy(() -> tuning.run(false))
                .isInstanceOf(TuneException.class)
                .hasMessageMatching("step \\d+: .*\\(texts \\[\\d+(, \\d+)*\\].*")
                .hasMessageContaining("NaN")
                .hasMessageContaining("cure: a smaller learning rate")
                .hasMessageContaining("is as it was");
        assertThat(bytes(folderOfRun.resolve("adapter.gguf"))).isEqualTo(good[0]);
        assertThat(bytes(folderOfRun.resolve("checkpoint.gguf"))).isEqualTo(good[1]);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRunThatIsStoppedSavesItsStateAndGoesOn() throws IOException {
        TuneOptions options = options(0.01, STEPS, 0, 0);
        List<Tuning> started = new ArrayList<>();
        TuneListener stopper =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        started.getFirst().stop();
                    }
                };
        started.add(new Tuning(base, data, folder.resolve("run"), options, stopper));
        TuneResult result = started.getFirst().run(false);
        assertThat(result.stopped()).isEqualTo(TuneResult.Reason.STOPPED);
        assertThat(result.steps()).isEqualTo(1);
        assertThat(run("run", options, true).steps()).isEqualTo(STEPS);
    }

    @Test
    void samplesChangeNoBitOfTheTraining() throws IOException {
        TuneOptions options = options(0.01, STEPS, 0.2, 0.1);
        SampleOptions asked = new SampleOptions(List.of("say 1", "say 2"), 0, 8);
        List<Integer> told = new ArrayList<>();
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void sampled(int step, List<TuneSample> samples) {
                        assertThat(samples)
                                .extracting(TuneSample::prompt)
                                .containsExactly("say 1", "say 2");
                        told.add(step);
                    }
                };
        run("without/run", options.withSamples(SampleOptions.NONE), false);
        Path with = folder.resolve("with/run");
        TuneResult result =
                new Tuning(base, data, with, options.withSamples(asked), listener).run(false);
        assertThat(told).containsExactly(0, 2, 4, 6);
        assertThat(result.samples()).hasSize(2);
        for (String file : List.of("adapter.gguf", "checkpoint.gguf")) {
            byte[] bare = bytes(folder.resolve("without/run").resolve(file));
            assertThat(bytes(with.resolve(file))).as(file).isEqualTo(bare);
        }
        assertThat(Files.readString(with.resolve("run.html"))).contains("say 1");
        assertThat(Files.readAllLines(with.resolve("run.jsonl")))
                .filteredOn(line -> line.contains("\"samples\""))
                .hasSize(4);
        assertThat(Files.readString(folder.resolve("without/run/run.jsonl")))
                .doesNotContain("samples");
    }

    /** What a learner generates is what the engine does with the same adapter. */
    @Test
    void samplesAreTheAnswersOfTheEngineWithThisAdapter() throws IOException {
        SampleOptions asked = new SampleOptions(List.of("say 1"), 0, 8);
        TuneOptions options = options(0.02, 40, 0, 0).withSamples(asked);
        TuneResult result = run("run", options, false);
        TuneSample sample = result.samples().getFirst();
        LoadOptions load =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withPrecision(Precision.F32)
                        .withAdapters(List.of(new AdapterSource(result.adapter(), 1)));
        try (LanguageModel model = LanguageModel.load(base, load)) {
            GenerationOptions greedy =
                    GenerationOptions.defaults()
                            .withSampling(SamplingOptions.greedy())
                            .withMaxTokens(8);
            String expected = model.generate("say 1\n", greedy).text();
            assertThat(sample.text()).isEqualTo(expected).contains("it is");
        }
    }

    @Test
    void anAdapterWithMagnitudesIsRefusedBesideAModelAndRightWhenMerged() throws IOException {
        TuneOptions plain = options(0.01, 20, 0.2, 0.1);
        LoraOptions lora = plain.lora();
        TuneOptions options =
                plain.withLora(
                        new LoraOptions(
                                lora.rank(),
                                lora.alpha(),
                                lora.rootScale(),
                                lora.dropout(),
                                lora.targets(),
                                true));
        TuneResult result = run("run", options, false);
        assertThat(result.better()).isTrue();
        AdapterSource source = new AdapterSource(result.adapter(), 1);
        LoadOptions exact = LoadOptions.defaults().withThreads(1).withPrecision(Precision.F32);
        assertThatThrownBy(() -> LanguageModel.load(base, exact.withAdapters(List.of(source))))
                .hasMessageContaining("magnitudes")
                .hasMessageContaining("snoozy merge");
        Path merged = folder.resolve("merged.gguf");
        new Merge(base, List.of(source)).write(merged, TensorType.F32, bytes -> {});
        Parity parity = Parity.of(base, List.of(source), merged, exact);
        assertThat(parity.divergence()).isLessThan(1e-9);
        // Without its magnitudes it would be another model.
        Parity bare = Parity.of(base, List.of(), merged, exact);
        assertThat(bare.divergence()).isGreaterThan(1e-4);
        Merge half = new Merge(base, List.of(new AdapterSource(result.adapter(), 0.5f)));
        assertThatThrownBy(() -> half.write(folder.resolve("half.gguf"), null, bytes -> {}))
                .hasMessageContaining("a scale of 1");
        killedAfter(5, "broken/run", options);
        run("broken/run", options, true);
        assertThat(bytes(folder.resolve("broken/run/checkpoint.gguf")))
                .isEqualTo(bytes(folder.resolve("run/checkpoint.gguf")));
    }

    @Test
    void aFileOfRowsIsMeasuredAsAWholeAndNothingHeldBack() throws IOException {
        List<String> rows = List.of("{\"prompt\": \"say 40\", \"response\": \"it is 1\"}");
        Path measured = Files.write(folder.resolve("measured.jsonl"), rows);
        List<TunePlan> plans = new ArrayList<>();
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void planned(TunePlan plan) {
                        plans.add(plan);
                    }
                };
        TuneOptions options = options(0.01, 2, 0.2, 0).withValidationFile(measured);
        Path run = folder.resolve("run");
        new Tuning(base, data, run, options, listener).run(false);
        assertThat(plans.getFirst().texts()).isEqualTo(12);
        assertThat(plans.getFirst().validationTexts()).isEqualTo(1);
        // The same rows under another name are the same run, other rows are not.
        Path moved = Files.copy(measured, folder.resolve("moved.jsonl"));
        assertThat(run("run", options.withValidationFile(moved), true).steps()).isEqualTo(2);
        Files.writeString(moved, "{\"prompt\": \"say 40\", \"response\": \"it is 2\"}");
        assertThatThrownBy(() -> run("run", options.withValidationFile(moved), true))
                .hasMessageContaining("other options or data");
    }

    /** A folder stands where the history and the page belong. */
    @Test
    void aHistoryThatCannotBeWrittenIsToldAndTheAdapterIsThere() throws IOException {
        Path run = folder.resolve("run");
        Files.createDirectories(run.resolve("run.html/x"));
        Files.createDirectories(run.resolve("run.jsonl/x"));
        List<String> warnings = new ArrayList<>();
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void warned(String message) {
                        warnings.add(message);
                    }
                };
        TuneOptions options = options(0.01, STEPS, 0.2, 0);
        TuneResult result = new Tuning(base, data, run, options, listener).run(false);
        assertThat(result.steps()).isEqualTo(STEPS);
        assertThat(warnings).hasSize(1).first().asString().contains("cannot be written");
        run("other/run", options, false);
        byte[] expected = bytes(folder.resolve("other/run/adapter.gguf"));
        assertThat(bytes(run.resolve("adapter.gguf"))).isEqualTo(expected);
    }

    @Test
    void aHistoryIsCompleteWhenThereIsRoomAgain() throws IOException {
        Path run = folder.resolve("run");
        Path history = run.resolve("run.jsonl");
        TuneListener listener =
                new TuneListener() {
                    @Override
                    public void step(StepReport report) {
                        try {
                            if (report.step() == 2) {
                                Files.move(history, run.resolve("away"));
                                Files.createDirectory(history);
                            } else if (report.step() == 4) {
                                Files.delete(history);
                                Files.move(run.resolve("away"), history);
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                };
        new Tuning(base, data, run, options(0.01, STEPS, 0.2, 0), listener).run(false);
        assertThat(Files.readAllLines(history)).hasSize(STEPS + 4);
        assertThat(Files.readAllLines(history).getLast()).contains("6", "validation_loss");
    }

    @Test
    void aFolderWithARunIsNotBegunAnewAndOtherOptionsAreNotResumed() throws IOException {
        run("run", options(0.01, 2, 0, 0), false);
        assertThatThrownBy(() -> run("run", options(0.01, 2, 0, 0), false))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("has a run already");
        assertThatThrownBy(() -> run("run", options(0.02, 2, 0, 0), true))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("other options or data");
        assertThatThrownBy(() -> run("other", options(0.01, 2, 0, 0), true))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("no run to resume");
    }

    @Test
    void rowsThatCannotBeReadAreNamed() throws IOException {
        Files.writeString(data, "{\"prompt\": \"a\", \"response\": \"b\"}\n{\"text\": \"c\"}\n");
        assertThatThrownBy(() -> run("run", options(0.01, 2, 0, 0), false))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("row 2")
                .hasMessageContaining("[text]");
        Files.writeString(data, "{\"prompt\": \n");
        assertThatThrownBy(() -> run("run", options(0.01, 2, 0, 0), false))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("line 1");
        Files.writeString(data, "\n");
        assertThatThrownBy(() -> run("run", options(0.01, 2, 0, 0), false))
                .isInstanceOf(TuneException.class)
                .hasMessageContaining("found none");
    }
}
