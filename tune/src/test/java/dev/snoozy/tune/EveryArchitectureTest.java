package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Every decoder learns, or is refused with the operation that has no backward. */
class EveryArchitectureTest {
    private static final int CONTEXT = 32;

    /** Those whose gradients are proven: they must learn, whatever else is refused. */
    private static final Set<String> LEARN =
            Set.of("llama", "mistral3", "qwen2", "qwen3", "gemma2", "gemma3", "phi3", "gpt2");

    /** How much of the loss a step is to take off, were the slope the same all along it. */
    private static final double STEP = 0.01;

    static List<String> decoders() {
        return TinyModel.architectures().stream().filter(n -> !TinyModel.isEncoder(n)).toList();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void aStepLowersTheLossOrIsRefusedByTheNameOfAnOperation(String name) {
        try (GgufFile file = GgufFile.of(TinyModel.of(name).bytes())) {
            learns(file);
        } catch (ModelException e) {
            assertThat(LEARN).doesNotContain(name);
            assertThat(e)
                    .hasMessageContaining("training of the architecture " + name)
                    .message()
                    .containsPattern("the operation .+ has no backward|no derivative of .+");
        }
    }

    private static void learns(GgufFile file) {
        try (Learner learner =
                Learner.on(Kernels.create(1, Precision.F32), file, CONTEXT, 0)) {
            learner.adapt(
                    new LoraOptions(2, 4, false, 0, List.of(LoraOptions.ALL)),
                    new SplittableRandom(1));
            List<Sample> texts = List.of(text());
            double loss = learner.learn(texts, 1, 0, 0).sum();
            assertThat(loss).isFinite().isPositive();
            step(learner, loss);
            assertThat(learner.losses(texts).sum()).isFinite().isLessThan(loss);
        }
    }

    /** Down the slope of the loss. */
    private static void step(Learner learner, double loss) {
        double square = 0;
        for (Lora lora : learner.adapters()) {
            square += square(lora.gradientA()) + square(lora.gradientB());
        }
        assertThat(square).isFinite().isPositive();
        double rate = STEP * loss / square;
        for (Lora lora : learner.adapters()) {
            move(lora.a(), lora.gradientA(), rate);
            move(lora.b(), lora.gradientB(), rate);
        }
        learner.changed();
    }

    private static void move(double[] x, double[] gradient, double rate) {
        for (int i = 0; i < x.length; i++) {
            x[i] -= rate * gradient[i];
        }
    }

    private static double square(double[] x) {
        double sum = 0;
        for (double value : x) {
            sum += value * value;
        }
        return sum;
    }

    /** A text of which all tokens but the first few are learnt. */
    private static Sample text() {
        int[] tokens = new SplittableRandom(3).ints(20, 0, TinyModel.VOCABULARY).toArray();
        boolean[] learnt = new boolean[tokens.length];
        for (int i = 4; i < learnt.length; i++) {
            learnt[i] = true;
        }
        return new Sample(tokens, learnt);
    }
}
