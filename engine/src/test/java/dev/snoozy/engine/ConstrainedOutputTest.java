package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

class ConstrainedOutputTest {
    private static final String PROMPT = "a b c";

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Models.load(TinyModel.llama());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationOptions hot(long seed, int tokens, Grammar grammar) {
        return GenerationOptions.defaults()
                .withMaxTokens(tokens)
                .withSampling(
                        SamplingOptions.defaults().toBuilder()
                                .temperature(2)
                                .seed(seed)
                                .build())
                .withConstraint(OutputConstraint.of(grammar));
    }

    @Test
    void aTextThatNothingCanFollowEndsTheGeneration() {
        Grammar grammar = Grammar.choice(List.of("yes", "no"));
        for (int seed = 0; seed < 20; seed++) {
            Generation answer = model.generate(PROMPT, hot(seed, 50, grammar));
            assertThat(answer.text()).isIn("yes", "no");
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void theLikeliestTokensKeepToTheGrammar() {
        Grammar grammar = Grammar.regex("[a-d]{3,8}-[0-9]{2}");
        GenerationOptions greedy =
                Models.greedy(50).withConstraint(OutputConstraint.of(grammar));
        assertThat(model.generate(PROMPT, greedy).text()).matches("[a-d]{3,8}-[0-9]{2}");
    }

    @Test
    void aTextIsClosedWhenTheTokensRunOut() {
        Grammar grammar = Grammar.json();
        for (int seed = 0; seed < 50; seed++) {
            Generation answer = model.generate(PROMPT, hot(seed, 30, grammar));
            assertThat(grammar.matches(answer.text())).as(answer.text()).isTrue();
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(answer.tokens()).hasSizeLessThanOrEqualTo(30);
        }
    }
}
