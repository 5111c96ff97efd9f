package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class LanguageModelTest {
    private static final String PROMPT = "Once upon a time";

    /** What llama.cpp generates from this file, of which these are the first tokens. */
    private static final List<Integer> REFERENCE =
            List.of(
                    432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426, 338, 401, 396, 267, 337,
                    410, 408, 419, 292, 411, 322, 265, 282, 295, 433, 426, 385, 328, 432, 358, 394);

    /** Room for one text of 250 tokens and little more: 5 layers of 4 heads. */
    private static final long LITTLE_MEMORY = 5L * 512 * 4 * (8 + 16) * Float.BYTES;

    private static LanguageModel stories;

    @BeforeAll
    static void load() throws IOException {
        stories = Models.loadStories(2);
    }

    @AfterAll
    static void close() {
        stories.close();
    }

    @Test
    void theShippedModelSaysWhatTheReferenceEngineSays() {
        Generation story = stories.generate(PROMPT, Models.greedy(REFERENCE.size()));
        assertThat(story.tokens()).isEqualTo(REFERENCE);
        assertThat(story.promptTokens()).containsExactly(1, 403, 407, 261, 378);
        assertThat(story.text()).startsWith(", there was a little girl named Lily.");
        assertThat(story.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(story.usage().promptTokens()).isEqualTo(5);
        assertThat(story.usage().completionTokens()).isEqualTo(REFERENCE.size());
        assertThat(story.usage().totalTokens()).isEqualTo(5 + REFERENCE.size());
        assertThat(story.logprobs()).hasSize(REFERENCE.size()).allMatch(p -> p <= 0 && p > -10);
    }

    @Test
    void theSameSeedGivesTheSameTextAndAnotherAnother() {
        GenerationOptions seeded = seeded(7);
        Generation first = stories.generate(PROMPT, seeded);
        assertThat(stories.generate(PROMPT, seeded).tokens()).isEqualTo(first.tokens());
        assertThat(first.seed()).isEqualTo(7);
        assertThat(stories.generate(PROMPT, seeded(8)).tokens()).isNotEqualTo(first.tokens());
    }

    @Test
    void aDrawnSeedIsToldAndGivesTheTextAgain() {
        GenerationOptions drawn = GenerationOptions.defaults().withMaxTokens(40);
        Generation first = stories.generate(PROMPT, drawn);
        assertThat(stories.generate(PROMPT, seeded(first.seed())).tokens())
                .isEqualTo(first.tokens());
    }

    @Test
    void theTextDoesNotDependOnThreads() throws IOException {
        List<Integer> expected = stories.generate(PROMPT, seeded(3)).tokens();
        for (int threads : new int[] {1, 3}) {
            try (LanguageModel other = Models.loadStories(threads)) {
                assertThat(other.generate(PROMPT, seeded(3)).tokens()).isEqualTo(expected);
            }
        }
    }

    @Test
    void theTextDoesNotDependOnCompany() throws Exception {
        List<List<Integer>> alone = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            alone.add(stories.generate(prompt(seed), seeded(seed)).tokens());
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Generation>> together = new ArrayList<>();
            for (int seed = 0; seed < alone.size(); seed++) {
                int own = seed;
                together.add(callers.submit(() -> stories.generate(prompt(own), seeded(own))));
            }
            for (int seed = 0; seed < alone.size(); seed++) {
                assertThat(together.get(seed).get().tokens()).isEqualTo(alone.get(seed));
            }
        }
    }

    @Test
    void aBeginningThatIsKnownIsNotReadAgainAndChangesNothing() throws IOException {
        LoadOptions small = LoadOptions.defaults().withThreads(2);
        try (LanguageModel forgetful =
                        LanguageModel.load(Models.stories(), small.withPrefixMemory(0));
                LanguageModel fresh = LanguageModel.load(Models.stories(), small)) {
            int known = 0;
            for (int seed = 0; seed < 8; seed++) {
                Generation expected = forgetful.generate(prompt(seed) + seed, seeded(seed));
                Generation found = fresh.generate(prompt(seed) + seed, seeded(seed));
                assertThat(found.tokens()).isEqualTo(expected.tokens());
                assertThat(found.logprobs()).isEqualTo(expected.logprobs());
                assertThat(expected.usage().cachedTokens()).isZero();
                if (seed > 0) {
                    int shared = tokens(prompt(seed - 1)) - 1;
                    assertThat(found.usage().cachedTokens()).isGreaterThanOrEqualTo(shared);
                }
                known += found.usage().cachedTokens();
            }
            SchedulerStatistics statistics = fresh.statistics();
            assertThat(statistics.prefixHits()).isEqualTo(7);
            assertThat(statistics.prefixTokens()).isEqualTo(known);
            assertThat(statistics.active()).isZero();
            assertThat(statistics.prefixBytes()).isEqualTo(statistics.cacheBytes()).isPositive();
            assertThat(forgetful.statistics().cacheBytes()).isZero();
        }
    }

    private static int tokens(String text) {
        return stories.tokenizer().encode(text, true, false).length;
    }

    @Test
    void withLittleMemoryTextsWaitAndSayTheSame() throws Exception {
        LoadOptions little = LoadOptions.defaults().withThreads(2).withCacheMemory(LITTLE_MEMORY);
        try (LanguageModel model = LanguageModel.load(Models.stories(), little);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Generation>> together = new ArrayList<>();
            for (int seed = 0; seed < 12; seed++) {
                int own = seed;
                GenerationOptions options =
                        seeded(seed).withPriority(Priority.values()[seed % 3]).withMaxTokens(100);
                together.add(callers.submit(() -> model.generate(prompt(own), options)));
            }
            for (int seed = 0; seed < 12; seed++) {
                assertThat(together.get(seed).get().tokens())
                        .isEqualTo(
                                stories.generate(prompt(seed), seeded(seed).withMaxTokens(100))
                                        .tokens());
            }
        }
    }

    /** Prompts of different lengths. */
    private static String prompt(int seed) {
        return PROMPT + " there was a bird and".repeat(seed * 2);
    }

    @Test
    void thePiecesOfAStreamMakeUpTheText() {
        StringBuilder pieces = new StringBuilder();
        Generation story = stories.generate(PROMPT, seeded(5), pieces::append);
        assertThat(story.text()).isEqualTo(pieces.toString()).isNotEmpty();
    }

    @Test
    void aStopTextEndsTheTextAlsoAcrossTokens() {
        String whole = stories.generate(PROMPT, Models.greedy(60)).text();
        int from = whole.indexOf("girl named Lily") + 2;
        String stop = whole.substring(from, from + 9); // begins and ends inside words
        StringBuilder seen = new StringBuilder();
        Generation story =
                stories.generate(
                        PROMPT, Models.greedy(60).withStop("no such text", stop), seen::append);
        assertThat(story.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(story.text()).isEqualTo(whole.substring(0, from)).isEqualTo(seen.toString());
    }

    @Test
    void theContextEndsTheText() throws IOException {
        LoadOptions small = LoadOptions.defaults().withContextLength(24);
        try (LanguageModel model = LanguageModel.load(Models.stories(), small)) {
            Generation story =
                    model.generate(
                            PROMPT,
                            GenerationOptions.defaults().withSampling(SamplingOptions.greedy()));
            assertThat(story.usage().totalTokens()).isEqualTo(24);
            assertThat(story.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(story.tokens()).isEqualTo(REFERENCE.subList(0, 19));
        }
    }

    @Test
    void aPromptThatFillsTheContextIsRefused() {
        assertThatThrownBy(() -> stories.generate("bird ".repeat(600), Models.greedy(1)))
                .isInstanceOf(ModelException.class)
                .hasMessageMatching(
                        "the prompt has \\d+ tokens, which exceeds the available context size of 512"
                                + " tokens; cure: .*");
    }

    @Test
    void tokensThatAreNoneAreRefused() {
        for (int token : new int[] {-1, 512, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> stories.stream(new int[] {1, token}, Models.greedy(1)))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("token " + token + ": expected 0 to 511");
        }
        assertThatThrownBy(() -> stories.stream(new int[0], Models.greedy(1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no tokens");
    }

    @Test
    void controlTokensInAPromptArePlainText() {
        Generation story = stories.generate("</s>", Models.greedy(1));
        assertThat(story.promptTokens()).doesNotContain(2);
    }

    @Test
    void aCancelledStreamEndsAndSaysSo() {
        try (TextStream stream = stories.stream(PROMPT, Models.greedy(500))) {
            assertThat(stream.iterator().next()).isNotEmpty();
            stream.cancel();
            assertThat(stream.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(stream.result().tokens().size()).isBetween(1, 499);
        }
    }

    @Test
    void anExceptionOfTheReaderComesOutAndEndsTheGeneration() {
        IllegalStateException own = new IllegalStateException("enough");
        assertThatThrownBy(() ->
                        stories.generate(
                                PROMPT,
                                Models.greedy(500),
                                piece -> {
                                    throw own;
                                }))
                .isSameAs(own);
        assertThat(stories.generate(PROMPT, Models.greedy(3)).tokens())
                .isEqualTo(REFERENCE.subList(0, 3));
    }

    @Test
    void closingTheModelEndsWhatIsInProgressWithAnError() throws IOException {
        LanguageModel model = Models.loadStories(1);
        TextStream stream = model.stream(PROMPT, Models.greedy(500));
        assertThat(stream.iterator().next()).isNotEmpty();
        model.close();
        assertThatThrownBy(stream::result)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> model.generate(PROMPT, Models.greedy(1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void anInterruptedReaderIsToldAndStaysInterrupted() {
        try (TextStream stream = stories.stream(PROMPT, Models.greedy(500))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::result)
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anEncoderPredictsNoTokens() {
        assertThatThrownBy(() -> Models.load(TinyModel.bert()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("encoder")
                .hasMessageContaining("embedding model");
    }

    @Test
    void anUnknownArchitectureIsRefusedWithNearNames() {
        assertThatThrownBy(
                        () -> Models.load(TinyModel.llama().with("general.architecture", "qwen7")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("found \"qwen7\"")
                .hasMessageContaining("near names: qwen2");
    }

    @Test
    void anUnknownArchitectureIsRefusedWithWhatItLacksOfTheNearestOne() {
        TinyModel model =
                TinyModel.llama()
                        .with("unheard.block_count", 2)
                        .with("unheard.context_length", 64)
                        .with("unheard.embedding_length", TinyModel.EMBEDDING)
                        .with("unheard.feed_forward_length", 48)
                        .with("unheard.attention.head_count", 4)
                        .with("unheard.attention.head_count_kv", 2)
                        .with("unheard.attention.layer_norm_rms_epsilon", 1e-5f)
                        .with("general.architecture", "unheard")
                        .without("blk.1.ffn_up.weight")
                        .withTensor("blk.0.attn_sinks.weight", 4);
        assertThatThrownBy(() -> Models.load(model))
                .hasMessageContaining("found \"unheard\"")
                .hasMessageContaining("lacks blk.N.ffn_up.weight")
                .hasMessageContaining("has blk.N.attn_sinks.weight besides");
    }

    @Test
    void anOptionThatIsNotHeededIsRefused() {
        assertThatThrownBy(
                        () -> Models.load(TinyModel.llama().with("llama.attention.clamp_kqv", 8f)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("llama.attention.clamp_kqv: found 8.0")
                .hasMessageContaining("does not heed");
    }

    @Test
    void aMissingTensorIsNamed() {
        assertThatThrownBy(() -> Models.load(TinyModel.llama().without("blk.1.ffn_up.weight")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("blk.1.ffn_up.weight is missing");
    }

    @Test
    void aTensorThatNobodyTakesIsRefused() {
        assertThatThrownBy(() ->
                        Models.load(TinyModel.llama().withTensor("blk.0.attn_sinks.weight", 4)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("blk.0.attn_sinks.weight");
    }

    @Test
    void aTableThatDoesNotFitTheVocabularyIsRefused() {
        for (int rows : new int[] {TinyModel.VOCABULARY - 1, TinyModel.VOCABULARY + 1}) {
            TinyModel model =
                    TinyModel.llama()
                            .withTensor("token_embd.weight", TinyModel.EMBEDDING, rows)
                            .withTensor("output.weight", TinyModel.EMBEDDING, rows);
            assertThatThrownBy(() -> Models.load(model))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("token_embd.weight")
                    .hasMessageContaining(String.valueOf(rows))
                    .hasMessageContaining(String.valueOf(TinyModel.VOCABULARY));
        }
    }

    @Test
    void closingTwiceDoesNothing() throws IOException {
        LanguageModel model = Models.load(TinyModel.llama());
        model.close();
        model.close();
        assertThatThrownBy(() -> model.generate("a", seeded(1), text -> {}))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("closed");
    }

    private static GenerationOptions seeded(long seed) {
        return GenerationOptions.defaults()
                .withMaxTokens(40)
                .withSampling(SamplingOptions.builder().seed(seed).build());
    }
}
