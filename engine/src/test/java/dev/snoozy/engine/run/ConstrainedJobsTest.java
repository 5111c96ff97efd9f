package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ConstrainedJobsTest {
    /** Words and numbers in turn, so that a walk that had lost its place would be noticed. */
    private static final String PATTERN = "([a-z]{3}[0-9]{2}){50}";

    private static GenerationOptions options(long seed) {
        SamplingOptions hot =
                SamplingOptions.defaults().toBuilder().temperature(2).seed(seed).build();
        return Rig.options(260)
                .withSampling(hot)
                .withConstraint(OutputConstraint.of(Grammar.regex(PATTERN)));
    }

    @Test
    void jobsThatGoBackToWaitKeepTheirPlaceInTheGrammar() {
        try (Rig rig = new Rig(TinyModel.llama(), 8 * Rig.PAGE, 0)) {
            List<List<Integer>> alone = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                alone.add(rig.run(Rig.prompt(60, i), options(i)).tokens());
            }
            List<Rig.Ear> ears = new ArrayList<>();
            rig.atOnce(() -> {
                for (int i = 0; i < 4; i++) {
                    ears.add(rig.start(Rig.prompt(60, i), options(i)));
                }
            });
            for (int i = 0; i < 4; i++) {
                GenerationJob.Outcome outcome = ears.get(i).outcome();
                assertThat(outcome.tokens()).isEqualTo(alone.get(i));
                assertThat(outcome.reason()).isEqualTo(FinishReason.STOP);
                int[] tokens = outcome.tokens().stream().mapToInt(t -> t).toArray();
                assertThat(rig.tokenizer.decode(tokens)).matches(PATTERN);
            }
            assertThat(rig.scheduler.statistics().preemptions()).isPositive();
        }
    }
}
