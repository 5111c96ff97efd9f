package dev.snoozy.curate.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The evaluation sets, planted into training data and found again. */
class EvaluationSetsTest {
    private static final Path FOLDER = Data.shared().resolve("eval");
    private static final List<TestItem> ALL = new ArrayList<>();

    /** A word of people who count words between spaces. */
    private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

    private static final TestItems ITEMS = new TestItems();

    @BeforeAll
    static void readTheSets() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(FOLDER), "no evaluation sets at " + FOLDER);
        ObjectMapper json = new ObjectMapper();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String task = file.getFileName().toString().replace(".jsonl.gz", "");
                String text = new String(Data.read(file), StandardCharsets.UTF_8);
                for (String line : text.lines().toList()) {
                    ALL.add(BenchmarkItems.read(task, ALL.size(), json.readTree(line)));
                }
            }
        }
        ALL.forEach(ITEMS::add);
    }

    private static boolean finds(TestItem item, String... row) {
        return ITEMS.find(List.of(row)).stream()
                .anyMatch(l -> l.task().equals(item.task()) && l.index() == item.index());
    }

    @Test
    void everyWholeItemIsFound() {
        assertThat(ALL).hasSizeGreaterThan(10_000);
        for (TestItem item : ALL) {
            String whole = String.join("\n", item.texts());
            assertThat(finds(item, "Consider this. " + whole + " What do you say?", "Well."))
                    .as("%s", item)
                    .isTrue();
        }
    }

    @Test
    void everyQuestionIsFoundWhenItIsThePrompt() {
        for (TestItem item : ALL) {
            assertThat(finds(item, item.texts().getFirst(), "An answer")).as("%s", item).isTrue();
        }
    }

    @Test
    void itemsAreFoundWithLettersBeforeTheirChoices() {
        for (TestItem item : ALL) {
            StringBuilder row = new StringBuilder("Question: ");
            char letter = 'A';
            for (String text : item.texts()) {
                row.append(text).append("\n").append(letter++).append(") ");
            }
            assertThat(finds(item, row.toString(), "A")).as("%s", item).isTrue();
        }
    }

    @Test
    void everyFragmentOfThirteenWordsIsFound() {
        SplittableRandom random = new SplittableRandom(1);
        for (TestItem item : ALL) {
            String text = String.join(" ", item.texts());
            int[] starts = WORD.matcher(text).results().mapToInt(MatchResult::start).toArray();
            int[] ends = WORD.matcher(text).results().mapToInt(MatchResult::end).toArray();
            if (starts.length < 13) {
                continue;
            }
            int first = random.nextInt(starts.length - 12);
            String fragment = text.substring(starts[first], ends[first + 12]);
            assertThat(finds(item, "So they said", "Yes, (" + fragment + ") indeed"))
                    .as("%s: %s", item, fragment)
                    .isTrue();
        }
    }

    @Test
    void otherTextIsNotTakenForATestItem() throws IOException {
        Path file = Data.shared().resolve("instruct/dolly-6400.jsonl.gz");
        ObjectMapper json = new ObjectMapper();
        int leaks = 0;
        int rows = 0;
        for (String line :
                new String(Data.read(file), StandardCharsets.UTF_8).lines().limit(3000).toList()) {
            var row = json.readTree(line);
            String prompt =
                    row.path("instruction").asString("") + "\n" + row.path("context").asString("");
            leaks +=
                    ITEMS.find(List.of(prompt, row.path("response").asString(""))).isEmpty()
                            ? 0
                            : 1;
            rows++;
        }
        assertThat(rows).isEqualTo(3000);
        assertThat(leaks).isLessThan(30);
        System.out.println("Dolly: " + leaks + " rows of " + rows + " with test items");
    }
}
