package dev.snoozy.studio.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every word of the page is in the catalogues, in every language. */
class CatalogueTest {
    private static final Path WEB =
            Data.root().resolve("studio/src/main/resources/dev/snoozy/studio/web");

    private static final List<String> LANGUAGES = List.of("en", "de", "es", "fr", "zh");

    /** A text in the source: {@code t('key')}; and its beginning where the rest is reckoned. */
    private static final Pattern KEY = Pattern.compile("\\bt\\('([\\w.]+)'(?!\\s*\\+)");

    private static final Pattern PLURAL = Pattern.compile("\\bplural\\('([\\w.]+)'");
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\}");

    /** Words between tags, and in attributes that people see or hear. */
    private static final Pattern BETWEEN_TAGS =
            Pattern.compile("[>}]([^<>`$={}();'\":]*\\p{L}{2,}[^<>`$={}();'\":]*)</");

    private static final Pattern IN_ATTRIBUTE =
            Pattern.compile("(?:aria-label|title|placeholder|alt)=\"([^\"$]*\\p{L}{2,}[^\"$]*)\"");

    /** Names that are the same in every language. */
    private static final Set<String> NAMES =
            Set.of("Snoozy", "CSV", "JSONL", "user/repository:Q4_K_M");

    private static JsonNode catalogue(String language) throws IOException {
        return Json.parse(Files.readString(WEB.resolve("lang/" + language + ".json")));
    }

    private static Set<String> keys(JsonNode catalogue) {
        return new TreeSet<>(catalogue.propertyNames());
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(WEB.resolve("app"))) {
            return files.filter(f -> f.toString().endsWith(".js")).sorted().toList();
        }
    }

    @Test
    void allLanguagesHaveTheSameKeys() throws IOException {
        Set<String> expected = keys(catalogue("en"));
        for (String language : LANGUAGES) {
            assertThat(keys(catalogue(language))).as(language).isEqualTo(expected);
        }
    }

    @Test
    void translationsHaveTheSamePlacesForValues() throws IOException {
        JsonNode english = catalogue("en");
        for (String language : LANGUAGES) {
            JsonNode other = catalogue(language);
            for (String key : keys(english)) {
                assertThat(places(other.path(key).asString()))
                        .as(language + " " + key)
                        .isEqualTo(places(english.path(key).asString()));
            }
        }
    }

    private static Set<String> places(String text) {
        return NAME.matcher(text)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyKeyOfTheSourcesIsKnown() throws IOException {
        Set<String> known = keys(catalogue("en"));
        for (Path file : sources()) {
            String source = Files.readString(file);
            KEY.matcher(source)
                    .results()
                    .forEach(m -> assertThat(known).as(file.toString()).contains(m.group(1)));
            PLURAL.matcher(source)
                    .results()
                    .forEach(m ->
                            assertThat(known)
                                    .as(file.toString())
                                    .contains(m.group(1) + ".one", m.group(1) + ".other"));
        }
    }

    @Test
    void noWordsStandInTheSources() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            for (Pattern pattern : List.of(BETWEEN_TAGS, IN_ATTRIBUTE)) {
                Matcher matcher = pattern.matcher(source);
                while (matcher.find()) {
                    String words = matcher.group(1).strip();
                    if (!NAMES.contains(words)) {
                        found.add(WEB.relativize(file) + ": " + words);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noSourceIsLong() throws IOException {
        for (Path file : sources()) {
            assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThan(300);
        }
    }
}
