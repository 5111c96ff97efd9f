package dev.snoozy.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class PerplexityCommandTest {
    private static final String STORY =
            "Once upon a time, there was a little girl named Lily. She loved to play outside in the"
                    + " park. One day, she saw a big red ball. She wanted to play with it. ";

    @TempDir private Path folder;
    private String text = "";

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("t.txt"), STORY.repeat(4)).toString();
    }

    @Test
    void figuresStandOnStandardOutput() {
        Cli run = Cli.run("perplexity", "tinystories", "-f", text, "-c", "32", "--chunks", "3");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("chunks: [1]").contains("[3]").doesNotContain("[4]");
        assertThat(run.out()).containsPattern("perplexity +\\d+\\.\\d+ ± \\d+\\.\\d+");
        assertThat(run.out()).containsPattern("tokens scored +45\n");
    }

    @Test
    void aModelIsComparedWithItselfLiveAndByItsFile() {
        String base = folder.resolve("base.bin").toString();
        Cli saved =
                Cli.run("perplexity", "tinystories", "-f", text, "-c", "32", "--save-base", base);
        assertThat(saved.code()).as(saved.err()).isZero();
        JsonNode byFile = json(Cli.run("perplexity", "tinystories", "--kl-base", base, "--json"));
        JsonNode live =
                json(
                        Cli.run(
                                "perplexity",
                                "tinystories",
                                "-f",
                                text,
                                "-c",
                                "32",
                                "--base",
                                "tinystories",
                                "--json"));
        assertThat(byFile.at("/result/perplexity")).isEqualTo(live.at("/result/perplexity"));
        for (JsonNode json : new JsonNode[] {byFile, live}) {
            assertThat(json.at("/result/divergence/sameTop/value").asDouble()).isEqualTo(1);
            assertThat(json.at("/result/divergence/divergence/value").asDouble())
                    .isCloseTo(0, within(1e-6));
        }
    }

    private static JsonNode json(Cli run) {
        assertThat(run.code()).as(run.err()).isZero();
        return Json.mapper().readTree(run.out());
    }

    @Test
    void whatCannotBeMeasuredIsWrongUse() {
        refused("expected a text", "perplexity", "tinystories");
        refused("at most one", "perplexity", "tinystories", "--base", "a", "--kl-base", "b");
        refused("at least one chunk", "perplexity", "tinystories", "-f", text, "-c", "512");
        refused("no such file", "perplexity", "tinystories", "--kl-base", "nowhere.bin");
        refused("f32 or 8bit", "perplexity", "tinystories", "-f", text, "--activations", "x");
    }

    private static void refused(String why, String... args) {
        Cli run = Cli.run(args);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(why);
    }
}
