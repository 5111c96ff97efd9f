package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class ConstrainedOutputTest {
    private static final String PROMPT = "a b c";
    private static final int BEGIN = 1;
    private static final int END = 2;

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
                        SamplingOptions.defaults().toBuilder().temperature(2).seed(seed).build())
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
        GenerationOptions greedy = Models.greedy(50).withConstraint(OutputConstraint.of(grammar));
        assertThat(model.generate(PROMPT, greedy).text()).matches("[a-d]{3,8}-[0-9]{2}");
    }

    @Test
    void theEndOfTheModelIsTakenWhereTheTextMayEnd() {
        GenerationOptions ending =
                GenerationOptions.defaults()
                        .withMaxTokens(50)
                        .withSampling(biased(END, 100))
                        .withConstraint(OutputConstraint.of(Grammar.regex("[a-z]{3,}")));
        Generation answer = model.generate(PROMPT, ending);
        assertThat(answer.text()).hasSize(3);
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aTextThatMayGoOnIsCutOffByTheNumberOfTokens() {
        Grammar grammar = Grammar.regex("[a-z]*");
        GenerationOptions endless =
                Models.greedy(10)
                        .withSampling(biased(END, -100))
                        .withConstraint(OutputConstraint.of(grammar));
        Generation answer = model.generate(PROMPT, endless);
        assertThat(answer.text()).matches("[a-z]{10}");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aTextThatCannotBeEndedInTimeIsCutOff() {
        Grammar grammar = Grammar.regex("[a-z]{30}");
        Generation answer = model.generate(PROMPT, hot(1, 10, grammar));
        assertThat(answer.text()).matches("[a-z]{10}");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void theContextCountsLikeTheNumberOfTokens() {
        Grammar grammar = Grammar.regex("\\([a-z ]*\\)");
        String prompt = "a".repeat(240);
        Generation answer = model.generate(prompt, hot(3, GenerationOptions.UNLIMITED, grammar));
        assertThat(grammar.matches(answer.text())).isTrue();
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void whatWouldNotFitIsNotBegun() {
        Grammar grammar = Grammar.regex("a(-[a-z]{20})?");
        GenerationOptions options =
                Models.greedy(10)
                        .withSampling(biased(model.tokenizer().vocabulary().id("<0x2D>"), 100))
                        .withConstraint(OutputConstraint.of(grammar));
        Generation answer = model.generate(PROMPT, options);
        assertThat(answer.text()).isEqualTo("a");
        assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void theGrammarStartsAfterAText() {
        OutputConstraint after =
                new OutputConstraint(Grammar.regex("[0-9]{4}!"), List.of("a", "q"));
        int met = 0;
        for (int seed = 0; seed < 40; seed++) {
            GenerationOptions options = hot(seed, 60, Grammar.json()).withConstraint(after);
            Generation answer = model.generate(PROMPT, options);
            if (answer.text().matches("(?s).*[aq].*")) {
                assertThat(answer.text()).matches("(?s)[^aq]*[aq][0-9]{0,4}!?");
                boolean whole = answer.text().endsWith("!");
                met += whole ? 1 : 0;
                assertThat(answer.finishReason())
                        .isEqualTo(whole ? FinishReason.STOP : FinishReason.LENGTH);
            }
        }
        assertThat(met).isPositive();
    }

    @Test
    void theGrammarStartsAfterAControlToken() {
        OutputConstraint after = new OutputConstraint(Grammar.regex("[0-9]{4}"), List.of("<s>"));
        GenerationOptions options =
                Models.greedy(20).withSampling(biased(BEGIN, 100)).withConstraint(after);
        Generation answer = model.generate(PROMPT, options);
        assertThat(answer.tokens().getFirst()).isEqualTo(BEGIN);
        assertThat(answer.text()).matches("[0-9]{4}");
    }

    @Test
    void theSameSeedGivesTheSameTextAloneAndInCompany() {
        Grammar grammar = Grammar.json();
        List<List<Integer>> alone = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            alone.add(model.generate(PROMPT, hot(seed, 60, grammar)).tokens());
        }
        List<TextStream> streams = new ArrayList<>();
        for (int seed = 0; seed < 6; seed++) {
            streams.add(model.stream(PROMPT, hot(seed, 60, grammar)));
        }
        for (int seed = 0; seed < 6; seed++) {
            assertThat(streams.get(seed).result().tokens()).isEqualTo(alone.get(seed));
        }
    }

    @Test
    void whatCannotGoOnEndsAloneWithAClearError() {
        int a = model.tokenizer().vocabulary().id("a");
        int byteOfA = model.tokenizer().vocabulary().id("<0x61>");
        SamplingOptions forbidden =
                SamplingOptions.defaults().toBuilder()
                        .logitBias(
                                Map.of(
                                        a, Float.NEGATIVE_INFINITY,
                                        byteOfA, Float.NEGATIVE_INFINITY))
                        .build();
        GenerationOptions stuck = hot(1, 60, Grammar.literal("ab")).withSampling(forbidden);
        List<Integer> alone = model.generate(PROMPT, hot(2, 60, Grammar.json())).tokens();
        TextStream neighbour = model.stream(PROMPT, hot(2, 60, Grammar.json()));
        TextStream failing = model.stream(PROMPT, stuck);
        assertThatThrownBy(failing::result)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("every token is forbidden, by a bias or by a grammar");
        assertThat(neighbour.result().tokens()).isEqualTo(alone);
    }

    @Test
    void aGrammarBeyondItsBudgetEndsItsTextOnly() {
        Grammar ambiguous =
                Grammar.gbnf(
                        "root ::= \"a\" x root \"b\" | \"a\" root x \"c\" | \"d\"\nx ::= \"a\"?");
        GenerationOptions options =
                hot(1, 200, ambiguous)
                        .withSampling(biased(model.tokenizer().vocabulary().id("a"), 100));
        List<Integer> alone = model.generate(PROMPT, hot(2, 60, Grammar.json())).tokens();
        TextStream neighbour = model.stream(PROMPT, hot(2, 60, Grammar.json()));
        TextStream failing = model.stream(PROMPT, options);
        assertThatThrownBy(failing::result)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the constraint: the grammar needs more than");
        assertThat(neighbour.result().tokens()).isEqualTo(alone);
    }

    @Test
    void refusesEmptyAndTooManyTextsToStartAfter() {
        assertThatThrownBy(() -> new OutputConstraint(Grammar.json(), List.of("a", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found an empty one");
        assertThatThrownBy(() -> new OutputConstraint(Grammar.json(), Collections.nCopies(65, "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 64");
    }

    private static SamplingOptions biased(int token, float bias) {
        return SamplingOptions.greedy().toBuilder().logitBias(Map.of(token, bias)).build();
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
