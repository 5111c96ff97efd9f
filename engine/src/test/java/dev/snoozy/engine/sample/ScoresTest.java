package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.SamplingOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** What changes scores: logit bias, the three penalties and temperature. */
class ScoresTest {
    private static final float NO = Float.NEGATIVE_INFINITY;

    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    private static History history(int... tokens) {
        History history = new History();
        for (int token : tokens) {
            history.add(token);
        }
        return history;
    }

    private static Sampler penalties(SamplingOptions.Builder options, History history) {
        return new Sampler.Penalties(options.build(), history);
    }

    @Test
    void addsABiasToItsTokenOnly() {
        Sampler bias = new Sampler.LogitBias(Map.of(1, 2.5f, 3, -1f));
        assertThat(Plain.scoresAfter(bias, new float[] {1, 1, 1, 1})).containsExactly(1, 3.5, 1, 0);
    }

    @Test
    void forbidsATokenByABiasOfMinusInfinity() {
        Sampler bias = new Sampler.LogitBias(Map.of(0, NO));
        assertThat(Plain.scoresAfter(bias, new float[] {9, 1})).containsExactly(NO, 1);
    }

    @Test
    void doesNotAllowByABiasWhatTheModelForbids() {
        Sampler bias = new Sampler.LogitBias(Map.of(0, Float.MAX_VALUE));
        assertThat(Plain.scoresAfter(bias, new float[] {NO, 1})).containsExactly(NO, 1);
    }

    @Test
    void staysFiniteUnderABiasThatOverflows() {
        Sampler bias = new Sampler.LogitBias(Map.of(0, Float.MAX_VALUE, 1, -Float.MAX_VALUE));
        assertThat(Plain.scoresAfter(bias, new float[] {1e38f, -1e38f}))
                .containsExactly(Float.MAX_VALUE, -Float.MAX_VALUE);
    }

    @Test
    void refusesABiasBeyondTheVocabulary() {
        SamplingOptions options = SamplingOptions.builder().logitBias(Map.of(4, 1f)).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplerChain.of(options, Words.numbered(4)))
                .withMessage("logit bias: expected a token from 0 to 3, found 4");
        assertThat(SamplerChain.of(options, Words.numbered(5))).isNotNull();
    }

    @Test
    void saysSoWhenEveryTokenIsForbidden() {
        SamplingOptions.Builder options = SamplingOptions.builder().logitBias(Map.of(0, NO, 1, NO));
        for (float temperature : new float[] {0, 1}) {
            SamplerChain chain =
                    SamplerChain.of(options.temperature(temperature).build(), Words.numbered(2));
            assertThatExceptionOfType(ModelException.class)
                    .isThrownBy(() -> chain.sample(new float[] {1, 2}))
                    .withMessageContaining("every token is forbidden");
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void penalizesWhatTheWindowHolds(float[] logits) {
        Random random = new Random(11);
        int[] text = random.ints(100, 0, logits.length).toArray();
        for (int lastN : new int[] {1, 3, 64, 99, 100, 500, -1}) {
            SamplingOptions options =
                    SamplingOptions.builder()
                            .repeatPenalty(1.3f)
                            .frequencyPenalty(0.4f)
                            .presencePenalty(-0.7f)
                            .repeatLastN(lastN)
                            .build();
            double[] found =
                    Plain.scoresAfter(new Sampler.Penalties(options, history(text)), logits);
            int start = lastN < 0 ? 0 : Math.max(0, text.length - lastN);
            for (int token = 0; token < logits.length; token++) {
                int count = 0;
                for (int i = start; i < text.length; i++) {
                    count += text[i] == token ? 1 : 0;
                }
                double expected = logits[token];
                if (count > 0) {
                    expected = expected > 0 ? expected / 1.3f : expected * 1.3f;
                    expected -= count * 0.4f + -0.7f;
                }
                assertThat(found[token]).isEqualTo(expected, offset(1e-5));
            }
        }
    }

    @Test
    void makesARepeatedTokenLessLikelyWhateverTheSignOfItsScore() {
        Sampler repeat = penalties(SamplingOptions.builder().repeatPenalty(2), history(0, 1, 2));
        assertThat(Plain.scoresAfter(repeat, new float[] {3, -3, 0, 3}))
                .containsExactly(1.5, -6, 0, 3);
    }

    @Test
    void subtractsTheFrequencyPenaltyPerOccurrenceAndThePresencePenaltyOnce() {
        History text = history(0, 0, 0, 1);
        float[] logits = {1, 1, 1};
        assertThat(
                        Plain.scoresAfter(
                                penalties(SamplingOptions.builder().frequencyPenalty(0.5f), text),
                                logits))
                .containsExactly(-0.5, 0.5, 1);
        assertThat(
                        Plain.scoresAfter(
                                penalties(SamplingOptions.builder().presencePenalty(0.5f), text),
                                logits))
                .containsExactly(0.5, 0.5, 1);
        assertThat(
                        Plain.scoresAfter(
                                penalties(SamplingOptions.builder().frequencyPenalty(-2), text),
                                logits))
                .containsExactly(7, 3, 1);
    }

    @Test
    void looksOnlyAtTheLastTokens() {
        Sampler one =
                penalties(
                        SamplingOptions.builder().presencePenalty(1).repeatLastN(2),
                        history(0, 1, 2));
        assertThat(Plain.scoresAfter(one, new float[3])).containsExactly(0, -1, -1);
    }

    @Test
    void staysFiniteUnderATinyRepeatPenalty() {
        Sampler repeat =
                penalties(SamplingOptions.builder().repeatPenalty(1e-45f), history(0, 1, 2));
        assertThat(Plain.scoresAfter(repeat, new float[] {5, NO, 0}))
                .containsExactly(Float.MAX_VALUE, NO, 0);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void dividesByTheTemperature(float[] logits) {
        for (float temperature : new float[] {0.1f, 0.7f, 1.5f, 100}) {
            double[] found =
                    Plain.softmax(Plain.scoresAfter(new Sampler.Temperature(temperature), logits));
            double[] divided = new double[logits.length];
            for (int i = 0; i < logits.length; i++) {
                divided[i] = (double) logits[i] / temperature;
            }
            double[] expected = Plain.softmax(divided);
            for (int i = 0; i < logits.length; i++) {
                assertThat(found[i]).isEqualTo(expected[i], offset(1e-5 * expected[i] + 1e-30));
            }
        }
    }

    @Test
    void leavesOnlyTheLargestUnderATinyTemperature() {
        float[] logits = {20, 21, 21, -40, NO};
        double[] p = Plain.softmax(Plain.scoresAfter(new Sampler.Temperature(1e-40f), logits));
        assertThat(p).containsExactly(0, 0.5, 0.5, 0, 0);
    }

    @Test
    void makesAllEquallyLikelyUnderAHugeTemperature() {
        float[] logits = {20, -21, 3, NO};
        double[] p = Plain.softmax(Plain.scoresAfter(new Sampler.Temperature(1e30f), logits));
        assertThat(p).contains(new double[] {1 / 3d, 1 / 3d, 1 / 3d, 0}, offset(1e-9));
    }
}
