package dev.snoozy.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.RouterSpec.Scoring;

import org.junit.jupiter.api.Test;

class RouterTest {
    private static final float[] NONE = {};

    private int[] chosen = {};
    private float[] weights = {};

    private void choose(RouterSpec spec, float... outputs) {
        chosen = new int[spec.used()];
        weights = new float[spec.used()];
        Router.choose(new Rows(outputs, 1, outputs.length), 0, spec, chosen, weights);
    }

    private static RouterSpec of(Scoring scoring, boolean normalize, float scale, float... bias) {
        return new RouterSpec(2, scoring, normalize, scale, bias, 1, 1);
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    @Test
    void weightsOfASoftmaxAreThoseOverAllExperts() {
        choose(of(Scoring.SOFTMAX, false, 1), 1, 3, 2, 0);
        double sum = Math.exp(1) + Math.exp(3) + Math.exp(2) + 1;
        assertThat(chosen).containsExactly(1, 2);
        assertThat(weights[0]).isCloseTo((float) (Math.exp(3) / sum), within(1e-6f));
        assertThat(weights[1]).isCloseTo((float) (Math.exp(2) / sum), within(1e-6f));
    }

    @Test
    void weightsOfASoftmaxOfTheChosenSumToOne() {
        choose(of(Scoring.SOFTMAX_OF_CHOSEN, false, 1), 1, 3, 2, 0);
        assertThat(chosen).containsExactly(1, 2);
        assertThat(weights[0]).isCloseTo(sigmoid(1), within(1e-6f));
        assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void aBiasChangesTheChoiceAndNoWeight() {
        choose(of(Scoring.SIGMOID, false, 1, 0, 0, 0, 0.9f), 1, 3, 2, 0);
        assertThat(chosen).containsExactly(3, 1);
        assertThat(weights).containsExactly(sigmoid(0), sigmoid(3));
    }

    @Test
    void weightsAreScaledAfterTheyWereMadeToSumToOne() {
        choose(of(Scoring.SIGMOID, true, 2.5f), 1, 3, 2, 0);
        assertThat(weights[0] + weights[1]).isCloseTo(2.5f, within(1e-6f));
    }

    @Test
    void expertsAreTakenOnlyOfTheGroupsWhoseTwoBestAreBestTogether() {
        RouterSpec spec = new RouterSpec(3, Scoring.SIGMOID, false, 1, NONE, 3, 1);
        // The largest stands in the first group, whose second is small.
        choose(spec, 4, -9, -9, 3, 3, -1, 2, 2, 2);
        assertThat(chosen).containsExactly(3, 4, 5);
        RouterSpec two = new RouterSpec(3, Scoring.SIGMOID, false, 1, NONE, 3, 2);
        choose(two, 4, -9, -9, 3, 3, -1, 2, 2, 2);
        assertThat(chosen).containsExactly(3, 4, 6);
    }

    @Test
    void moreExpertsThanThereAreOrUnevenGroupsAreRefused() {
        assertThatThrownBy(() -> choose(new RouterSpec(3, true), 1, 2))
                .hasMessageContaining("cannot choose 3 of 2 experts");
        RouterSpec uneven = new RouterSpec(1, Scoring.SOFTMAX, true, 1, NONE, 2, 1);
        assertThatThrownBy(() -> choose(uneven, 1, 2, 3)).hasMessageContaining("3 experts in 2");
        assertThatThrownBy(() -> new RouterSpec(1, Scoring.SOFTMAX, true, 1, NONE, 2, 3))
                .hasMessageContaining("3 of 2 groups");
    }
}
