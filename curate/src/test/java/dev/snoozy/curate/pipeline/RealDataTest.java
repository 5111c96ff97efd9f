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
import java.util.stream.Stream;

/** Published sets, as they are. */
class RealDataTest {
    private static final Path DATA = Data.shared();

    @TempDir Path folder = Path.of("");

    @BeforeAll
    static void dataIsThere() {
        Assumptions.assumeTrue(Files.isDirectory(DATA.resolve("instruct")), "no data at " + DATA);
    }

    @Test
    void everyLayoutIsReadToItsLastRow() throws Exception {
        Recipe recipe =
                Recipe.of(
                                List.of(
                                        instruct("dolly-6400.jsonl.gz"),
                                        instruct("gsm8k-train.jsonl.gz"),
                                        instruct("gpteacher-codegen-instruct.json.gz"),
                                        instruct("llm-adapters-ARC-Easy-train.json.gz"),
                                        instruct("self-instruct-seed_tasks.jsonl.gz"),
                                        instruct(
                                                "oasst-eval-2023-03-15_oasst-sft-2-pythia-12b_sampling_noprefix_lottery.json.gz")))
                        .withMapRows(0);
        CurationReport report = Curate.run(recipe, folder, 2);
        assertThat(report.malformed()).isZero();
        assertThat(report.kept() + report.removed()).isEqualTo(report.read());
        assertThat(report.sources())
                .extracting(CurationReport.SourceCount::read)
                .containsExactly(6400L, 4535L, 7473L, 2251L, 2750L, 175L);
        // Solutions and answers of people are hardly touched by filters that seek faults of models.
        CurationReport.SourceCount gsm8k = report.sources().get(2);
        assertThat(gsm8k.source()).isEqualTo("gsm8k-train");
        assertThat(gsm8k.kept()).isGreaterThan(7400);
    }

    private static Path instruct(String name) {
        return DATA.resolve("instruct").resolve(name);
    }

    @Test
    void itemsOfEveryEvaluationSetAreFoundInTrainingData() throws Exception {
        List<Path> sets;
        try (Stream<Path> files = Files.list(DATA.resolve("eval"))) {
            sets = files.filter(Files::isRegularFile).sorted().toList();
        }
        ObjectMapper json = new ObjectMapper();
        List<String> rows = new ArrayList<>();
        for (Path set : sets) {
            List<String> items =
                    new String(Data.read(set), StandardCharsets.UTF_8).lines().toList();
            for (int i = 0; i < items.size(); i += 10) {
                rows.add(planted(json.readTree(items.get(i))));
            }
        }
        Path data = Files.write(folder.resolve("planted.jsonl"), rows);
        Recipe recipe =
                Recipe.of(List.of(data))
                        .withMapRows(0)
                        .withFilters(Map.of())
                        .withDecontaminate(sets);
        Path out = folder.resolve("out");
        CurationReport report = Curate.run(recipe, out, 2);
        assertThat(report.read()).isEqualTo(rows.size()).isGreaterThan(1000);
        assertThat(report.kept()).isZero();
        List<JsonNode> removed = Curate.lines(out.resolve("removed.jsonl"));
        assertThat(removed).allMatch(r -> r.path("rule").asString().equals("leak"));
    }

    private static String planted(JsonNode item) throws IOException {
        List<String> texts = BenchmarkItems.read("x", 0, item).texts();
        return Curate.row("Think about this. " + String.join("\n", texts), "I have an answer.");
    }
}
