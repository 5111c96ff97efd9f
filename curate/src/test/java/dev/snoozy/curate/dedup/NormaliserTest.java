package dev.snoozy.curate.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class NormaliserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Hello,   World!        | hello, world!
                    '  a\tb  '             | a b
                    ﬁne ＡＢＣ ①           | fine abc 1
                    “quoted” ‘it’s’ « x »  | "quoted" 'it's' " x "
                    a—b − c                | a-b - c
                    zero\u200bwidth\ufeff  | zerowidth
                    İstanbul ΣΑΣ           | i̇stanbul σας
                    """)
    void textsAreBroughtToOneForm(String raw, String expected) {
        String text = raw.replace("\\u200b", "\u200b").replace("\\ufeff", "\ufeff");
        assertThat(Normaliser.text(text.replace("\\t", "\t"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Don't stop, please!       | dont stop please
                    What is 3 - 4?            | what is 3 - 4
                    a well-known fact - yes   | a well known fact yes
                    x+y=5                     | x + y = 5
                    **bold** and 2*3          | bold and 2 * 3
                    and/or 1/2                | and or 1 / 2
                    print(a[0], b)            | print a 0 b
                    日本語テスト              | 日 本 語 テ ス ト
                    é́a ñ                     | é́a ñ
                    I ❤ cats 😀               | i ❤ cats 😀
                    it costs €5 or $6         | it costs € 5 or $ 6
                    ...                       | ''
                    """)
    void wordsAreWhatCarriesMeaning(String raw, String expected) {
        assertThat(String.join(" ", Normaliser.words(raw))).isEqualTo(Normaliser.text(expected));
    }

    @Test
    void hashesOfWordsAreThoseOfTheWordsThatPeopleSee() {
        SplittableRandom random = new SplittableRandom(3);
        String alphabet = "ab Z9'-+*/.,é日本😀\u0301\u200b—’#%$\n\ud800ß٣";
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int[] count = new int[1];
            int[] hashes =
                    WordScanner.hashes(new NormalText().set(text), true, new int[0], 0, count);
            int[] expected =
                    Normaliser.words(text).stream().mapToInt(NormaliserTest::hash).toArray();
            assertThat(Arrays.copyOf(hashes, count[0])).as("%s", text).isEqualTo(expected);
        }
    }

    @Test
    void wordsInAsciiAreTheSameOnTheirShortWay() {
        SplittableRandom random = new SplittableRandom(4);
        String alphabet = "abcZ09 '\t\r\n\u0001\u007f-+*/.,#%$\\&";
        List<WordReader> readers = List.of(new WordReader(true), new WordReader(false));
        for (int round = 0; round < 20_000; round++) {
            StringBuilder built = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                built.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String text = built.toString();
            for (WordReader reader : readers) {
                int[] words = reader.read(text);
                // An invisible sign changes no word, and makes it the long way.
                assertThat(reader.read(text + "\u200b")).isEqualTo(words);
                assertThat(reader.read("\u200b" + text)).isEqualTo(words);
            }
        }
    }

    private static int hash(String word) {
        long hash = 0;
        for (int point : word.codePoints().toArray()) {
            hash = (hash + point) * 0x9E3779B97F4A7C15L;
        }
        return (int) (Mix.mix64(hash) >>> 32);
    }

    @Test
    void asciiAndUnicodeTakeDifferentWaysToTheSameForm() {
        String ascii = "  The QUICK\tbrown\r\n\u0001fox, 3-4 = -1; don't  ";
        String form = Normaliser.text(ascii);
        assertThat(Normaliser.text(ascii + "\u200b")).isEqualTo(form);
        assertThat(Normaliser.text(form)).isEqualTo(form);
    }

    @Test
    void marksWithoutEndAreReadInPieces() {
        String few = "a" + "\u0301\u0327".repeat(15) + "b";
        assertThat(Normaliser.text(few)).isEqualTo(Normalizer.normalize(few, Normalizer.Form.NFKC));
        // In one piece this would take minutes.
        String many = "a" + "\u0301\u0327".repeat(500_000) + "b";
        assertThat(Normaliser.text(many)).startsWith("á").endsWith("b").hasSizeGreaterThan(999_000);
    }

    @Test
    void hashesAreThoseOfTheirDefinition() {
        // MurmurHash3 x64 128, seed 0 and an outside implementation of it.
        assertThat(Hash128.of("")).isEqualTo(new Hash128(0, 0));
        assertThat(Hash128.of("hello").toString()).isEqualTo(HELLO);
        assertThat(Hash128.of("The quick brown fox").toString()).isEqualTo(FOX);
    }

    // Over UTF-16LE.
    private static final String HELLO = "ee2ee18fe1bfd3877b927262d8c336c4";
    private static final String FOX = "7b2a78a4b9702414d4b5cafbadd4e67a";
}
