package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Guessed tokens change nothing but the time that a text takes. */
class SpeculationTest {
    private static final String REPEATING =
            "Lily went to the park. Lily saw a big dog. Lily went to the park. Lily saw a big";

    private static LanguageModel plain;

    @TempDir private Path folder;

    @BeforeAll
    static void load() throws IOException {
        plain = Models.loadStories(2);
    }

    @AfterAll
    static void close() {
        plain.close();
    }

    private static LanguageModel guessing(Speculation speculation, int threads) throws IOException {
        return LanguageModel.load(
                Models.stories(),
                LoadOptions.defaults().withThreads(threads).withSpeculation(speculation));
    }

    private static void assertSame(LanguageModel guessing) {
        GenerationOptions greedy = Models.greedy(200);
        SamplingOptions warm = SamplingOptions.builder().seed(5).temperature(0.8f).build();
        for (GenerationOptions options : List.of(greedy, greedy.withSampling(warm))) {
            Generation expected = plain.generate(REPEATING, options);
            Generation found = guessing.generate(REPEATING, options);
            assertThat(found.text()).isEqualTo(expected.text());
            assertThat(found.choices()).isEqualTo(expected.choices());
        }
        assertThat(guessing.statistics().totals().guessedTokens()).isPositive();
    }

    @Test
    void fromTheTextItselfTheTextIsTheSame() throws IOException {
        try (LanguageModel guessing = guessing(new Speculation.PromptLookup(5), 1)) {
            assertSame(guessing);
        }
    }

    @Test
    void withADraftModelTheTextIsTheSame() throws IOException {
        Speculation draft = new Speculation.DraftModel(Models.stories(), 4);
        try (LanguageModel guessing = guessing(draft, 3)) {
            assertSame(guessing);
            assertThat(guessing.statistics().totals().rightGuesses()).isPositive();
        }
    }

    @Test
    void withADraftModelThatIsOftenWrongTheTextIsTheSame() throws IOException {
        Path packed =
                Data.shared().resolve("models/stories260K/stories260K-wide256-imat-IQ1_S.gguf.gz");
        assumeTrue(Files.exists(packed), "no reference data at " + packed);
        Path file = folder.resolve("draft.gguf");
        Files.write(file, Data.read(packed));
        try (LanguageModel guessing = guessing(new Speculation.DraftModel(file, 3), 2)) {
            assertSame(guessing);
        }
    }

    @Test
    void aModelThatCannotGoBackIsRefusedByName() {
        LoadOptions options =
                LoadOptions.defaults().withSpeculation(new Speculation.PromptLookup(4));
        GgufFile recurrent = GgufFile.of(TinyModel.lfm2().bytes());
        assertThatThrownBy(() -> LanguageModel.of(recurrent, options))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("recurrent layers")
                .hasMessageContaining("cure");
    }

    @Test
    void aDraftModelWithAnotherVocabularyIsRefused() throws IOException {
        Path other = folder.resolve("other.gguf");
        Files.write(other, TinyModel.llama().bytes());
        assertThatThrownBy(() -> guessing(new Speculation.DraftModel(other, 4), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("draft model")
                .hasMessageContaining("expected the vocabulary of the model");
        Path none = folder.resolve("none.gguf");
        assertThatThrownBy(() -> guessing(new Speculation.DraftModel(none, 4), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("none.gguf");
    }

    @Test
    void moreTokensThanABatchOfGuessesHoldsAreRefused() {
        assertThatThrownBy(() -> new Speculation.PromptLookup(17))
                .hasMessage("tokens to guess: expected 1 to 16, found 17");
        assertThatThrownBy(() -> new Speculation.PromptLookup(0))
                .hasMessage("tokens to guess: expected 1 to 16, found 0");
    }
}
