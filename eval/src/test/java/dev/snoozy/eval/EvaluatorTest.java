package dev.snoozy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.LanguageModel;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** An evaluation goes on where it was broken off, and two can be compared. */
class EvaluatorTest {
    private static LanguageModel model;

    @TempDir private Path folder;

    @BeforeAll
    static void load() throws IOException {
        model = Stories.exact();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private EvalOptions options(Path where, String digest) {
        return new EvalOptions(Profile.HARNESS_CURRENT, "stories", digest, 2, where);
    }

    @Test
    void whatWasJudgedIsNotJudgedAgain() throws IOException {
        List<TaskSet> sets =
                List.of(
                        Stories.set(Task.WINOGRANDE).first(12),
                        Stories.set(Task.ARC_EASY).first(5));
        Path whole = folder.resolve("whole");
        ModelResult expected =
                new Evaluator(model, options(whole, "d"), EvalListener.SILENT).run(sets);
        Path broken = folder.resolve("broken");
        StopAfter stop = new StopAfter(7);
        Evaluator first = new Evaluator(model, options(broken, "d"), stop);
        stop.evaluator = first;
        assertThatThrownBy(() -> first.run(sets)).isInstanceOf(CancellationException.class);
        Path file = broken.resolve("winogrande.jsonl");
        String kept = Files.readString(file);
        assertThat(kept.lines().count()).isBetween(8L, 12L);
        Files.writeString(file, kept + "{\"index\":22,\"gol"); // killed while it wrote
        ModelResult resumed =
                new Evaluator(model, options(broken, "d"), EvalListener.SILENT).run(sets);
        assertThat(resumed).isEqualTo(expected);
        assertThat(file).hasSameTextualContentAs(whole.resolve("winogrande.jsonl"));
        assertThat(broken.resolve("arc_easy.jsonl"))
                .hasSameTextualContentAs(whole.resolve("arc_easy.jsonl"));
    }

    private static final class StopAfter implements EvalListener {
        private final int items;
        private @Nullable Evaluator evaluator;

        StopAfter(int items) {
            this.items = items;
        }

        @Override
        public void judged(Task task, int done, int all) {
            if (done == items && evaluator != null) {
                evaluator.stop();
            }
        }
    }

    @Test
    void resultsOfAnotherModelAreNotGoneOnWith() throws IOException {
        List<TaskSet> sets = List.of(Stories.set(Task.WINOGRANDE).first(2));
        new Evaluator(model, options(folder, "one"), EvalListener.SILENT).run(sets);
        assertThatThrownBy(() ->
                        new Evaluator(model, options(folder, "two"), EvalListener.SILENT).run(sets))
                .isInstanceOf(EvalException.class)
                .hasMessageContaining("results of another evaluation")
                .hasMessageContaining("cure");
    }

    private static ItemResult item(int index, int gold, double... scores) {
        List<Double> all = Arrays.stream(scores).boxed().toList();
        return new ItemResult(
                index, gold, all, all, List.of(1, 1), List.of(false, false), false, 2, 2);
    }

    @Test
    void ofEqualScoresTheFirstIsTheAnswer() {
        assertThat(item(0, 0, -1, -1).choice()).isZero();
        assertThat(item(0, 0, -2, -1, -1).choice()).isEqualTo(1);
    }

    @Test
    void errorsAreThoseOfASample() {
        Share share = new Share(30, 60);
        assertThat(share.error()).isCloseTo(Math.sqrt(0.25 / 59), within(1e-15));
        // LLaMA-7B's BoolQ: 73.06 of 3270 with a standard error of 0.78 points.
        assertThat(new Share(2389, 3270).error()).isCloseTo(0.0078, within(5e-5));
    }

    @Test
    void pairsCountOnlyWhereTheModelsDiffer() {
        TaskResult first =
                new TaskResult(
                        Task.PIQA,
                        "s",
                        List.of(item(0, 0, -1, -2), item(1, 0, -1, -2), item(2, 0, -3, -2)));
        TaskResult second =
                new TaskResult(
                        Task.PIQA,
                        "s",
                        List.of(item(0, 0, -1, -2), item(1, 0, -3, -2), item(2, 0, -3, -2)));
        PairedComparison pair = PairedComparison.of(first, second);
        assertThat(pair).isEqualTo(new PairedComparison(3, 1, 0));
        assertThat(pair.difference()).isCloseTo(-1 / 3.0, within(1e-15));
        assertThat(pair.pValue()).isEqualTo(1);
        TaskResult other = new TaskResult(Task.PIQA, "t", second.items());
        assertThatThrownBy(() -> PairedComparison.of(first, other))
                .hasMessageContaining("expected the same items");
    }

    @Test
    void significanceIsThatOfTheBinomialDistribution() {
        // P(X <= 2) of 12 fair coins is 79 of 4096, on both sides.
        assertThat(new PairedComparison(100, 10, 2).pValue())
                .isCloseTo(2 * 79 / 4096.0, within(1e-12));
        assertThat(new PairedComparison(100, 5, 5).pValue()).isEqualTo(1);
        // chi = (|700 - 600| - 1) / sqrt(1300) = 2.7457..., two sides 0.006037
        assertThat(new PairedComparison(5000, 700, 600).pValue()).isCloseTo(0.00604, within(5e-5));
        PairedComparison pair = new PairedComparison(1000, 60, 40);
        assertThat(pair.interval())
                .isCloseTo(1.959964 * Math.sqrt((0.1 - 0.0004) / 1000), within(1e-6));
    }
}
