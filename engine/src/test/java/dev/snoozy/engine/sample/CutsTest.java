package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** Top-k, top-p and min-p. */
class CutsTest {
    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    @ParameterizedTest
    @MethodSource("scores")
    void keepsTheKLargestInOrder(float[] logits) {
        List<Plain.Token> sorted = Plain.sorted(logits);
        for (int k : new int[] {1, 2, 3, 16, 17, 18, 100, 511, 512, 513, Integer.MAX_VALUE}) {
            assertThat(Plain.after(new Sampler.TopK(k), logits))
                    .isEqualTo(sorted.subList(0, Math.min(k, sorted.size())));
        }
    }

    @Test
    void givesTheLowerIdTheRightOfWay() {
        float[] logits = {1, 2, 2, 0, 2};
        assertThat(Plain.ids(Plain.after(new Sampler.TopK(2), logits))).containsExactly(1, 2);
        assertThat(Plain.ids(Plain.after(new Sampler.TopK(4), logits))).containsExactly(1, 2, 4, 0);
    }

    @Test
    void treatsMinusZeroAsZero() {
        assertThat(Plain.ids(Plain.after(new Sampler.TopK(1), new float[] {-0f, 0f})))
                .containsExactly(0);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void keepsTheSmallestSetWithTheMass(float[] logits) {
        List<Plain.Token> sorted = Plain.sorted(logits);
        double[] p = Plain.softmax(sorted);
        for (float mass : new float[] {1e-6f, 0.1f, 0.5f, 0.9f, 0.95f, 0.999f}) {
            List<Plain.Token> left = Plain.after(new Sampler.TopP(mass), logits);
            assertThat(left).isEqualTo(sorted.subList(0, left.size()));
            double sum = 0;
            for (int i = 0; i < left.size() - 1; i++) {
                sum += p[i];
            }
            assertThat(sum).isLessThan(mass + Plain.ROUNDING);
            assertThat(sum + p[left.size() - 1]).isGreaterThan(mass - Plain.ROUNDING);
        }
    }

    @Test
    void stopsWhereTheMassIsJustReached() {
        float[] even = new float[4];
        assertThat(Plain.ids(Plain.after(new Sampler.TopP(0.25f), even))).containsExactly(0);
        assertThat(Plain.ids(Plain.after(new Sampler.TopP(0.5f), even))).containsExactly(0, 1);
        assertThat(Plain.ids(Plain.after(new Sampler.TopP(0.51f), even))).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void keepsWhatHasAShareOfTheLargest(float[] logits) {
        List<Plain.Token> sorted = Plain.sorted(logits);
        double[] p = Plain.softmax(sorted);
        for (float share : new float[] {1e-6f, 0.05f, 0.3f, 0.99f}) {
            List<Plain.Token> left = Plain.after(new Sampler.MinP(share), logits);
            assertThat(left).isEqualTo(sorted.subList(0, left.size()));
            assertThat(p[left.size() - 1]).isGreaterThanOrEqualTo(p[0] * share * (1 - 1e-9));
            if (left.size() < p.length) {
                assertThat(p[left.size()]).isLessThan(p[0] * share * (1 + 1e-9));
            }
        }
    }

    @Test
    void keepsEveryTieOfTheLargestWithAShareOfOne() {
        assertThat(Plain.ids(Plain.after(new Sampler.MinP(1), new float[] {3, 5, 5, 4, 5})))
                .containsExactly(1, 2, 4);
    }

    @Test
    void cutsWhatTheCutBeforeHasLeft() {
        Candidates candidates = new Candidates();
        candidates.reset(Plain.logs(0.4, 0.3, 0.2, 0.1), 4);
        Chance chance = new Chance(1);
        new Sampler.TopK(2).apply(candidates, chance);
        // Of the two that are left the first has 4/7, so it alone has the mass.
        new Sampler.TopP(0.5f).apply(candidates, chance);
        assertThat(candidates.size()).isEqualTo(1);
        candidates.softmax();
        assertThat(candidates.probability(0)).isEqualTo(1, offset(Plain.ROUNDING));
    }
}
