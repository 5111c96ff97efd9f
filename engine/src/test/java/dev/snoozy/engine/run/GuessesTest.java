package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.engine.TextPiece;
import dev.snoozy.engine.WorkTotals;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.kernels.Cliffs;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Guessed tokens change nothing of a text, whoever guesses and however wrongly. */
class GuessesTest {
    private static final int CONTEXT = 512;
    private static final CacheBudget PLENTY = new CacheBudget(Rig.PLENTY, 0);
    private static final String REPEATING =
            "Lily went to the park. Lily saw a big dog. Lily went to the park. Lily saw a big";

    private static byte[] stories;
    private static Rig plain;
    private static int[] prompt;

    @BeforeAll
    static void load() throws IOException {
        Path file = Data.root().resolve("models/tinystories/stories260K-f32.gguf");
        stories = Data.read(file);
        plain = new Rig(stories, PLENTY, CONTEXT, 1, null);
        prompt = plain.tokenizer.encode(REPEATING, true, false);
    }

    @AfterAll
    static void close() {
        plain.close();
    }

    /** Ways of writing, each of which a guess could upset. */
    private static Map<String, GenerationOptions> ways() {
        GenerationOptions greedy =
                GenerationOptions.defaults()
                        .withMaxTokens(100)
                        .withSampling(SamplingOptions.greedy());
        SamplingOptions.Builder warm = SamplingOptions.builder().seed(5).temperature(0.8f);
        Map<String, GenerationOptions> ways = new LinkedHashMap<>();
        ways.put("greedy", greedy);
        ways.put("alternatives", greedy.withAlternatives(3).withPromptLogprobs(true));
        ways.put("warm", greedy.withSampling(warm.build()));
        ways.put("cut", greedy.withSampling(warm.topK(20).topP(0.9f).minP(0.02f).build()));
        ways.put("penalties", greedy.withSampling(warm.repeatPenalty(1.2f).build()));
        ways.put(
                "mirostat",
                greedy.withSampling(
                        warm.mirostat(new SamplingOptions.Mirostat(true, 4, 0.1f)).build()));
        ways.put("stop", greedy.withStop(" dog", "park."));
        ways.put(
                "constraint",
                greedy.withConstraint(OutputConstraint.of(Grammar.regex("([a-z ]+\\. ){3}"))));
        ways.put("one", greedy.withMaxTokens(1));
        ways.put("two", greedy.withMaxTokens(2));
        ways.put("beyond the context", greedy.withMaxTokens(600).withShift(8));
        ways.put("to the end of the context", greedy.withMaxTokens(600));
        return ways;
    }

    private static WorkTotals assertSame(Supplier<Drafter> drafters, int tokens, int threads) {
        Speculator speculator = Speculator.always(drafters, tokens);
        try (Rig guessing = new Rig(stories, PLENTY, CONTEXT, threads, speculator)) {
            ways().forEach((way, options) -> {
                GenerationJob.Outcome expected = plain.run(prompt, options);
                GenerationJob.Outcome found = guessing.run(prompt, options);
                assertThat(found.choices()).as(way).isEqualTo(expected.choices());
                assertThat(found.prompt()).as(way).isEqualTo(expected.prompt());
                assertThat(found.reason()).as(way).isEqualTo(expected.reason());
                assertThat(found.stopText()).as(way).isEqualTo(expected.stopText());
                assertThat(found.shifted()).as(way).isEqualTo(expected.shifted());
            });
            return guessing.scheduler.call(() -> guessing.scheduler.statistics().totals());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void fromTheTextItself(int tokens) {
        WorkTotals totals = assertSame(LookupDrafter::new, tokens, 2);
        assertThat(totals.rightGuesses()).isPositive().isLessThan(totals.guessedTokens());
    }

    /** Knows the text, but is wrong now and then, at any place of what it guesses. */
    private static Drafter forgetful(Map<String, int[]> texts, Random random) {
        return new Drafter() {
            @Override
            public int[] guess(int[] text, int length, int most) {
                int[] best = NONE;
                for (int[] whole : texts.values()) {
                    int differs = Arrays.mismatch(whole, 0, whole.length, text, 0, length);
                    if (differs == length) {
                        best = Arrays.copyOfRange(whole, length, length + most);
                    }
                }
                for (int i = 0; i < best.length; i++) {
                    best[i] = random.nextInt(6) == 0 ? random.nextInt(512) : best[i];
                }
                return best;
            }

            @Override
            public void close() {}
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16})
    void rightUpToAnyPlace(int tokens) {
        Map<String, int[]> texts = new LinkedHashMap<>();
        ways().forEach((way, options) -> {
            List<Integer> written = plain.run(prompt, options).tokens();
            int[] whole = Arrays.copyOf(prompt, prompt.length + written.size());
            for (int i = 0; i < written.size(); i++) {
                whole[prompt.length + i] = written.get(i);
            }
            texts.put(way, whole);
        });
        Random random = new Random(tokens);
        WorkTotals totals = assertSame(() -> forgetful(texts, random), tokens, 3);
        assertThat(totals.rightGuesses()).isGreaterThan(100).isLessThan(totals.guessedTokens());
    }

    @Test
    void throughASlidingWindow() {
        byte[] model = TinyModel.gemma3().bytes();
        int[] start = Rig.prompt(70);
        GenerationOptions options = Rig.options(300);
        List<Integer> expected;
        try (Rig alone = new Rig(model, PLENTY, Rig.CONTEXT, 1, null)) {
            expected = alone.run(start, options).tokens();
        }
        Speculator speculator = Speculator.always(LookupDrafter::new, 5);
        try (Rig guessing = new Rig(model, PLENTY, Rig.CONTEXT, 2, speculator)) {
            assertThat(guessing.run(start, options).tokens()).isEqualTo(expected);
        }
    }

    @Test
    void besideOtherTexts() {
        GenerationOptions options = Rig.options(60);
        List<Integer> expected = plain.run(prompt, options).tokens();
        Speculator speculator = Speculator.always(LookupDrafter::new, 4);
        try (Rig guessing = new Rig(stories, PLENTY, CONTEXT, 2, speculator)) {
            List<Rig.Ear> ears = new ArrayList<>();
            guessing.atOnce(() -> {
                for (int i = 0; i < 9; i++) {
                    ears.add(guessing.start(prompt, options));
                }
            });
            for (Rig.Ear ear : ears) {
                assertThat(ear.outcome().tokens()).isEqualTo(expected);
            }
        }
    }

    /** Guesses are given up before the text that they are for. */
    @Test
    void withMemoryForTheTextAlone() {
        byte[] model = TinyModel.llama().bytes();
        CacheBudget pages = new CacheBudget(2 * Rig.PAGE, 0);
        int[] start = Rig.prompt(60);
        GenerationOptions options = Rig.options(600);
        int enough = 2 * 64 - start.length;
        List<Integer> expected;
        try (Rig alone = new Rig(model, PLENTY, Rig.CONTEXT, 1, null)) {
            expected = alone.run(start, options.withMaxTokens(enough)).tokens();
        }
        Speculator speculator = Speculator.always(() -> constant(5), 16);
        try (Rig guessing = new Rig(model, pages, Rig.CONTEXT, 1, speculator)) {
            Rig.Ear ear =
                    new Rig.Ear() {
                        private int heard;

                        @Override
                        public void text(TextPiece piece) {
                            heard += piece.choices().size();
                            if (heard >= enough) {
                                cancel();
                            }
                        }
                    };
            List<Integer> found = ear.start(guessing, start, options).outcome().tokens();
            assertThat(found).isEqualTo(expected);
        }
    }

    private static Drafter constant(int token) {
        return new Drafter() {
            @Override
            public int[] guess(int[] text, int length, int most) {
                int[] guess = new int[most];
                Arrays.fill(guess, token);
                return guess;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void whatNeverComesTrueIsGivenUpWithAWord() {
        Cliffs cliffs = new Cliffs();
        Speculator speculator = Speculator.lookup(8, cliffs);
        for (int i = 0; i < 20; i++) {
            speculator.took(1, 1_000_000);
            speculator.took(9, 2_000_000);
        }
        Guesses guesses = new Guesses(speculator, constant(5));
        int tried = 0;
        for (int batch = 0; batch < 200; batch++) {
            guesses.guess(prompt, prompt.length, 0, 100);
            tried += guesses.count() > 0 ? 1 : 0;
            guesses.judged(guesses.count(), 0);
        }
        assertThat(tried).isBetween(5, 40);
        assertThat(cliffs.all())
                .isNotEmpty()
                .allMatch(report -> report.cliff() == PerformanceCliff.SPECULATION);
    }

    @Test
    void theLatestPlaceOfTheLongestEndIsLookedUp() {
        int[] text = {7, 8, 1, 2, 5, 8, 1, 2, 6, 4, 1, 2};
        LookupDrafter drafter = new LookupDrafter();
        assertThat(drafter.guess(text, 12, 3)).containsExactly(6, 4, 1);
        assertThat(drafter.guess(text, 8, 2)).containsExactly(5, 8);
        assertThat(drafter.guess(new int[] {1, 2, 1, 2}, 4, 5)).containsExactly(1, 2, 1, 2, 1);
        assertThat(drafter.guess(new int[] {3, 3, 3}, 3, 2)).containsExactly(3, 3);
        assertThat(drafter.guess(new int[] {1, 2, 3}, 3, 2)).isEmpty();
        assertThat(drafter.guess(new int[] {1}, 1, 2)).isEmpty();
    }

    @Test
    void whatComesTrueIsGuessedFurther() {
        Speculator speculator = Speculator.lookup(8, new Cliffs());
        for (int i = 0; i < 20; i++) {
            speculator.took(1, 1_000_000);
            speculator.took(9, 1_300_000);
        }
        assertThat(speculator.depth(0.95, 0, 100)).isEqualTo(8);
        assertThat(speculator.depth(0.95, 0, 3)).isEqualTo(3);
        assertThat(speculator.depth(0.05, 0, 100)).isZero();
    }
}
