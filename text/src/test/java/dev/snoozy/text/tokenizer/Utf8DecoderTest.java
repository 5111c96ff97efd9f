package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/** Bytes that come one by one give the text that they give at once. */
class Utf8DecoderTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String inParts(byte[] bytes, int... cuts) {
        Utf8Decoder decoder = new Utf8Decoder();
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int cut : cuts) {
            text.append(decoder.next(Arrays.copyOfRange(bytes, from, cut)));
            from = cut;
        }
        text.append(decoder.next(Arrays.copyOfRange(bytes, from, bytes.length)));
        return text + decoder.finish();
    }

    @Test
    void charactersMayBeCutAnywhere() {
        String text = "aé€😀\u0000\u07FF\u0800\uFFFF\uD800\uDC00\uDBFF\uDFFF";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= bytes.length; i++) {
            for (int j = i; j <= bytes.length; j++) {
                assertThat(inParts(bytes, i, j)).isEqualTo(text);
            }
        }
    }

    @Test
    void aCharacterComesWithItsLastByte() {
        Utf8Decoder decoder = new Utf8Decoder();
        assertThat(decoder.next(bytes("f0"))).isEmpty();
        assertThat(decoder.next(bytes("9f98"))).isEmpty();
        assertThat(decoder.next(bytes("8061"))).isEqualTo("😀a");
        assertThat(decoder.finish()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "80, 1",
        "bf bf, 2",
        "c0 80, 2",
        "c1 bf, 2",
        "e0 80 80, 3",
        "e0 9f bf, 3",
        "f0 80 80 80, 4",
        "f0 8f bf bf, 4",
        "ed a0 80, 3",
        "ed bf bf, 3",
        "ed a0 80 ed b0 80, 6",
        "f4 90 80 80, 4",
        "f5 80 80 80, 4",
        "fe, 1",
        "ff ff, 2",
        "fc 84 80 80 80 80, 6",
        "c3, 1",
        "e2 82, 2",
        "f0 9f 98, 3",
    })
    void eachBadByteIsOneReplacement(String hex, int count) {
        byte[] bytes = bytes(hex);
        assertThat(new Utf8Decoder().text(bytes)).isEqualTo("\uFFFD".repeat(count));
        byte[] between = bytes("61" + hex + "62");
        String expected = "a" + "\uFFFD".repeat(count) + "b";
        for (int cut = 0; cut <= between.length; cut++) {
            assertThat(inParts(between, cut)).isEqualTo(expected);
        }
    }

    @Test
    void anUnfinishedCharacterDoesNotSwallowTheNext() {
        assertThat(new Utf8Decoder().text(bytes("e2 82 41"))).isEqualTo("\uFFFD\uFFFDA");
        assertThat(new Utf8Decoder().text(bytes("e2 e2 82 ac"))).isEqualTo("\uFFFD€");
        assertThat(new Utf8Decoder().text(bytes("f0 9f c3 a9"))).isEqualTo("\uFFFD\uFFFDé");
    }

    @Test
    void finishingStartsAnew() {
        Utf8Decoder decoder = new Utf8Decoder();
        assertThat(decoder.next(bytes("e2 82")) + decoder.finish()).isEqualTo("\uFFFD\uFFFD");
        assertThat(decoder.finish()).isEmpty();
        assertThat(decoder.next(bytes("ac")) + decoder.next(bytes("61"))).isEqualTo("\uFFFDa");
    }

    @Test
    void everyCodePointComesBack() {
        Utf8Decoder decoder = new Utf8Decoder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = Character.toString(point);
            if (!decoder.next(text.getBytes(StandardCharsets.UTF_8)).equals(text)) {
                assertThat(point).as("code point that did not come back").isEqualTo(-1);
            }
        }
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void anyCutOfAnyBytesGivesTheSame() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                // Mostly bytes that begin or continue characters.
                int kind = random.nextInt(5);
                bytes[j] =
                        (byte)
                                (kind < 2
                                        ? 0x80 + random.nextInt(64)
                                        : kind < 4
                                                ? 0xC0 + random.nextInt(64)
                                                : random.nextInt(128));
            }
            String whole = new Utf8Decoder().text(bytes);
            int cut = random.nextInt(bytes.length + 1);
            assertThat(inParts(bytes, cut)).isEqualTo(whole);
            // Java replaces some bad sequences as one; what is sound must be the same.
            String java = new String(bytes, StandardCharsets.UTF_8);
            assertThat(whole.replace("\uFFFD", "")).isEqualTo(java.replace("\uFFFD", ""));
        }
    }

    @Test
    void aStreamOfTokensIsDecodedAsItComes() {
        Tokenizer tokenizer = SmallVocabularies.tokenizer(SmallVocabularies.bytePair());
        TokenDecoder decoder = tokenizer.decoder();
        StringBuilder text = new StringBuilder();
        for (int id : tokenizer.encode("hello 😀 é", true, false)) {
            text.append(decoder.next(id));
        }
        assertThat(text.append(decoder.finish())).hasToString("hello 😀 é");
        assertThat(decoder.next(0xF0) + decoder.next('a') + decoder.finish()).isEqualTo("\uFFFDa");
    }
}
