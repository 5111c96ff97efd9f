package dev.snoozy.curate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
}
