package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.curate.decontaminate.BenchmarkItems;
import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every item of the evaluation sets, planted into training rows and found by a whole curation. */
class PlantedItemsTest {
    private static final Path SETS = Data.shared().resolve("eval");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A word of people who count words between spaces. */
    private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

    private static final int FRAGMENT = 13;

    @TempDir Path folder = Path.of("");

    private final SplittableRandom random = new SplittableRandom(13);
    private final List<Path> sets = new ArrayList<>();

    /** Rows by the names of the sets that their items are of. */
    private final List<String> tasks = new ArrayList<>();

    private final List<String> rows = new ArrayList<>();

    @BeforeAll
    static void setsAreThere() {
        Assumptions.assumeTrue(Files.isDirectory(SETS), "no evaluation sets at " + SETS);
    }

    /** The texts of all items, those of an item together. */
    private List<List<String>> items() throws IOException {
        List<List<String>> items = new ArrayList<>();
        try (Stream<Path> files = Files.list(SETS)) {
            sets.addAll(files.filter(Files::isRegularFile).sorted().toList());
        }
        for (Path set : sets) {
            String text = new String(Data.read(set), StandardCharsets.UTF_8);
            String task = set.getFileName().toString().replaceFirst("\\..*", "");
            for (String line : text.lines().toList()) {
                items.add(BenchmarkItems.read(task, items.size(), JSON.readTree(line)).texts());
                tasks.add(task);
            }
        }
        assertThat(items).hasSizeGreaterThan(10_000);
        return items;
    }

    /** A row of training data with something in its prompt or in its response. */
    private String planted(String text) {
        String before = Curate.text(random, 12);
        String after = Curate.text(random, 20);
        return random.nextBoolean()
                ? Curate.row(before + " " + text + " " + after, after)
                : Curate.row(before, after + "\n" + text + "\n" + before);
    }

    @Test
    void wholeItemsAreRemovedAndTheOthersStay() throws Exception {
        for (List<String> item : items()) {
            rows.add(planted(String.join("\n", item)));
        }
        areAllFound();
    }

    @Test
    void fragmentsOfThirteenWordsAreRemovedAndTheOthersStay() throws Exception {
        List<String> found = new ArrayList<>();
        List<List<String>> items = items();
        for (int i = 0; i < items.size(); i++) {
            String text = String.join(" ", items.get(i));
            int[] starts = WORD.matcher(text).results().mapToInt(MatchResult::start).toArray();
            int[] ends = WORD.matcher(text).results().mapToInt(MatchResult::end).toArray();
            if (starts.length >= FRAGMENT) {
                int first = random.nextInt(starts.length - FRAGMENT + 1);
                rows.add(planted(text.substring(starts[first], ends[first + FRAGMENT - 1])));
                found.add(tasks.get(i));
            }
        }
        assertThat(found.stream().distinct())
                .containsExactlyInAnyOrderElementsOf(tasks.stream().distinct().toList());
        tasks.clear();
        tasks.addAll(found);
        areAllFound();
    }

    /** Among as many rows that have nothing of any set. */
    private void areAllFound() throws Exception {
        List<String> all = new ArrayList<>();
        for (String row : rows) {
            all.add(row);
            all.add(Curate.row(Curate.text(random, 12), Curate.text(random, 30)));
        }
        Path data = Files.write(folder.resolve("planted.jsonl"), all);
        Recipe recipe =
                Recipe.of(List.of(data))
                        .withMapRows(0)
                        .withFilters(Map.of())
                        .withDecontaminate(sets);
        Path out = folder.resolve("out");
        CurationReport report = Curate.run(recipe, out, 2);
        boolean[] removed = new boolean[all.size()];
        for (JsonNode row : Curate.lines(out.resolve("removed.jsonl"))) {
            assertThat(row.path("rule").asString()).isEqualTo("leak");
            int line = row.path("line").asInt() - 1;
            removed[line] = true;
        }
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!removed[2 * i]) {
                missed.add(tasks.get(i) + ": " + rows.get(i));
            }
            assertThat(removed[2 * i + 1]).as("%s", all.get(2 * i + 1)).isFalse();
        }
        assertThat(missed).isEmpty();
        assertThat(report.read()).isEqualTo(all.size());
        assertThat(report.kept()).isEqualTo(rows.size());
        System.out.printf("%,d planted rows, all found%n", rows.size());
    }
}
