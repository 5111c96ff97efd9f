package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Tokens with their probabilities, and texts that outgrow the context. */
class TokenChoiceTest {
    private static final int[] PROMPT = IntStream.range(0, 150).map(i -> 3 + i * 7 % 250).toArray();
    private static final Map<Integer, Float> NEVER_ENDS = Map.of(2, Float.NEGATIVE_INFINITY);

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = Models.load(TinyModel.llama());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationOptions greedy(int tokens) {
        return GenerationOptions.defaults()
                .withMaxTokens(tokens)
                .withSampling(
                        SamplingOptions.builder().temperature(0).logitBias(NEVER_ENDS).build());
    }

    private static Generation run(int[] prompt, GenerationOptions options) {
        try (TextStream stream = model.stream(prompt, options)) {
            return stream.result();
        }
    }

    @Test
    void thePromptHasTheProbabilitiesOfAnEvaluation() {
        List<float[]> scores;
        try (Evaluation evaluation = model.evaluation()) {
            scores = evaluation.append(PROMPT, true);
        }
        GenerationOptions options = greedy(3).withPromptLogprobs(true).withAlternatives(4);
        for (int time = 0; time < 2; time++) { // the second time the beginning is remembered
            List<TokenChoice> choices = run(PROMPT, options).promptChoices();
            assertThat(choices).hasSize(PROMPT.length - 1);
            for (int i = 0; i < choices.size(); i++) {
                TokenChoice choice = choices.get(i);
                assertThat(choice.token()).isEqualTo(PROMPT[i + 1]);
                assertThat(choice.logprob())
                        .isCloseTo(logprob(scores.get(i), choice.token()), within(1e-4f));
                assertThat(choice.alternatives()).hasSize(4);
                assertThat(choice.alternatives().getFirst().token())
                        .isEqualTo(largest(scores.get(i)));
            }
        }
    }

    @Test
    void theAlternativesFallAndBeginWithTheLikeliest() {
        Generation text = run(PROMPT, greedy(20).withAlternatives(5));
        assertThat(text.choices()).hasSize(20);
        for (TokenChoice choice : text.choices()) {
            List<Float> logprobs =
                    choice.alternatives().stream().map(TokenChoice.Alternative::logprob).toList();
            assertThat(logprobs).hasSize(5).isSortedAccordingTo((a, b) -> Float.compare(b, a));
            assertThat(choice.logprob()).isLessThanOrEqualTo(logprobs.getFirst());
        }
        assertThat(run(PROMPT, greedy(20)).tokens()).isEqualTo(text.tokens());
    }

    @Test
    void noTokenAtAllEvaluatesThePromptOnly() {
        Generation none = run(PROMPT, greedy(0).withPromptLogprobs(true));
        assertThat(none.tokens()).isEmpty();
        assertThat(none.promptChoices()).hasSize(PROMPT.length - 1);
        assertThat(none.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aTextThatOutgrowsTheContextGoesOnAsIfItsMiddleHadNeverBeen() {
        int context = model.contextLength();
        int keep = 10;
        Generation whole = run(PROMPT, greedy(context).withShift(keep));
        assertThat(whole.shifted()).isTrue();
        assertThat(whole.tokens()).hasSize(context);
        // What stood there at the first shift: the context was full.
        List<Integer> full = new ArrayList<>(Arrays.stream(PROMPT).boxed().toList());
        int before = context - PROMPT.length;
        full.addAll(whole.tokens().subList(0, before));
        int drop = (context - keep + 1) / 2;
        List<Integer> left = new ArrayList<>(full.subList(0, keep));
        left.addAll(full.subList(keep + drop, context));
        int[] anew = left.stream().mapToInt(i -> i).toArray();
        int more = context - left.size() - 1;
        assertThat(run(anew, greedy(more)).tokens())
                .isEqualTo(whole.tokens().subList(before, before + more));
    }

    @Test
    void withoutAShiftATextEndsWithTheContext() {
        Generation whole = run(PROMPT, greedy(1000));
        assertThat(whole.shifted()).isFalse();
        assertThat(whole.tokens()).hasSize(model.contextLength() - PROMPT.length);
        assertThat(whole.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    private static float logprob(float[] scores, int token) {
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score);
        }
        return (float) (scores[token] - Math.log(sum));
    }

    private static int largest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }
}
