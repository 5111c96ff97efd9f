package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;
import dev.snoozy.text.tokenizer.Tokenizer;
import dev.snoozy.text.tokenizer.Vocabulary;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class DryTest {
    private static final int A = 0;
    private static final int B = 1;
    private static final int C = 2;

    /** Letters, and tokens with a breaker alone, at an end, inside, and in halves. */
    private static final Words WORDS =
            Words.of("a", "b", "c", "\n", "a\n", "x:y", "-", ">", "->", "a-", ">b", "<|end|>");

    private static final List<String> BREAKERS = List.of("\n", ":", "->", "<|end|>");

    private static SamplingOptions.Dry dry(float base, int allowed, int lastN) {
        return new SamplingOptions.Dry(0.5f, base, allowed, lastN, BREAKERS);
    }

    /** What each token loses after a text. */
    private static double[] lost(SamplingOptions.Dry options, Vocabulary words, int... text) {
        History history = new History();
        Dry dry = new Dry(options, history, words);
        for (int token : text) {
            history.add(token);
        }
        double[] scores = Plain.scoresAfter(dry, new float[words.size()]);
        return Arrays.stream(scores).map(score -> 0 - score).toArray();
    }

    /** By definition: every place is tried, and every match is walked back token by token. */
    private static double[] expected(SamplingOptions.Dry options, int... all) {
        int start = options.lastN() < 0 ? 0 : Math.max(0, all.length - options.lastN());
        int[] text = Arrays.copyOfRange(all, start, all.length);
        int reach = 0;
        while (reach < text.length && !breakerEndsIn(all, all.length - 1 - reach)) {
            reach++;
        }
        int[] longest = new int[WORDS.size()];
        for (int place = 0; place < text.length - 1; place++) {
            int length = 0;
            while (length <= place
                    && length < reach
                    && text[place - length] == text[text.length - 1 - length]) {
                length++;
            }
            int next = text[place + 1];
            longest[next] = Math.max(longest[next], length);
        }
        double[] lost = new double[WORDS.size()];
        for (int token = 0; token < lost.length; token++) {
            int[] continued = Arrays.copyOf(all, all.length + 1);
            continued[all.length] = token;
            if (longest[token] >= options.allowedLength()
                    && !breakerEndsIn(continued, all.length)) {
                int more = longest[token] - options.allowedLength();
                lost[token] = options.multiplier() * Math.pow(options.base(), more);
            }
        }
        return lost;
    }

    private static boolean breakerEndsIn(int[] text, int place) {
        StringBuilder before = new StringBuilder();
        for (int i = 0; i < place; i++) {
            before.append(WORDS.piece(text[i]));
        }
        String with = before + WORDS.piece(text[place]);
        for (int end = before.length() + 1; end <= with.length(); end++) {
            if (BREAKERS.stream().anyMatch(with.substring(0, end)::endsWith)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void agreesWithItsDefinitionOnRandomTexts() {
        Random random = new Random(3);
        int penalized = 0;
        for (int round = 0; round < 2_000; round++) {
            int letters = 1 + random.nextInt(WORDS.size());
            int[] text = random.ints(random.nextInt(40), 0, letters).toArray();
            int lastN = random.nextInt(4) == 0 ? random.nextInt(1, 40) : -1;
            SamplingOptions.Dry options = dry(1.5f, 1 + random.nextInt(3), lastN);
            double[] expected = expected(options, text);
            double[] lost = lost(options, WORDS, text);
            for (int token = 0; token < lost.length; token++) {
                assertThat(lost[token])
                        .as("token %s after %s", token, Arrays.toString(text))
                        .isEqualTo(expected[token], offset(1e-6 * expected[token]));
                penalized += expected[token] > 0 ? 1 : 0;
            }
        }
        assertThat(penalized).isGreaterThan(800);
    }

    @Test
    void penalizesWhatWouldContinueARepetition() {
        // "abc" came before and "ab" came again: "c" would make the repetition longer.
        assertThat(lost(dry(2, 2, -1), WORDS, A, B, C, A, B)[C]).isEqualTo(0.5);
        assertThat(lost(dry(2, 1, -1), WORDS, A, B, C, A, B)[C]).isEqualTo(1);
        assertThat(lost(dry(2, 3, -1), WORDS, A, B, C, A, B)).containsOnly(0);
    }

    @Test
    void goesByTheLongestRepetition() {
        // "b" was followed by "a" after one equal token, and by "a" after two.
        assertThat(lost(dry(2, 1, -1), WORDS, B, A, C, A, B, A, A, B)[A]).isEqualTo(1);
    }

    @Test
    void searchesOnlyTheLastTokens() {
        int[] text = {A, B, C, A, B};
        assertThat(lost(dry(2, 2, 5), WORDS, text)[C]).isEqualTo(0.5);
        assertThat(lost(dry(2, 2, 4), WORDS, text)).containsOnly(0);
        assertThat(lost(dry(2, 2, 1), WORDS, text)).containsOnly(0);
        assertThat(lost(dry(2, 2, 500), WORDS, text)[C]).isEqualTo(0.5);
    }

    @Test
    void doesNothingToTextsTooShortToRepeat() {
        assertThat(lost(dry(2, 1, -1), WORDS)).containsOnly(0);
        assertThat(lost(dry(2, 1, -1), WORDS, A)).containsOnly(0);
    }

    @Test
    void doesNotReachAcrossABreakerInsideAToken() {
        int xy = WORDS.id("x:y");
        assertThat(lost(dry(2, 2, -1), WORDS, xy, A, C, xy, A)).containsOnly(0);
        int b = WORDS.id("b");
        assertThat(lost(dry(2, 2, -1), WORDS, b, A, C, b, A)[C]).isEqualTo(0.5);
    }

    @Test
    void doesNotReachAcrossABreakerOfSeveralTokens() {
        int minus = WORDS.id("a-");
        int greater = WORDS.id(">b");
        int[] text = {minus, greater, A, C, minus, greater, A};
        assertThat(lost(dry(2, 2, -1), WORDS, text)).containsOnly(0);
        assertThat(lost(dry(2, 1, -1), WORDS, text)[C]).isEqualTo(0.5);
    }

    @Test
    void knowsAControlTokenByItsName() {
        int end = WORDS.id("<|end|>");
        assertThat(lost(dry(2, 2, -1), WORDS, end, A, C, end, A)).containsOnly(0);
    }

    @Test
    void neverPenalizesATokenThatEndsABreaker() {
        int line = WORDS.id("a\n");
        assertThat(lost(dry(2, 2, -1), WORDS, A, B, line, A, B)).containsOnly(0);
        int greater = WORDS.id(">");
        int minus = WORDS.id("-");
        assertThat(lost(dry(2, 2, -1), WORDS, A, minus, greater, A, minus)).containsOnly(0);
        assertThat(lost(dry(2, 2, -1), WORDS, A, B, greater, A, B)[greater]).isEqualTo(0.5);
    }

    @Test
    void penalizesAcrossEverythingWithoutBreakers() {
        SamplingOptions.Dry none = new SamplingOptions.Dry(0.5f, 2, 2, -1, List.of());
        int line = WORDS.id("\n");
        assertThat(lost(none, WORDS, A, line, C, A, line)[C]).isEqualTo(0.5);
    }

    @Test
    void refusesAnEmptyBreaker() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SamplingOptions.Dry(1, 2, 2, -1, List.of("a", "")))
                .withMessageContaining("dry breakers: an empty text");
    }

    @Test
    void staysFiniteHoweverLongTheRepetition() {
        int[] same = new int[3_000];
        assertThat(lost(dry(100, 2, -1), WORDS, same)[A]).isBetween(1e38, (double) Float.MAX_VALUE);
        SamplingOptions.Dry huge =
                new SamplingOptions.Dry(Float.MAX_VALUE, Float.MAX_VALUE, 1, -1, List.of());
        assertThat(lost(huge, WORDS, same)[A]).isEqualTo(Float.MAX_VALUE);
    }

    @Test
    void growsAlsoWithASmallBase() {
        int[] same = new int[500];
        // 499 tokens are followed by one more: the exponent is 498, far from any limit.
        assertThat(lost(dry(1.01f, 1, -1), WORDS, same)[A])
                .isEqualTo(0.5 * Math.pow(1.01f, 498), offset(1e-4));
    }

    @Test
    void followsAGrowingText() {
        History history = new History();
        Dry dry = new Dry(dry(1.5f, 1, -1), history, WORDS);
        Random random = new Random(4);
        int[] text = random.ints(200, 0, WORDS.size()).toArray();
        for (int i = 0; i < text.length; i++) {
            history.add(text[i]);
            double[] expected = expected(dry(1.5f, 1, -1), Arrays.copyOf(text, i + 1));
            double[] scores = Plain.scoresAfter(dry, new float[WORDS.size()]);
            for (int token = 0; token < scores.length; token++) {
                assertThat(0 - scores[token]).isEqualTo(expected[token], offset(1e-5));
            }
        }
    }

    @Test
    void findsTheNewLineOfARealVocabulary() throws IOException {
        try (GgufFile file =
                GgufFile.of(
                        Data.read(
                                Data.shared()
                                        .resolve("models/stories260K/stories260K-f32.gguf")))) {
            Tokenizer tokenizer = Tokenizer.of(file.metadata());
            int[] text = tokenizer.encode("Once upon\na time. Once upon\na", false, false);
            int[] line = tokenizer.encode("Once upon a time. Once upon a", false, false);
            int time = tokenizer.encode("a time", false, false)[1];
            assertThat(lost(dry(2, 2, -1), tokenizer.vocabulary(), text)[time]).isZero();
            assertThat(lost(dry(2, 2, -1), tokenizer.vocabulary(), line)[time]).isPositive();
        }
    }
}
