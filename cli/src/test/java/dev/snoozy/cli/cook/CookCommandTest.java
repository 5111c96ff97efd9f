package dev.snoozy.cli.cook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CookCommandTest {
    @TempDir private Path folder;

    private static String recipe(String name) {
        return Data.root().resolve("recipes").resolve(name).toString();
    }

    @Test
    void aRecipeWithAllItsFilesIsReady() {
        Cli run = Cli.run("cook", recipe("tiny.yaml"), "--validate", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode json = Json.mapper().readTree(run.out());
        assertThat(json.path("ready").asBoolean()).isTrue();
        assertThat(json.path("estimate").path("measured").asBoolean()).isTrue();
        assertThat(json.path("estimate").path("parts")).hasSize(5);
    }

    @Test
    void theRecipeOfThePaperSaysWhatItNeeds() {
        Cli run = Cli.run("cook", recipe("snoozy-13b.yaml"), "--validate");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("snoozy-13b: the recipe is sound", "files are missing:")
                .contains("from: the dataset databricks/databricks-dolly-15k")
                .contains("GiB of memory", "reckoned from its size");
    }

    @Test
    void withoutItsFilesItIsNotCooked() {
        Path out = folder.resolve("out");
        Cli run = Cli.run("cook", recipe("snoozy-13b.yaml"), "-o", out.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("needs files that are not there", "--validate says where");
        assertThat(out).doesNotExist();
    }

    @Test
    void wrongUseSaysWhereAndWhy() throws IOException {
        assertThat(Cli.run("cook", folder.resolve("none.yaml").toString()).code()).isEqualTo(2);
        Path file = folder.resolve("r.yaml");
        Files.writeString(file, "format: snoozy-cook-1\nbase: {path: x}\ncolour: red\n");
        Cli run = Cli.run("cook", file.toString(), "--validate");
        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains("r.yaml, line 3: r.yaml: \"colour\" is not known");
        assertThat(Cli.run("cook", recipe("tiny.yaml"), "-t", "0").code()).isEqualTo(2);
    }
}
