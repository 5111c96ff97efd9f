package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class LogprobsTest {
    private static final float NO = Float.NEGATIVE_INFINITY;

    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    @ParameterizedTest
    @MethodSource("scores")
    void areTheLogarithmsOfTheSoftMax(float[] logits) {
        double[] p = Plain.softmax(logits);
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            float logprob = Logprobs.of(logits, i);
            assertThat(logprob).isCloseTo((float) Math.log(p[i]), offset(2e-5f));
            assertThat(logprob).isNotPositive();
            sum += Math.exp(logprob);
        }
        assertThat(sum).isEqualTo(1, offset(1e-5));
    }

    @Test
    void doNotOverflow() {
        float[] logits = {3e38f, -3e38f, 3e38f};
        assertThat(Logprobs.of(logits, 0)).isCloseTo((float) Math.log(0.5), offset(1e-6f));
        assertThat(Logprobs.of(logits, 1)).isLessThan(-1e38f);
    }

    @Test
    void areMinusInfinityForATokenThatCannotCome() {
        assertThat(Logprobs.of(new float[] {1, NO}, 1)).isEqualTo(NO);
        assertThat(Logprobs.of(new float[] {1, NO}, 0)).isZero();
    }

    @Test
    void refuseScoresOfNoDistribution() {
        List<float[]> wrong =
                List.of(
                        new float[] {NO, NO},
                        new float[] {1, Float.NaN},
                        new float[] {1, Float.POSITIVE_INFINITY});
        for (float[] logits : wrong) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Logprobs.of(logits, 0))
                    .withMessageContaining("expected a finite largest one");
        }
    }
}
