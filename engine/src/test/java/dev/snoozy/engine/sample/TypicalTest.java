package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class TypicalTest {
    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    @ParameterizedTest
    @MethodSource("scores")
    void keepsTheSmallestSetOfTokensWhoseSurpriseIsNearTheEntropy(float[] logits) {
        double[] p = Plain.softmax(logits);
        double entropy = 0;
        for (double each : p) {
            entropy -= each == 0 ? 0 : each * Math.log(each);
        }
        for (float mass : new float[] {1e-6f, 0.2f, 0.5f, 0.9f, 0.99f}) {
            int[] ids = Plain.ids(Plain.after(new Sampler.Typical(mass), logits));
            Set<Integer> kept = new HashSet<>(Arrays.stream(ids).boxed().toList());
            double farthestKept = 0;
            double leastOfFarthest = 1;
            double nearestDropped = Double.POSITIVE_INFINITY;
            double sum = 0;
            for (int i = 0; i < p.length; i++) {
                double distance = Math.abs(-Math.log(p[i]) - entropy);
                if (!kept.contains(i)) {
                    nearestDropped = Math.min(nearestDropped, distance);
                    continue;
                }
                sum += p[i];
                if (distance > farthestKept) {
                    leastOfFarthest = p[i];
                }
                farthestKept = Math.max(farthestKept, distance);
            }
            assertThat(kept).hasSameSizeAs(ids).isNotEmpty();
            assertThat(farthestKept).isLessThanOrEqualTo(nearestDropped + Plain.ROUNDING);
            assertThat(sum).isGreaterThan(mass - Plain.ROUNDING);
            if (kept.size() > 1) {
                assertThat(sum - leastOfFarthest).isLessThan(mass + Plain.ROUNDING);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void leavesTheLargestScoreFirst(float[] logits) {
        List<Plain.Token> left = Plain.after(new Sampler.Typical(0.7f), logits);
        List<Plain.Token> sorted = Plain.sorted(logits).stream().filter(left::contains).toList();
        assertThat(left).isEqualTo(sorted);
    }

    @Test
    void dropsATopChoiceThatIsTooExpected() {
        double[] weights = new double[61];
        Arrays.fill(weights, 0.01);
        weights[30] = 0.4;
        int[] left = Plain.ids(Plain.after(new Sampler.Typical(0.5f), Plain.logs(weights)));
        assertThat(left).hasSizeBetween(49, 52).doesNotContain(30);
    }

    @Test
    void stopsWhereTheMassIsJustReached() {
        assertThat(Plain.ids(Plain.after(new Sampler.Typical(0.5f), new float[4])))
                .containsExactly(0, 1);
    }

    @Test
    void doesNotKeepWhatCannotCome() {
        float[] logits = {0, Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY};
        assertThat(Plain.ids(Plain.after(new Sampler.Typical(0.99f), logits)))
                .containsExactly(0, 2);
    }
}
