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
                "bloom-A"
            })
    void gradientsAreThoseOfFiniteDifferences(String name) throws IOException {
        Path path = Data.shared().resolve("golden/arch").resolve(name + ".gguf.gz");
        Assumptions.assumeTrue(Files.exists(path), "no reference data: " + path);
        check(Data.read(path));
    }

    @Test
    void gradientsOfGeneratedModelsAreThoseOfFiniteDifferences() {
        check(TinyModel.llama().bytes());
        check(TinyModel.gemma3().bytes());
    }

    private static void check(byte[] model) {
        try (GgufFile file = GgufFile.of(model);
                Learner exact = Learner.reference(file, CONTEXT);
                Learner fast = Learner.on(Kernels.create(2, Precision.F32), file, CONTEXT, 0)) {
            List<Sample> texts = texts(file);
            adapt(exact);
            adapt(fast);
            int targets = texts.stream().mapToInt(Sample::targets).sum();
            double loss = exact.learn(texts, 1.0 / targets, 0, 0).sum() / targets;
            SplittableRandom random = new SplittableRandom(7);
            List<double[]> direction = direction(exact, random);
            double slope = 0;
            for (int i = 0; i < direction.size(); i++) {
                double[] g = gradient(exact, i);
                for (int j = 0; j < g.length; j++) {
                    slope += g[j] * direction.get(i)[j];
                }
            }
            move(exact, direction, H);
            double more = exact.losses(texts).sum() / targets;
            move(exact, direction, -2 * H);
            double less = exact.losses(texts).sum() / targets;
            double measured = (more - less) / (2 * H);
            assertThat(slope).isCloseTo(measured, within(1e-6 * Math.abs(measured) + 1e-9));

            double fastLoss = fast.learn(texts, 1.0 / targets, 0, 0).sum() / targets;
            assertThat(fastLoss).isCloseTo(loss, within(1e-4 * loss));
            for (int i = 0; i < direction.size(); i++) {
                assertThat(TrainingReference.distance(gradient(fast, i), gradient(exact, i)))
                        .as(exact.adapters().get(i / 2).weight())
                        .isLessThan(1e-4);
            }
        }
    }

    @Test
    void whatIsRecomputedHasTheBitsOfWhatIsKept() {
        try (GgufFile file = GgufFile.of(TinyModel.llama().bytes());
                Learner kept = Learner.on(Kernels.create(2, Precision.F32), file, CONTEXT, Long.MAX_VALUE);
                Learner again = Learner.on(Kernels.create(1, Precision.F32), file, CONTEXT, 0)) {
            List<Sample> texts = texts(file);
            adapt(kept);
            adapt(again);
            double loss = kept.learn(texts, 1, 0.25, 11).sum();
            assertThat(again.learn(texts, 1, 0.25, 11).sum()).isEqualTo(loss);
            for (int i = 0; i < 2 * kept.adapters().size(); i++) {
                assertThat(gradient(again, i)).isEqualTo(gradient(kept, i));
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
    private static void adapt(Learner learner) {
        SplittableRandom random = new SplittableRandom(5);
        learner.adapt(new LoraOptions(3, 6, false, 0, List.of(LoraOptions.ALL)), random);
        for (Lora lora : learner.adapters()) {
            for (int i = 0; i < lora.b().length; i++) {
                lora.b()[i] = 0.2 * (random.nextDouble() - 0.5);
            }
        }
        learner.changed();
    }

    private static double[] gradient(Learner learner, int i) {
        Lora lora = learner.adapters().get(i / 2);
        return i % 2 == 0 ? lora.gradientA() : lora.gradientB();
    }

    private static List<double[]> direction(Learner learner, SplittableRandom random) {
        List<double[]> direction = new ArrayList<>();
        for (int i = 0; i < 2 * learner.adapters().size(); i++) {
            direction.add(random.doubles(gradient(learner, i).length, -1, 1).toArray());
        }
        return direction;
    }

    private static void move(Learner learner, List<double[]> direction, double step) {
        for (int i = 0; i < direction.size(); i++) {
            Lora lora = learner.adapters().get(i / 2);
            double[] x = i % 2 == 0 ? lora.a() : lora.b();
            for (int j = 0; j < x.length; j++) {
                x[j] += step * direction.get(i)[j];
            }
        }
    }
}
