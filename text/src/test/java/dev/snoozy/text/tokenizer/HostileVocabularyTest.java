package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.text.TextException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A damaged vocabulary is refused with its key, or works as far as it goes. */
class HostileVocabularyTest {
    private static final String[] MODELS = {"gpt2", "llama", "bert", "t5"};

    private static final String[] TEXTS = {
        "", "hello", " Hello, world! héllo 中文 😀 \u0000\n\uD800", "<|end|><s></s>[CLS]<tool>aaaa"
    };

    private static Map<String, Object> keys(String model) {
        return Objects.requireNonNull(SmallVocabularies.all().get(model));
    }

    private static void assertRefused(Map<String, Object> keys, String... words) {
        assertThatThrownBy(() -> SmallVocabularies.tokenizer(keys))
                .isInstanceOf(TextException.class)
                .hasMessageContainingAll(words);
    }

    /** Encodes and decodes: ids lie inside the vocabulary and nothing else fails. */
    private static void assertWorks(Tokenizer tokenizer) {
        for (String text : TEXTS) {
            for (int[] ids :
                    new int[][] {
                        tokenizer.encode(text, true, true),
                        tokenizer.encode(text, false, false),
                        tokenizer.encodeGuarded(tokenizer.guard(text))
                    }) {
                assertThat(Arrays.stream(ids))
                        .allMatch(id -> id >= 0 && id < tokenizer.vocabulary().size());
                assertThat(tokenizer.decode(ids, true)).isNotNull();
                assertThat(tokenizer.decode(ids)).isNotNull();
            }
        }
    }

    @Test
    void smallVocabulariesAreSound() {
        SmallVocabularies.all()
                .forEach((model, keys) -> assertWorks(SmallVocabularies.tokenizer(keys)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "bert", "t5"})
    void aVocabularyNeedsTokens(String model) {
        Map<String, Object> keys = keys(model);
        keys.put("tokenizer.ggml.tokens", new String[0]);
        assertRefused(keys, "tokenizer.ggml.tokens", "found no token");
        keys.remove("tokenizer.ggml.tokens");
        assertRefused(keys, "tokenizer.ggml.tokens");
        keys.put("tokenizer.ggml.tokens", "hello");
        assertRefused(keys, "tokenizer.ggml.tokens");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "bert", "t5"})
    void scoresAndTypesMayBeMissingButNotShort(String model) {
        Map<String, Object> keys = keys(model);
        int size = SmallVocabularies.tokens(keys).length;
        keys.put("tokenizer.ggml.scores", new float[size - 1]);
        assertRefused(keys, "tokenizer.ggml.scores", "found " + (size - 1), "expected " + size);
        keys.put("tokenizer.ggml.scores", "many");
        assertRefused(keys, "tokenizer.ggml.scores");
        keys.put("tokenizer.ggml.scores", new float[size + 5]);
        assertWorks(SmallVocabularies.tokenizer(keys));
        keys.remove("tokenizer.ggml.scores");
        assertWorks(SmallVocabularies.tokenizer(keys));
        keys.put("tokenizer.ggml.token_type", new int[0]);
        assertRefused(keys, "tokenizer.ggml.token_type", "found 0", "expected " + size);
        keys.put("tokenizer.ggml.token_type", new int[size]);
        assertWorks(SmallVocabularies.tokenizer(keys));
        keys.remove("tokenizer.ggml.token_type");
        assertWorks(SmallVocabularies.tokenizer(keys));
    }

    @ParameterizedTest
    @CsvSource({
        "bos_token_id, 9999",
        "eos_token_id, 9999",
        "eot_token_id, -2",
        "unknown_token_id, 2147483647",
        "padding_token_id, -2147483648",
        "mask_token_id, 1000000000",
        "fim_pre_token_id, 9999",
    })
    void idsOutsideTheVocabularyAreRefused(String key, int id) {
        for (String model : MODELS) {
            Map<String, Object> keys = keys(model);
            keys.put("tokenizer.ggml." + key, id);
            assertRefused(keys, "tokenizer.ggml." + key, "found id " + id);
        }
    }

    @Test
    void anIdIsAWholeNumber() {
        Map<String, Object> keys = keys("llama");
        keys.put("tokenizer.ggml.bos_token_id", 1.5f);
        assertRefused(keys, "tokenizer.ggml.bos_token_id", "1.5");
        keys.put("tokenizer.ggml.bos_token_id", "1");
        assertRefused(keys, "tokenizer.ggml.bos_token_id");
    }

    @Test
    void noBeginningOfTextIsAllowedUnlessItIsToBeAdded() {
        Map<String, Object> keys = keys("llama");
        keys.put("tokenizer.ggml.bos_token_id", -1);
        assertRefused(keys, "tokenizer.ggml.bos_token_id", "found none");
        keys.put("tokenizer.ggml.add_bos_token", false);
        assertThat(SmallVocabularies.tokenizer(keys).vocabulary().bos()).isEqualTo(-1);
        keys.put("tokenizer.ggml.bos_token_id", 0xFFFF_FFFFL);
        assertThat(SmallVocabularies.tokenizer(keys).vocabulary().bos()).isEqualTo(-1);
    }

    @Test
    void unknownNamesAreRefusedByName() {
        Map<String, Object> keys = keys("gpt2");
        keys.put("tokenizer.ggml.pre", "no-such-rule");
        assertRefused(keys, "tokenizer.ggml.pre", "no-such-rule");
        keys.put("tokenizer.ggml.pre", 5);
        assertRefused(keys, "tokenizer.ggml.pre");
        keys.put("tokenizer.ggml.model", "no-such-model");
        assertRefused(keys, "tokenizer.ggml.model", "no-such-model");
        keys.remove("tokenizer.ggml.model");
        assertRefused(keys, "tokenizer.ggml.model", "none");
    }

    @Test
    void malformedMergesDoNothing() {
        Map<String, Object> keys = keys("gpt2");
        keys.put(
                "tokenizer.ggml.merges",
                new String[] {
                    "",
                    " ",
                    "h",
                    "h ",
                    " e",
                    "h e x",
                    "  ",
                    "\uD800 \uDC00",
                    "€ €",
                    "h e",
                    "h e",
                    "zq qz",
                    "o \u0120",
                    "<|end |>",
                    "l".repeat(100_000) + " l"
                });
        Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
        assertWorks(tokenizer);
        assertThat(tokenizer.encode("hello", false, false)).containsExactly(256, 'l', 'l', 'o');
        keys.put("tokenizer.ggml.merges", new String[0]);
        assertThat(SmallVocabularies.tokenizer(keys).encode("he", false, false))
                .containsExactly('h', 'e');
        keys.remove("tokenizer.ggml.merges");
        assertRefused(keys, "tokenizer.ggml.merges");
    }

    @Test
    void mergesIntoNoTokenComeOutAsBytes() {
        Map<String, Object> keys = keys("gpt2");
        keys.put("tokenizer.ggml.merges", new String[] {"x y", "xy z", "h e"});
        assertThat(SmallVocabularies.tokenizer(keys).encode("xyzhe", false, false))
                .containsExactly('x', 'y', 'z', 256);
    }

    @Test
    void bytesWithoutATokenLeaveNoTrace() {
        Map<String, Object> bytePair = keys("gpt2");
        SmallVocabularies.tokens(bytePair)['x'] = "gone";
        Tokenizer tokenizer = SmallVocabularies.tokenizer(bytePair);
        assertThat(tokenizer.encode("axb", false, false)).containsExactly('a', 'b');
        Map<String, Object> pieces = keys("llama");
        Arrays.fill(SmallVocabularies.tokens(pieces), 3, 259, "gone");
        assertWorks(SmallVocabularies.tokenizer(pieces));
        assertThat(SmallVocabularies.tokenizer(pieces).encode("a€", false, false))
                .containsExactly(264, 269, 0, 0, 0);
    }

    @Test
    void theFirstOfEqualTokensIsUsed() {
        Map<String, Object> keys = keys("gpt2");
        SmallVocabularies.tokens(keys)[262] = "hello";
        Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
        assertThat(tokenizer.encode("hello", false, false)).containsExactly(259);
        assertThat(tokenizer.vocabulary().id("hello")).isEqualTo(259);
        for (String model : MODELS) {
            Map<String, Object> equal = keys(model);
            String[] tokens = SmallVocabularies.tokens(equal);
            Arrays.fill(tokens, tokens[tokens.length / 2]);
            assertWorks(SmallVocabularies.tokenizer(equal));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "bert", "t5"})
    void emptyTokensHaveNames(String model) {
        Map<String, Object> keys = keys(model);
        Arrays.fill(SmallVocabularies.tokens(keys), "");
        Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
        assertThat(tokenizer.vocabulary().piece(3)).isEqualTo("[EMPTY_3]");
        assertWorks(tokenizer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "bert", "t5"})
    void aTokenMayBeAMillionCharactersLong(String model) {
        for (int type = 1; type <= 6; type++) {
            Map<String, Object> keys = keys(model);
            String[] tokens = SmallVocabularies.tokens(keys);
            int last = tokens.length - 1;
            tokens[last] = "a".repeat(1 << 20);
            SmallVocabularies.types(keys)[last] = type;
            Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
            assertWorks(tokenizer);
            assertThat(tokenizer.vocabulary().piece(last)).hasSize(1 << 20);
        }
    }

    @Test
    void withoutAnUnknownTokenUnknownWordsLeaveNoTrace() {
        for (String model : new String[] {"bert", "t5"}) {
            Map<String, Object> keys = keys(model);
            keys.put("tokenizer.ggml.unknown_token_id", -1);
            Tokenizer tokenizer = SmallVocabularies.tokenizer(keys);
            assertWorks(tokenizer);
            assertThat(tokenizer.encode("zzz", false, false).length).isLessThan(2);
        }
    }

    @Test
    void scoresMayBeAnyNumber() {
        for (float score :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, -Float.MAX_VALUE, -0f}) {
            for (String model : MODELS) {
                Map<String, Object> keys = keys(model);
                float[] scores = new float[SmallVocabularies.tokens(keys).length];
                Arrays.fill(scores, score);
                keys.put("tokenizer.ggml.scores", scores);
                assertWorks(SmallVocabularies.tokenizer(keys));
            }
        }
    }

    private static int[] map(int units, String replacements, int... values) {
        byte[] text = replacements.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        int[] map = new int[4 + 4 * units + text.length];
        for (int i = 0; i < 4; i++) {
            map[i] = 4 * units >>> 8 * i & 0xFF;
        }
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < 4; j++) {
                map[4 + 4 * i + j] = values[i] >>> 8 * j & 0xFF;
            }
        }
        for (int i = 0; i < text.length; i++) {
            map[4 + 4 * units + i] = text[i];
        }
        return map;
    }

    private static Tokenizer withMap(int[] map) {
        Map<String, Object> keys = keys("t5");
        keys.put("tokenizer.ggml.precompiled_charsmap", map);
        return SmallVocabularies.tokenizer(keys);
    }

    /** Unit 0 leads from its offset by exclusive or with 'A' to unit 64, and that to a value. */
    @Test
    void aMapReplacesWhatItFinds() {
        int[] units = new int[256];
        units[0] = 1 << 10;
        units[64] = 'A' | 1 << 8 | 2 << 10;
        units[66] = 1 << 31;
        Tokenizer tokenizer = withMap(map(256, "a\0", units));
        assertThat(tokenizer.encode("hello AA", false, false)).containsExactly(4, 3, 12);
    }

    @Test
    void brokenMapsAreRefused() {
        Map<String, Object> keys = keys("t5");
        for (int[] map :
                new int[][] {
                    {1},
                    {0, 0, 0, 0},
                    {255, 255, 255, 255, 0},
                    {0, 0, 0, 128, 1, 2, 3, 4, 0},
                    {8, 0, 0, 0, 1, 2, 3, 4, 0},
                    map(2, "a", 0, 0),
                    map(2, "a".repeat(2000) + "\0", 0, 0),
                }) {
            keys.put("tokenizer.ggml.precompiled_charsmap", map);
            assertRefused(keys, "tokenizer.ggml.precompiled_charsmap");
        }
        keys.put("tokenizer.ggml.precompiled_charsmap", "text");
        assertRefused(keys, "tokenizer.ggml.precompiled_charsmap");
    }

    @Test
    void mapsThatPointOutsideOrInCirclesAreRefusedWhenUsed() {
        Random random = new Random(17);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            int[] units = new int[1 + random.nextInt(300)];
            for (int j = 0; j < units.length; j++) {
                int label = random.nextInt(256) | random.nextInt(2) << 8;
                units[j] =
                        random.nextInt(9) == 0
                                ? random.nextInt()
                                : label | random.nextInt(512) << 10;
            }
            Tokenizer tokenizer = withMap(map(units.length, "ab\0\0\u00ff\u0080x\0", units));
            try {
                assertWorks(tokenizer);
            } catch (TextException e) {
                assertThat(e).hasMessageContaining("precompiled_charsmap");
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 2_999);
    }

    /** Everything at once: each key may be gone, of another type, or damaged. */
    @Test
    void damagedVocabulariesWorkOrAreRefused() {
        Random random = new Random(23);
        String[] odd = {"", " ", "\u2581", "<0x41>", "<0xZZ>", "\uD800", "a", "\u0120", "\u0000"};
        int works = 0;
        for (int i = 0; i < 2_000; i++) {
            Map<String, Object> keys = keys(MODELS[random.nextInt(4)]);
            String[] tokens = SmallVocabularies.tokens(keys);
            int[] types = SmallVocabularies.types(keys);
            for (int j = random.nextInt(40); j > 0; j--) {
                tokens[random.nextInt(tokens.length)] = odd[random.nextInt(odd.length)];
                types[random.nextInt(types.length)] = random.nextInt(9) - 1;
            }
            if (random.nextInt(3) == 0) {
                Object[] names = keys.keySet().toArray();
                Object[] values = {1, "x", true, new int[] {1}, new String[] {"a"}, new float[3]};
                keys.put(
                        (String) names[random.nextInt(names.length)],
                        values[random.nextInt(values.length)]);
            }
            if (random.nextInt(3) == 0) {
                keys.put("tokenizer.ggml.add_space_prefix", random.nextBoolean());
                keys.put("tokenizer.ggml.remove_extra_whitespaces", random.nextBoolean());
            }
            try {
                assertWorks(SmallVocabularies.tokenizer(keys));
                works++;
            } catch (TextException e) {
                assertThat(e).hasMessageContaining("tokenizer.ggml.");
            }
        }
        assertThat(works).isBetween(1_000, 1_999);
    }
}
