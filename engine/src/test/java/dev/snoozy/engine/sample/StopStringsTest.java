package dev.snoozy.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.snoozy.engine.GenerationOptions;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class StopStringsTest {
    /** What comes of a stream, piece by piece, with the end as the last. */
    private static List<String> pieces(List<String> stops, String... stream) {
        StopStrings finder = new StopStrings(stops);
        List<String> out = new ArrayList<>();
        for (String piece : stream) {
            out.add(finder.next(piece));
        }
        out.add(finder.finish());
        return out;
    }

    private static String text(List<String> stops, String... stream) {
        return String.join("", pieces(stops, stream));
    }

    @Test
    void passesOnWhatCannotBeAStop() {
        assertThat(pieces(List.of("END"), "abc", "E!", "x")).containsExactly("abc", "E!", "x", "");
    }

    @Test
    void passesOnEverythingWithoutStops() {
        assertThat(pieces(List.of(), "abc", "", "d")).containsExactly("abc", "", "d", "");
    }

    @Test
    void holdsBackTheBeginningOfAStopAndReleasesIt() {
        assertThat(pieces(List.of("END"), "aE", "N", "x")).containsExactly("a", "", "ENx", "");
        assertThat(pieces(List.of("END"), "aE", "E")).containsExactly("a", "E", "E");
    }

    @Test
    void releasesWhatItHeldBackAtTheEnd() {
        assertThat(pieces(List.of("END"), "aEN")).containsExactly("a", "EN");
    }

    @Test
    void endsAtAStopAcrossPieces() {
        StopStrings finder = new StopStrings(List.of("END"));
        assertThat(finder.next("aE")).isEqualTo("a");
        assertThat(finder.stopped()).isFalse();
        assertThat(finder.next("NDb")).isEmpty();
        assertThat(finder.stopped()).isTrue();
        assertThat(finder.next("more")).isEmpty();
        assertThat(finder.finish()).isEmpty();
    }

    @Test
    void endsAtOnceWithTheShorterOfNestedStops() {
        for (List<String> stops : List.of(List.of("a", "ab"), List.of("ab", "a"))) {
            StopStrings finder = new StopStrings(stops);
            assertThat(finder.next("xa")).isEqualTo("x");
            assertThat(finder.stopped()).isTrue();
        }
    }

    @Test
    void cutsTheLongestOfTheStopsThatEndInTheSamePlace() {
        for (List<String> stops : List.of(List.of("b", "ab"), List.of("ab", "b"))) {
            assertThat(text(stops, "xab")).isEqualTo("x");
            assertThat(text(stops, "xa", "b")).isEqualTo("x");
        }
    }

    @Test
    void takesTheStopThatIsCompleteFirst() {
        List<String> stops = List.of("bcde", "cd");
        assertThat(text(stops, "abcde")).isEqualTo("ab");
        assertThat(text(stops, "a", "b", "c", "d", "e")).isEqualTo("ab");
    }

    @Test
    void holdsBackForTheLongestCandidate() {
        assertThat(pieces(List.of("aab", "b!"), "aa", "a", "c"))
                .containsExactly("", "a", "aac", "");
    }

    @Test
    void keepsCharactersOfTwoHalvesWhole() {
        String smile = "\uD83D\uDE00";
        String grin = "\uD83D\uDE01";
        assertThat(pieces(List.of(smile), "x" + grin, smile)).containsExactly("x" + grin, "", "");
        assertThat(pieces(List.of(smile + "!"), smile, "?")).containsExactly("", smile + "?", "");
    }

    @Test
    void refusesHalfACharacterAsAStop() {
        for (String half : List.of("\uDE00", "a\uD83D", "\uDE00\uD83D")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> GenerationOptions.defaults().withStop(half))
                    .withMessageContaining("half a surrogate pair");
        }
        assertThat(GenerationOptions.defaults().withStop("\uD83D\uDE00").stop()).hasSize(1);
    }

    /** By definition: read character by character until the text ends with a stop. */
    private static String expected(List<String> stops, String stream) {
        for (int end = 1; end <= stream.length(); end++) {
            String read = stream.substring(0, end);
            int longest =
                    stops.stream().filter(read::endsWith).mapToInt(String::length).max().orElse(0);
            if (longest > 0) {
                return read.substring(0, end - longest);
            }
        }
        return stream;
    }

    private static String random(Random random, int most) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(most);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(3)));
        }
        return text.toString();
    }

    @Test
    void agreesWithItsDefinitionHoweverTheStreamIsCut() {
        Random random = new Random(5);
        int stopped = 0;
        for (int round = 0; round < 5_000; round++) {
            List<String> stops = List.of(random(random, 5), random(random, 6), random(random, 7));
            List<String> stream = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                stream.add(random(random, 4));
            }
            String whole = String.join("", stream);
            String expected = expected(stops, whole);
            assertThat(text(stops, stream.toArray(String[]::new)))
                    .as("%s in %s", stops, stream)
                    .isEqualTo(expected);
            stopped += expected.equals(whole) ? 0 : 1;
        }
        assertThat(stopped).isBetween(1_000, 4_900);
    }

    @Test
    void holdsBackNoMoreThanItMust() {
        Random random = new Random(6);
        for (int round = 0; round < 2_000; round++) {
            List<String> stops = List.of(random(random, 6), random(random, 6));
            StopStrings finder = new StopStrings(stops);
            StringBuilder in = new StringBuilder();
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                String piece = random(random, 3);
                in.append(piece);
                out.append(finder.next(piece));
                if (finder.stopped()) {
                    break;
                }
                String held = in.substring(out.length());
                if (!held.isEmpty()) {
                    assertThat(stops).anyMatch(stop -> stop.startsWith(held));
                }
            }
        }
    }
}
