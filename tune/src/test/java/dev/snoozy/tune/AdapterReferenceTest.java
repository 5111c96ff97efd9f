package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.json.JsonReader;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The engine with an adapter against other programs, and against the training that made it. */
class AdapterReferenceTest {
    private static final LoadOptions EXACT =
            LoadOptions.defaults()
                    .withThreads(2)
                    .withPrecision(Precision.F32)
                    .withCacheType(CacheType.F32);

    private static LanguageModel model(Path adapter) throws IOException {
        Path base = TrainingReference.model("stories260K/stories260K-f32.gguf");
        Assumptions.assumeTrue(Files.exists(base), "no reference data: " + base);
        return LanguageModel.load(base, EXACT.withAdapters(List.of(new AdapterSource(adapter, 1))));
    }

    @Test
    void baseAndAdapterGiveWhatTheMergedModelGivesInLlamaCpp() throws IOException {
        Path file = TrainingReference.model("lora/reference-merged.json.gz");
        Assumptions.assumeTrue(Files.exists(file), "no reference data: " + file);
        Object json = new JsonReader("reference", Data.read(file)).value();
        Map<?, ?> models = map(map(json).get("models"));
        Map<?, ?> merged = map(models.get("merged-shared.gguf"));
        try (LanguageModel model =
                model(TrainingReference.model("lora/stories260K-lora-shared-r4.gguf"))) {
            List<?> texts = (List<?>) requireNonNull(merged.get("greedy"));
            assertThat(texts).hasSize(8);
            for (Object text : texts) {
                greedy(model, map(text));
            }
            scores(model, map(merged.get("scored_text")));
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) requireNonNull(value);
    }

    private static void greedy(LanguageModel model, Map<?, ?> text) {
        int[] prompt = ints(requireNonNull(text.get("prompt_ids")));
        int[] generated = ints(requireNonNull(text.get("generated_ids")));
        double[] logprobs = doubles(requireNonNull(text.get("generated_logprobs")));
        double[] margins = doubles(requireNonNull(text.get("margins")));
        try (Evaluation evaluation = model.evaluation()) {
            float[] row = evaluation.append(prompt, false).getFirst();
            if (text.get("full_logits") != null) {
                double[] expected = doubles(requireNonNull(text.get("full_logits")));
                for (int i = 0; i < expected.length; i++) {
                    assertThat((double) row[i]).isCloseTo(expected[i], within(5e-4));
                }
            }
            for (int i = 0; i < generated.length; i++) {
                assertThat(logprob(row, generated[i])).isCloseTo(logprobs[i], within(5e-4));
                if (margins[i] > 2e-3) {
                    assertThat(best(row)).isEqualTo(generated[i]);
                }
                row = evaluation.append(new int[] {generated[i]}, false).getFirst();
            }
        }
    }

    private static void scores(LanguageModel model, Map<?, ?> text) {
        int[] ids = ints(requireNonNull(text.get("ids")));
        double[] expected = doubles(requireNonNull(text.get("token_logprobs")));
        try (Evaluation evaluation = model.evaluation()) {
            List<float[]> rows = evaluation.append(ids, true);
            for (int i = 0; i < expected.length; i++) {
                assertThat(logprob(rows.get(i), ids[i + 1])).isCloseTo(expected[i], within(1e-3));
            }
        }
    }

    @Test
    void aTrainedAdapterGivesTheLossInTheEngineThatItHadInTraining(@TempDir Path folder)
            throws IOException {
        TrainingReference reference = TrainingReference.read();
        Path adapter = folder.resolve("adapter.gguf");
        Path base = TrainingReference.model("stories260K/stories260K-f32.gguf");
        Learner.Losses trained;
        try (GgufFile file = GgufFile.open(base);
                Learner learner = Learner.on(Kernels.create(2, Precision.F32), file, 128, 0)) {
            learner.adapt(reference.lora(), new SplittableRandom(1));
            AdamW optimizer = new AdamW(reference.optimizer(), learner.adapters());
            for (int step = 0; step < 3; step++) {
                learner.learn(reference.samples(), 1.0 / 512, 0, 0);
                optimizer.step(learner.adapters(), 0.01, 1);
                learner.changed();
            }
            trained = learner.losses(reference.samples());
            AdapterWriter.write(adapter, "x", "llama", 8, learner.adapters());
        }
        try (LanguageModel model = model(adapter)) {
            for (int i = 0; i < trained.sums().length; i++) {
                Sample sample = reference.samples().get(i);
                try (Evaluation evaluation = model.evaluation()) {
                    List<float[]> rows = evaluation.append(sample.inputs(), true);
                    double loss = 0;
                    for (int t = 0; t < rows.size(); t++) {
                        loss -= logprob(rows.get(t), sample.tokens()[t + 1]);
                    }
                    assertThat(loss).isCloseTo(trained.sums()[i], within(1e-9 * loss));
                }
            }
        }
    }

    private static int[] ints(Object list) {
        return ((List<?>) list).stream().mapToInt(x -> ((Number) x).intValue()).toArray();
    }

    private static double[] doubles(Object list) {
        return ((List<?>) list).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    }

    private static int best(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            best = row[i] > row[best] ? i : best;
        }
        return best;
    }

    private static double logprob(float[] row, int token) {
        double[] z = new double[row.length];
        Arrays.setAll(z, i -> row[i]);
        return -Formulas.crossEntropy(z, z.length, token, 0);
    }
}
