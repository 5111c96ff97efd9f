package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.SamplingOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

class SamplerChainTest {
    private static final float NO = Float.NEGATIVE_INFINITY;

    /** Nothing but the draw. */
    private static final SamplingOptions DRAW =
            SamplingOptions.builder().topK(0).topP(1).minP(0).temperature(1).seed(17).build();

    /** Every step that goes with the others. */
    private static final SamplingOptions ALL =
            SamplingOptions.builder()
                    .logitBias(Map.of(0, 1.5f, 1, NO))
                    .repeatPenalty(1.2f)
                    .frequencyPenalty(0.3f)
                    .presencePenalty(0.2f)
                    .repeatLastN(10)
                    .dry(new SamplingOptions.Dry(0.8f, 1.5f, 1, -1, List.of("\n")))
                    .topK(12)
                    .typicalP(0.95f)
                    .topP(0.9f)
                    .minP(0.2f)
                    .xtc(new SamplingOptions.Xtc(0.5f, 0.1f))
                    .temperature(0.7f)
                    .seed(17)
                    .build();

    static List<float[]> scores() {
        return Plain.scores().toList();
    }

    private static SamplerChain chain(SamplingOptions options, int vocabulary) {
        return SamplerChain.of(options, Words.numbered(vocabulary));
    }

    /** The tokens of a text that the chain writes by itself. */
    private static List<Integer> text(SamplingOptions options) {
        SamplerChain chain = chain(options, 64);
        Random random = new Random(1);
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int token = chain.sample(Plain.spread(random, 64, 2));
            chain.accept(token);
            tokens.add(token);
        }
        return tokens;
    }

    @Test
    void drawsByTheProbabilities() {
        double[] p = {0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02};
        SamplerChain chain = chain(DRAW, p.length);
        int draws = 100_000;
        int[] counts = new int[p.length];
        for (int i = 0; i < draws; i++) {
            counts[chain.sample(Plain.logs(p))]++;
        }
        // 8 degrees of freedom: the mean is 8, and 40 is exceeded with a chance of 3e-6.
        assertThat(Plain.chiSquare(counts, p, draws)).isLessThan(40);
    }

    @Test
    void drawsByTheProbabilitiesOfWhatTheStepsLeave() {
        double[] p = {0.4, 0.3, 0.2, 0.1};
        SamplerChain chain = chain(DRAW.toBuilder().topK(3).temperature(0.5f).build(), 4);
        int draws = 100_000;
        int[] counts = new int[4];
        for (int i = 0; i < draws; i++) {
            counts[chain.sample(Plain.logs(p))]++;
        }
        assertThat(counts[3]).isZero();
        double[] squares = {16 / 29d, 9 / 29d, 4 / 29d};
        // 2 degrees of freedom: 30 is exceeded with a chance of 3e-7.
        assertThat(Plain.chiSquare(Arrays.copyOf(counts, 3), squares, draws)).isLessThan(30);
    }

    @ParameterizedTest
    @MethodSource("scores")
    void drawsTheTokenAtAPlaceOfTheCumulatedProbabilities(float[] logits) {
        SamplerChain chain = chain(DRAW, logits.length);
        Chance chance = new Chance(17);
        double[] p = Plain.softmax(logits);
        for (int i = 0; i < 50; i++) {
            double place = chance.next();
            int token = chain.sample(logits);
            double below = IntStream.range(0, token).mapToDouble(t -> p[t]).sum();
            assertThat(place).isBetween(below - 1e-9, below + p[token] + 1e-9);
        }
    }

    @Test
    void neverDrawsWhatCannotCome() {
        SamplerChain chain = chain(DRAW, 4);
        for (int i = 0; i < 1_000; i++) {
            assertThat(chain.sample(new float[] {NO, 0, NO, 0})).isIn(1, 3);
        }
    }

    @Test
    void givesTheSameTokensForTheSameSeed() {
        for (SamplingOptions options : List.of(DRAW, ALL)) {
            assertThat(text(options)).isEqualTo(text(options));
        }
    }

    @Test
    void givesOtherTokensForAnotherSeed() {
        for (SamplingOptions options : List.of(DRAW, ALL)) {
            List<List<Integer>> texts = new ArrayList<>();
            for (long seed : new long[] {0, 1, 2, -1, 1L << 32, Long.MAX_VALUE}) {
                texts.add(text(options.toBuilder().seed(seed).build()));
            }
            assertThat(texts).doesNotHaveDuplicates();
        }
    }

    @Test
    void reportsASeedThatGivesTheSameTokensAgain() {
        SamplingOptions unseeded = DRAW.toBuilder().seed(OptionalLong.empty()).build();
        SamplerChain first = chain(unseeded, 512);
        SamplerChain second = chain(unseeded.toBuilder().seed(first.seed()).build(), 512);
        for (int i = 0; i < 50; i++) {
            assertThat(second.sample(new float[512])).isEqualTo(first.sample(new float[512]));
        }
    }

    @Test
    void isNotChangedByAnotherChainBesideIt() {
        SamplerChain alone = chain(ALL, 64);
        SamplerChain accompanied = chain(ALL, 64);
        SamplerChain other = chain(DRAW, 64);
        Random random = new Random(9);
        for (int i = 0; i < 100; i++) {
            float[] logits = Plain.spread(random, 64, 2);
            other.sample(logits);
            int token = accompanied.sample(logits);
            assertThat(token).isEqualTo(alone.sample(logits));
            alone.accept(token);
            accompanied.accept(token);
            other.accept(token);
        }
    }

    @Test
    void appliesItsStepsInTheOrderOfTheOptions() {
        SamplerChain chain = chain(ALL, 64);
        Words words = Words.numbered(64);
        History history = new History();
        List<Sampler> steps =
                List.of(
                        new Sampler.LogitBias(ALL.logitBias()),
                        new Sampler.Penalties(ALL, history),
                        new Dry(ALL.dry(), history, words),
                        new Sampler.TopK(ALL.topK()),
                        new Sampler.Typical(ALL.typicalP()),
                        new Sampler.TopP(ALL.topP()),
                        new Sampler.MinP(ALL.minP()),
                        new Sampler.Xtc(ALL.xtc()),
                        new Sampler.Temperature(ALL.temperature()));
        Chance chance = new Chance(17);
        Candidates candidates = new Candidates();
        Random random = new Random(1);
        for (int step = 0; step < 300; step++) {
            float[] logits = Plain.spread(random, 64, 2);
            candidates.reset(logits, logits.length);
            steps.forEach(each -> each.apply(candidates, chance));
            candidates.softmax();
            double place = chance.next();
            int drawn = 0;
            double sum = candidates.probability(0);
            while (sum <= place && drawn < candidates.size() - 1) {
                sum += candidates.probability(++drawn);
            }
            int token = chain.sample(logits);
            assertThat(token).as("step %s", step).isEqualTo(candidates.id(drawn));
            chain.accept(token);
            history.add(token);
        }
    }

    @Test
    void ignoresNoOption() {
        List<SamplingOptions.Builder> lessOne =
                List.of(
                        ALL.toBuilder().logitBias(Map.of()),
                        ALL.toBuilder().repeatPenalty(1),
                        ALL.toBuilder().frequencyPenalty(0),
                        ALL.toBuilder().presencePenalty(0),
                        ALL.toBuilder().repeatLastN(3),
                        ALL.toBuilder().dry(SamplingOptions.Dry.OFF),
                        ALL.toBuilder().topK(0),
                        ALL.toBuilder().typicalP(1),
                        ALL.toBuilder().topP(1),
                        ALL.toBuilder().minP(0),
                        ALL.toBuilder().xtc(SamplingOptions.Xtc.OFF),
                        ALL.toBuilder().temperature(1),
                        ALL.toBuilder().mirostat(new SamplingOptions.Mirostat(true, 5, 0.1f)),
                        ALL.toBuilder().seed(18));
        for (SamplingOptions.Builder options : lessOne) {
            assertThat(text(options.build())).as("%s", options.build()).isNotEqualTo(text(ALL));
        }
    }

    @Test
    void leavesTheScoresAsTheyAre() {
        float[] logits = Plain.spread(new Random(3), 64, 2);
        float[] before = logits.clone();
        SamplerChain chain = chain(ALL, 64);
        chain.accept(3);
        chain.sample(logits);
        assertThat(logits).isEqualTo(before);
    }

    @Test
    void penalizesTokensOfThePrompt() {
        SamplingOptions options =
                SamplingOptions.builder().temperature(0).presencePenalty(1).build();
        SamplerChain chain = chain(options, 3);
        assertThat(chain.sample(new float[] {1, 1.5f, 0})).isEqualTo(1);
        chain.accept(1);
        assertThat(chain.sample(new float[] {1, 1.5f, 0})).isZero();
    }

    @Test
    void looksAtNoTokenWithAWindowOfZero() {
        SamplingOptions options =
                SamplingOptions.builder()
                        .temperature(0)
                        .presencePenalty(2)
                        .repeatLastN(0)
                        .dry(new SamplingOptions.Dry(9, 2, 1, 0, List.of()))
                        .build();
        SamplerChain chain = chain(options, 2);
        for (int i = 0; i < 5; i++) {
            assertThat(chain.sample(new float[] {1, 0})).isZero();
            chain.accept(0);
        }
    }

    @ParameterizedTest
    @MethodSource("scores")
    void takesTheFirstOfTheLargestWhenGreedyWhateverElseIsOn(float[] logits) {
        SamplingOptions options =
                ALL.toBuilder()
                        .logitBias(Map.of())
                        .temperature(0)
                        .topK(3)
                        .typicalP(0.1f)
                        .xtc(new SamplingOptions.Xtc(1, 0))
                        .build();
        SamplingOptions mirostat =
                options.toBuilder().mirostat(new SamplingOptions.Mirostat(true, 9, 1)).build();
        int largest = Plain.sorted(logits).getFirst().id();
        for (SamplingOptions each : List.of(options, mirostat, SamplingOptions.greedy())) {
            assertThat(chain(each, logits.length).sample(logits)).isEqualTo(largest);
        }
    }

    @Test
    void obeysBiasAndPenaltiesWhenGreedy() {
        SamplingOptions options =
                SamplingOptions.greedy().toBuilder()
                        .logitBias(Map.of(2, NO))
                        .repeatPenalty(2)
                        .build();
        SamplerChain chain = chain(options, 4);
        assertThat(chain.sample(new float[] {1, 4, 9, 3})).isEqualTo(1);
        chain.accept(1);
        assertThat(chain.sample(new float[] {1, 4, 9, 3})).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void saysWhichTokenHasAnImpossibleScore(float wrong) {
        for (SamplingOptions options : List.of(DRAW, ALL, SamplingOptions.greedy())) {
            SamplerChain chain = chain(options, 3);
            assertThatExceptionOfType(ModelException.class)
                    .isThrownBy(() -> chain.sample(new float[] {1, wrong, 2}))
                    .withMessage(
                            "the model gave token 1 the score "
                                    + wrong
                                    + "; are its weights damaged?");
            assertThat(chain.sample(new float[] {NO, NO, 5})).isEqualTo(2);
        }
    }

    @Test
    void saysSoWhenTheModelAllowsNoToken() {
        for (SamplingOptions options : List.of(DRAW, ALL, SamplingOptions.greedy())) {
            SamplerChain chain = chain(options, 3);
            assertThatExceptionOfType(ModelException.class)
                    .isThrownBy(() -> chain.sample(new float[] {NO, NO, NO}))
                    .withMessage(
                            "the model gave every token the score -Infinity; are its weights"
                                    + " damaged?");
        }
    }

    @Test
    void neverChoosesARowBeyondTheVocabulary() {
        float[] padded = {1, 2, 99, Float.NaN};
        assertThat(chain(SamplingOptions.greedy(), 2).sample(padded)).isEqualTo(1);
        SamplerChain chain = chain(DRAW, 2);
        for (int i = 0; i < 100; i++) {
            assertThat(chain.sample(padded)).isLessThan(2);
        }
    }

    @Test
    void copesWithExtremeScores() {
        float[] extreme = {Float.MAX_VALUE, -Float.MAX_VALUE, NO, Float.MIN_VALUE};
        for (SamplingOptions options : List.of(DRAW, ALL, SamplingOptions.greedy())) {
            assertThat(chain(options, 4).sample(extreme)).isZero();
        }
    }
}
