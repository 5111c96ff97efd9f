package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.SamplingOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class XtcTest {
    private static final float[] FOUR = Plain.logs(0.4, 0.3, 0.2, 0.1);

    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    private static Sampler xtc(float probability, float threshold) {
        return new Sampler.Xtc(new SamplingOptions.Xtc(probability, threshold));
    }

    @ParameterizedTest
    @MethodSource("scores")
    void dropsAllTopChoicesButTheLeastLikely(float[] logits) {
        List<Plain.Token> sorted = Plain.sorted(logits);
        double[] p = Plain.softmax(sorted);
        for (float threshold : new float[] {0.001f, 0.05f, 0.1f, 0.21f, 0.45f, 0.7f}) {
            int above = 0;
            for (double each : p) {
                above += each >= threshold ? 1 : 0;
            }
            assertThat(Plain.after(xtc(1, threshold), logits).stream().map(Plain.Token::id))
                    .hasSameElementsAs(
                            sorted.stream().skip(Math.max(0, above - 1)).map(t -> t.id()).toList());
        }
    }

    @Test
    void keepsTheLeastOfTheTopChoicesAndAllBelow() {
        assertThat(Plain.ids(Plain.after(xtc(1, 0.15f), FOUR))).containsExactly(2, 3);
        assertThat(Plain.ids(Plain.after(xtc(1, 0.25f), FOUR))).containsExactly(1, 2, 3);
    }

    @Test
    void leavesASingleTopChoiceAlone() {
        assertThat(Plain.after(xtc(1, 0.35f), FOUR)).hasSize(4);
        assertThat(Plain.after(xtc(1, 0.45f), FOUR)).hasSize(4);
    }

    @Test
    void countsATokenAtTheThreshold() {
        assertThat(Plain.ids(Plain.after(xtc(1, 0.5f), new float[2]))).containsExactly(1);
    }

    @Test
    void neverLeavesOnlyTokensThatCannotCome() {
        float[] logits = {1, Float.NEGATIVE_INFINITY, 0};
        assertThat(Plain.ids(Plain.after(xtc(1, 0), logits))).startsWith(2);
    }

    @Test
    void happensAsOftenAsItsProbability() {
        int dropped = 0;
        for (int seed = 0; seed < 10_000; seed++) {
            dropped += Plain.after(xtc(0.3f, 0.15f), FOUR, seed).size() < 4 ? 1 : 0;
        }
        assertThat(dropped).isBetween(2_800, 3_200); // more than four deviations
    }

    @Test
    void happensAgainWithTheSameSeed() {
        for (int seed = 0; seed < 50; seed++) {
            assertThat(Plain.after(xtc(0.5f, 0.15f), FOUR, seed))
                    .isEqualTo(Plain.after(xtc(0.5f, 0.15f), FOUR, seed));
        }
    }

    @Test
    void drawsNoNumberWhereItCanHaveNoEffect() {
        SamplingOptions plain =
                SamplingOptions.builder().topK(0).topP(1).minP(0).temperature(1).seed(5).build();
        SamplingOptions without = plain.toBuilder().xtc(new SamplingOptions.Xtc(1, 0.51f)).build();
        SamplerChain chain = SamplerChain.of(plain, Words.numbered(4));
        SamplerChain same = SamplerChain.of(without, Words.numbered(4));
        for (int i = 0; i < 100; i++) {
            assertThat(same.sample(FOUR)).isEqualTo(chain.sample(FOUR));
        }
    }
}
