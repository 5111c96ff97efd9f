package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.curate.recipe.Recipe;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

class CurationTest {
    @TempDir Path folder = Path.of("");

    private Path file(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    private static Recipe plain(Path... files) {
        return Recipe.of(List.of(files)).withMapRows(0);
    }

    @Test
    void keptAndRemovedAreWhatWasRead() throws Exception {
        List<String> lines = Curate.mixed(1, 3000);
        Path out = folder.resolve("out");
        Recipe recipe = plain(file("a.jsonl", lines)).withValidation(0.1);
        CurationReport report = Curate.run(recipe, out, 2);
        long broken = lines.stream().filter(l -> !l.endsWith("}")).count();
        assertThat(report.malformed()).isEqualTo(broken).isPositive();
        assertThat(report.read()).isEqualTo(lines.size() - broken);
        assertThat(report.kept() + report.removed()).isEqualTo(report.read());
        assertThat(report.changed()).isPositive();
        List<JsonNode> train = Curate.lines(out.resolve("train.jsonl"));
        List<JsonNode> validation = Curate.lines(out.resolve("validation.jsonl"));
        List<JsonNode> removed = Curate.lines(out.resolve("removed.jsonl"));
        assertThat(train).hasSize((int) report.train());
        assertThat(validation).hasSize((int) report.validation());
        assertThat(train.size() + validation.size()).isEqualTo((int) report.kept());
        assertThat((double) validation.size() / report.kept()).isBetween(0.06, 0.14);
        assertThat(removed).hasSize((int) report.removed());
        Set<String> rules = new HashSet<>();
        for (JsonNode row : removed) {
            rules.add(row.path("rule").asString());
            assertThat(row.path("reason").asString()).isNotEmpty();
            assertThat(row.path("file").asString()).isEqualTo("a.jsonl");
            assertThat(row.path("line").asInt()).isPositive();
        }
        assertThat(rules)
                .containsExactlyInAnyOrder("empty", "refusal", "exact-duplicate", "near-duplicate");
        List<JsonNode> malformed = Curate.lines(out.resolve("malformed.jsonl"));
        assertThat(malformed).hasSize((int) broken);
        assertThat(malformed).allMatch(m -> lines.contains(m.path("text").asString()));
        Set<String> ids = new HashSet<>();
        train.forEach(r -> ids.add(r.path("id").asString()));
        validation.forEach(r -> ids.add(r.path("id").asString()));
        assertThat(ids).hasSize((int) report.kept());
        assertThat(removed)
                .filteredOn(r -> r.has("kept"))
                .allMatch(r -> ids.contains(r.path("kept").asString()));
        assertThat(Files.exists(out.resolve(".curate"))).isFalse();
    }

    @Test
    void neitherTheOrderOfFilesNorThreadsChangeAByte() throws Exception {
        Path a = file("a.jsonl", Curate.mixed(1, 1500));
        Path b = file("b.jsonl", Curate.mixed(2, 1500));
        Path c = file("c.jsonl", Curate.mixed(1, 700)); // has all of its rows in common with a
        Recipe.Deduplication semantic =
                new Recipe.Deduplication(
                        true,
                        Recipe.of(List.of()).duplicates().near(),
                        Optional.of(Recipe.Semantic.DEFAULT));
        Path one = folder.resolve("one");
        Path other = folder.resolve("other");
        Curate.run(plain(a, b, c).withDuplicates(semantic).withMapRows(200), one, 1);
        Curate.run(plain(c, b, a).withDuplicates(semantic).withMapRows(200), other, 4);
        Map<String, String> results = Curate.results(one);
        assertThat(results)
                .containsOnlyKeys(
                        "train.jsonl",
                        "validation.jsonl",
                        "removed.jsonl",
                        "malformed.jsonl",
                        "report.txt",
                        "report.html",
                        "report.json",
                        "map.html",
                        "terms.bin",
                        "manifest.json");
        assertThat(Curate.results(other)).isEqualTo(results);
    }

    @Test
    void aSecondRunRemovesNothingAndWritesTheSame() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Recipe.Semantic semantic = Recipe.Semantic.DEFAULT;
        Recipe recipe = plain(file("a.jsonl", Curate.mixed(3, 2000))).withValidation(0.1);
        Recipe.Deduplication all =
                new Recipe.Deduplication(true, recipe.duplicates().near(), Optional.of(semantic));
        Curate.run(recipe.withDuplicates(all), first, 2);
        Recipe.Semantic stored =
                new Recipe.Semantic(
                        semantic.cutoff(),
                        Optional.empty(),
                        Optional.of(first.resolve("terms.bin")));
        Recipe again =
                plain(first.resolve("train.jsonl"), first.resolve("validation.jsonl"))
                        .withValidation(0.1)
                        .withDuplicates(
                                new Recipe.Deduplication(true, all.near(), Optional.of(stored)));
        CurationReport report = Curate.run(again, second, 2);
        assertThat(report.removed()).isZero();
        assertThat(report.changed()).isZero();
        assertThat(report.malformed()).isZero();
        for (String name : List.of("train.jsonl", "validation.jsonl", "terms.bin")) {
            assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
        }
    }

    @Test
    void weightsLeaveOutAndRepeat() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        List<String> lines =
                random.ints(2000)
                        .mapToObj(i -> Curate.row(Curate.text(random, 9), Curate.text(random, 30)))
                        .toList();
        Path half = file("half.jsonl", lines.subList(0, 1000));
        Path more = file("more.jsonl", lines.subList(1000, 2000));
        Recipe usual = plain(half);
        Recipe recipe =
                new Recipe(
                        List.of(
                                new Recipe.Input(half, "", "MIT", 0.5),
                                new Recipe.Input(more, "twice", "", 2.25)),
                        usual.filters(),
                        usual.duplicates(),
                        List.of(),
                        Optional.empty(),
                        0,
                        usual.map());
        Path out = folder.resolve("out");
        CurationReport report = Curate.run(recipe, out, 2);
        assertThat(report.read()).isEqualTo(2000);
        assertThat(report.kept()).isBetween(1440L, 1560L);
        List<JsonNode> train = Curate.lines(out.resolve("train.jsonl"));
        long twice =
                train.stream().filter(r -> r.path("source").asString().equals("twice")).count();
        assertThat(twice).isBetween(2180L, 2320L);
        assertThat(train.stream().filter(r -> r.path("licence").asString().equals("MIT")).count())
                .isEqualTo(report.kept() - 1000);
        assertThat(Curate.lines(out.resolve("removed.jsonl")))
                .allMatch(r -> r.path("rule").asString().equals("weight"));
    }

    @Test
    void marksFromAMapRemoveRows() throws Exception {
        Path data = file("a.jsonl", Curate.mixed(4, 200));
        Path out = folder.resolve("out");
        Curate.run(plain(data), out, 1);
        String id = Curate.lines(out.resolve("train.jsonl")).getFirst().path("id").asString();
        Path marks =
                Files.writeString(
                        folder.resolve("marks.json"),
                        "{\"format\": \"snoozy-marks-1\", \"remove\": [\"" + id + "\"]}");
        Recipe usual = plain(data);
        Recipe marked =
                new Recipe(
                        usual.inputs(),
                        usual.filters(),
                        usual.duplicates(),
                        List.of(),
                        Optional.of(marks),
                        0,
                        usual.map());
        Curate.run(marked, out, 1);
        assertThat(Curate.lines(out.resolve("train.jsonl")))
                .noneMatch(r -> r.path("id").asString().equals(id));
        assertThat(Curate.lines(out.resolve("removed.jsonl")))
                .filteredOn(r -> r.path("rule").asString().equals("marked"))
                .singleElement()
                .matches(r -> r.path("id").asString().equals(id));
    }

    @Test
    void testItemsAreRemoved() throws Exception {
        String question =
                "Which of these five mountains in the far north is climbed by the most people in each summer?";
        Path tests =
                file(
                        "quiz.jsonl",
                        List.of("{\"question\": \"" + question + "\", \"answer\": \"The third\"}"));
        Path data =
                file(
                        "a.jsonl",
                        List.of(
                                Curate.row("Quiz: " + question, "The third one, they say."),
                                Curate.row("Which mountain is climbed?", "Many of them.")));
        Path out = folder.resolve("out");
        CurationReport report = Curate.run(plain(data).withDecontaminate(List.of(tests)), out, 1);
        assertThat(report.kept()).isEqualTo(1);
        assertThat(Curate.lines(out.resolve("removed.jsonl")).getFirst().path("reason").asString())
                .isEqualTo("quiz item 0 (13 words in a row)");
        Path broken = file("broken.jsonl", List.of("{\"question\": "));
        assertThatThrownBy(() -> Curate.run(plain(data).withDecontaminate(List.of(broken)), out, 1))
                .hasMessageContaining("broken.jsonl, line 1");
    }

    @Test
    void wrongUseSaysSo() throws Exception {
        assertThatThrownBy(
                        () -> Curate.run(plain(folder.resolve("none")), folder.resolve("out"), 1))
                .isInstanceOf(NoSuchFileException.class);
        Path data = file("a.jsonl", List.of(Curate.row("Hello you", "And you")));
        assertThatThrownBy(() -> Curate.run(plain(data), data, 1))
                .hasMessageContaining("is a file");
    }

    @Test
    void thePageOfTheReportShowsTextsAsTexts() throws Exception {
        Path out = folder.resolve("out");
        Path data = file("a.jsonl", List.of(Curate.row("<script>alert(1)</script>", "")));
        Curate.run(plain(data), out, 1);
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script");
    }
}
