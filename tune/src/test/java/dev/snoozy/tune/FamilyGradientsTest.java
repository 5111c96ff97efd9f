package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Gradients of small models of each family: in F64 against finite differences along random
 * directions, on the kernels of the engine against those in F64.
 */
class FamilyGradientsTest {
    private static final int CONTEXT = 48;
    private static final double H = 1e-5;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama-gqa-A",
                "llama-biases-A",
                "llama-rope-yarn-A",
                "mistral3-A",
                "qwen2-A",
                "qwen3-A",
                "gemma2-A",
                "gemma3-A",
                "phi3-plain-A",
                "phi3-window-A",
                "gpt2-A",
                "mpt-A",
                "bloom-A",
                "chatglm-A",
                "cohere2-A",
                "command-r-A",
                "ernie4_5-A",
                "exaone4-A",
                "falcon-7b-like-A",
                "falcon-tied-A",
                "gemma-A",
                "gemma3-ropescale-A",
                "gemma4-A",
                "glm4-A",
                "gptneox-parallel-A",
                "granite-A",
                "hunyuan-dense-A",
                "internlm2-A",
                "llama-rope-llama3-A",
                "minicpm-A",
                "olmo2-A",
                "olmo3-window-yarn-A",
                "phi2-A",
                "phi3-long-A",
                "phi3-partial-tied-A",
                "qwen2-yarn-A",
                "qwen3vl-A",
                "seed_oss-A",
                "smollm3-A",
                "stablelm-A",
                "starcoder2-A"
            })
    void gradientsAreThoseOfFiniteDifferences(String name) throws IOException {
        Path path = Data.shared().resolve("golden/arch").resolve(name + ".gguf.gz");
        Assumptions.assumeTrue(Files.exists(path), "no reference data: " + path);
        check(Data.read(path), false);
    }

    /** The norms that magnitudes are divided by count as constants, here too. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-biases-A", "qwen2-A", "gemma2-A", "phi3-plain-A", "gpt2-A"})
    void gradientsWithMagnitudesAreThoseOfFiniteDifferences(String name) throws IOException {
        Path path = Data.shared().resolve("golden/arch").resolve(name + ".gguf.gz");
        Assumptions.assumeTrue(Files.exists(path), "no reference data: " + path);
        check(Data.read(path), true);
    }

    @Test
    void gradientsOfGeneratedModelsAreThoseOfFiniteDifferences() {
        for (boolean dora : new boolean[] {false, true}) {
            check(TinyModel.llama().bytes(), dora);
            check(TinyModel.gemma3().bytes(), dora);
        }
    }

    private static void check(byte[] model, boolean dora) {
        try (GgufFile file = GgufFile.of(model);
                Learner exact = Learner.reference(file, CONTEXT);
                Learner fast = Learner.on(Kernels.create(2, Precision.F32), file, CONTEXT, 0)) {
            List<Sample> texts = texts(file);
            adapt(exact, dora);
            adapt(fast, dora);
            int targets = texts.stream().mapToInt(Sample::targets).sum();
            double loss = exact.learn(texts, 1.0 / targets, 0, 0).sum() / targets;
            SplittableRandom random = new SplittableRandom(7);
            List<double[]> direction = direction(exact, random);
            double slope = 0;
            for (int i = 0; i < direction.size(); i++) {
                double[] g = parts(exact).get(i).gradient();
                for (int j = 0; j < g.length; j++) {
                    slope += g[j] * direction.get(i)[j];
                }
            }
            double measured = slope(exact, direction, texts) / targets;
            assertThat(slope).isCloseTo(measured, within(1e-6 * Math.abs(measured) + 1e-9));

            double fastLoss = fast.learn(texts, 1.0 / targets, 0, 0).sum() / targets;
            assertThat(fastLoss).isCloseTo(loss, within(1e-4 * loss));
            for (int i = 0; i < direction.size(); i++) {
                double[] found = parts(fast).get(i).gradient();
                double[] expected = parts(exact).get(i).gradient();
                assertThat(TrainingReference.distance(found, expected))
                        .as("part " + i)
                        .isLessThan(1e-4);
            }
        }
    }

    /** The slope of the loss by differences of the fourth order. */
    private static double slope(Learner learner, List<double[]> direction, List<Sample> texts) {
        double[] at = new double[5];
        move(learner, direction, -2 * H);
        for (int i = 0; i < at.length; i++) {
            at[i] = learner.losses(texts).sum();
            move(learner, direction, H);
        }
        move(learner, direction, -3 * H);
        return (8 * (at[3] - at[1]) - (at[4] - at[0])) / (12 * H);
    }

    @Test
    void whatIsRecomputedHasTheBitsOfWhatIsKept() {
        try (GgufFile file = GgufFile.of(TinyModel.llama().bytes());
                Learner kept =
                        Learner.on(
                                Kernels.create(2, Precision.F32), file, CONTEXT, Long.MAX_VALUE);
                Learner again = Learner.on(Kernels.create(1, Precision.F32), file, CONTEXT, 0)) {
            List<Sample> texts = texts(file);
            adapt(kept, true);
            adapt(again, true);
            double loss = kept.learn(texts, 1, 0.25, 11).sum();
            assertThat(again.learn(texts, 1, 0.25, 11).sum()).isEqualTo(loss);
            for (int i = 0; i < parts(kept).size(); i++) {
                assertThat(parts(again).get(i).gradient()).isEqualTo(parts(kept).get(i).gradient());
            }
        }
    }

    @Test
    void aMixtureOfExpertsIsRefusedByName() {
        try (GgufFile file = GgufFile.of(TinyModel.mixture().bytes());
                Learner learner = Learner.on(Kernels.reference(1), file, CONTEXT, 0)) {
            learner.adapt(
                    new LoraOptions(2, 2, false, 0, List.of("attn_q")), new SplittableRandom(1));
            assertThatThrownBy(() -> learner.learn(texts(file), 1, 0, 0))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("experts")
                    .hasMessageContaining("llama");
        }
    }

    /** Two texts of different lengths, some of whose tokens are not learnt. */
    private static List<Sample> texts(GgufFile file) {
        int vocabulary =
                Objects.requireNonNull(file.tensor("token_embd.weight")).shape().get(1).intValue();
        SplittableRandom random = new SplittableRandom(3);
        List<Sample> texts = new ArrayList<>();
        for (int length : new int[] {24, 11}) {
            int[] tokens = random.ints(length, 0, vocabulary).toArray();
            boolean[] learnt = new boolean[length];
            for (int i = 4; i < length; i++) {
                learnt[i] = i % 5 != 0;
            }
            texts.add(new Sample(tokens, learnt));
        }
        return texts;
    }

    /** Adapters on every matrix of every layer, B not zero, so that A has gradients, too. */
    private static void adapt(Learner learner, boolean dora) {
        SplittableRandom random = new SplittableRandom(5);
        learner.adapt(new LoraOptions(3, 6, false, 0, List.of(LoraOptions.ALL), dora), random);
        for (Lora lora : learner.adapters()) {
            for (int i = 0; i < lora.b().length; i++) {
                lora.b()[i] = 0.2 * (random.nextDouble() - 0.5);
            }
            for (int i = 0; i < lora.magnitude().length; i++) {
                lora.magnitude()[i] *= 0.8 + 0.4 * random.nextDouble();
            }
        }
        learner.changed();
    }

    private static List<Lora.Trained> parts(Learner learner) {
        return learner.adapters().stream().flatMap(lora -> lora.trained().stream()).toList();
    }

    private static List<double[]> direction(Learner learner, SplittableRandom random) {
        List<double[]> direction = new ArrayList<>();
        for (Lora.Trained part : parts(learner)) {
            direction.add(random.doubles(part.values().length, -1, 1).toArray());
        }
        return direction;
    }

    private static void move(Learner learner, List<double[]> direction, double step) {
        for (int i = 0; i < direction.size(); i++) {
            double[] x = parts(learner).get(i).values();
            for (int j = 0; j < x.length; j++) {
                x[j] += step * direction.get(i)[j];
            }
        }
    }
}
