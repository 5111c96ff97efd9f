package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Text comes back as it was; long text without a break is no trouble. */
class RoundTripTest {
    private static final int LONG = 200_000;

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            int point =
                    switch (random.nextInt(8)) {
                        case 0 -> random.nextInt(0x20);
                        case 1, 2 -> 0x20 + random.nextInt(0x60);
                        case 3 -> "helo a\n  ".charAt(random.nextInt(9));
                        case 4 -> random.nextInt(0x800);
                        case 5 -> random.nextInt(0xD800);
                        case 6 -> 0x1F300 + random.nextInt(0x400);
                        default -> 0xE000 + random.nextInt(0x110000 - 0xE000);
                    };
            // The space of SentencePiece comes back as a space, and the mark of guards goes.
            text.appendCodePoint(point == 0x2581 || point == 0xFDD0 ? 'x' : point);
        }
        return text.toString();
    }

    private static void assertComesBack(Tokenizer tokenizer, int texts) {
        Random random = new Random(7);
        for (int i = 0; i < texts; i++) {
            String text = random(random);
            assertThat(tokenizer.decode(tokenizer.encode(text, false, false))).isEqualTo(text);
            assertThat(tokenizer.decode(tokenizer.encodeGuarded(tokenizer.guard(text))))
                    .isEqualTo(text);
        }
    }

    @Test
    void textComesBackFromSmallVocabularies() {
        Map<String, Object> keys = SmallVocabularies.bytePair();
        keys.put("tokenizer.ggml.pre", "qwen2");
        assertComesBack(SmallVocabularies.tokenizer(keys), 5_000);
        assertComesBack(SmallVocabularies.tokenizer(SmallVocabularies.sentencePiece()), 5_000);
    }

    /** Those that do not take the space from before punctuation. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-vocab", "deepseek-coder", "llama-spm", "mistral-v3-vocab"})
    void textComesBackFromPublishedVocabularies(String name) throws IOException {
        assumeTrue(Files.isDirectory(Data.shared()), "no reference data at " + Data.shared());
        assertComesBack(Vocabularies.shared(name), 500);
    }

    @Test
    void halvesOfSurrogatePairsAreReplacementCharacters() {
        for (Map<String, Object> keys : SmallVocabularies.all().values()) {
            Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
            for (String half : List.of("\uD83D", "\uDE00", "\uDE00\uD83D")) {
                String replaced = "\uFFFD".repeat(half.length());
                assertThat(tokenizer.encode("a" + half + "b", false, false))
                        .isEqualTo(tokenizer.encode("a" + replaced + "b", false, false));
                assertThat(tokenizer.encode(half, true, true))
                        .isEqualTo(tokenizer.encode(replaced, true, true));
            }
        }
    }

    @Test
    void emptyTextHasOnlyWhatIsAdded() {
        SmallVocabularies.all()
                .forEach((name, keys) -> {
                    Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
                    assertThat(tokenizer.encode("", false, false)).as(name).isEmpty();
                    assertThat(tokenizer.encode("", true, true)).as(name).isNotEmpty();
                    assertThat(tokenizer.encodeGuarded(tokenizer.guard(""))).as(name).isEmpty();
                    assertThat(tokenizer.decode(new int[0])).as(name).isEmpty();
                });
    }

    @Test
    void zeroIsACharacter() {
        Tokenizer bytePair = SmallVocabularies.tokenizer(SmallVocabularies.bytePair());
        assertThat(bytePair.encode("a\u0000b", false, false)).containsExactly('a', 0, 'b');
        Tokenizer pieces = SmallVocabularies.tokenizer(SmallVocabularies.sentencePiece());
        assertThat(pieces.decode(pieces.encode("a\u0000b", false, false))).isEqualTo("a\u0000b");
        Tokenizer words = SmallVocabularies.tokenizer(SmallVocabularies.wordPiece());
        assertThat(words.encode("a\u0000a", false, false)).containsExactly(9, 10);
    }

    /** An algorithm that takes the square of the length would need minutes for these. */
    @Test
    void longTextWithoutABreakIsNoTrouble() {
        List<String> texts =
                List.of(
                        "a".repeat(LONG),
                        " ".repeat(LONG),
                        "\n".repeat(LONG),
                        "ab".repeat(LONG / 2),
                        "a ".repeat(LONG / 2),
                        "1".repeat(LONG),
                        "'".repeat(LONG),
                        "é".repeat(LONG),
                        "中".repeat(LONG),
                        "\u0301".repeat(LONG),
                        "<".repeat(LONG),
                        "<|end|".repeat(LONG / 6),
                        "<|end|>".repeat(LONG / 7),
                        "<tool>".repeat(LONG / 6),
                        "😀".repeat(LONG / 2),
                        "hello".repeat(LONG / 5));
        SmallVocabularies.all()
                .forEach((name, keys) -> {
                    Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
                    for (String text : texts) {
                        int[] ids = tokenizer.encode(text, false, false);
                        int[] guarded = tokenizer.encodeGuarded(tokenizer.guard(text));
                        assertThat(guarded).as(name).isEqualTo(ids);
                        if (name.equals("gpt2") || name.equals("llama")) {
                            assertThat(tokenizer.decode(ids)).as(name).isEqualTo(text);
                        }
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default",
                "llama-bpe",
                "deepseek-llm",
                "deepseek-coder",
                "deepseek-v3",
                "falcon",
                "starcoder",
                "gpt-2",
                "qwen2",
                "gpt-4o",
                "tekken",
                "smollm",
                "bloom",
                "viking",
                "chameleon",
            })
    void noPreTokenizerTakesTheSquareOfTheLength(String pre) {
        Map<String, Object> keys = SmallVocabularies.bytePair();
        keys.put("tokenizer.ggml.pre", pre);
        Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
        for (String part :
                List.of("a", " ", "\n", " \n", "A", "Aa", "1", "'s", "'", "é", "中", "!")) {
            String text = part.repeat(LONG / part.length());
            for (String whole : List.of(text, "x" + text + "x")) {
                assertThat(tokenizer.decode(tokenizer.encode(whole, false, false), false).length)
                        .as(part)
                        .isBetween(LONG / 2, 3 * LONG + 2);
            }
        }
    }
}
