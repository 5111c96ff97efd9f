package dev.snoozy.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TextCommandsTest {
    private static final String TEMPLATE =
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                    + "{% if add_generation_prompt %}[assistant]{% endif %}{{ mood }}\n\n";

    @TempDir private Path folder;

    @Test
    void tokensAreShownWithTheirPieces() {
        Cli run = Cli.run("tokenize", "tinystories", "Once upon");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly("       1  <s>", "     403  ▁Once", "     407  ▁upon");
        assertThat(run.err()).isEqualTo("[3 tokens]\n");
    }

    @Test
    void idsAloneStandOnOneLine() {
        assertThat(Cli.run("tokenize", "tinystories", "Once upon", "--ids").out())
                .isEqualTo("1 403 407\n");
        assertThat(Cli.run("tokenize", "tinystories", "Once", "--ids", "--no-special").out())
                .isEqualTo("403\n");
    }

    @Test
    void controlTokensAreParsedOnlyWhereAsked() {
        assertThat(Cli.run("tokenize", "tinystories", "</s>", "--ids", "--parse-special").out())
                .isEqualTo("1 2\n");
        assertThat(Cli.run("tokenize", "tinystories", "</s>", "--ids").out().strip().split(" "))
                .doesNotContain("2");
    }

    @Test
    void jsonHasIdsAndPieces() {
        JsonNode json =
                Json.mapper().readTree(Cli.run("tokenize", "tinystories", "Once", "--json").out());
        assertThat(json.get("count").asInt()).isEqualTo(2);
        assertThat(json.get("tokens").get(1).get("id").asInt()).isEqualTo(403);
        assertThat(json.get("tokens").get(1).get("piece").asString()).isEqualTo("▁Once");
    }

    @Test
    void aTemplateIsRenderedToTheLetter() throws IOException {
        Path template = Files.writeString(folder.resolve("t.jinja"), TEMPLATE);
        Cli run =
                Cli.run(
                        "render",
                        "tinystories",
                        "--template",
                        template.toString(),
                        "-m",
                        "system: Be brief.",
                        "-m",
                        "user:Hi: you",
                        "--set",
                        "mood=\"!\"");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("<s>[system]Be brief.[user]Hi: you[assistant]!\n");
    }

    @Test
    void messagesComeFromAFileToo() throws IOException {
        Path template = Files.writeString(folder.resolve("t.jinja"), TEMPLATE);
        Path messages =
                Files.writeString(
                        folder.resolve("m.json"), "[{\"role\":\"user\",\"content\":\"ä\"}]");
        Cli run =
                Cli.run(
                        "render",
                        "--template",
                        template.toString(),
                        "--messages",
                        messages.toString(),
                        "--no-generation-prompt",
                        "--json");
        assertThat(Json.mapper().readTree(run.out()).get("prompt").asString())
                .isEqualTo("[user]ä\n");
    }

    @Test
    void whatATemplateRefusesIsToldWithItsReason() throws IOException {
        Path template =
                Files.writeString(
                        folder.resolve("t.jinja"), "{{ raise_exception('no system role') }}");
        Cli run = Cli.run("render", "--template", template.toString(), "-m", "user: x");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no system role");
        Files.writeString(template, "{% if %}");
        assertThat(Cli.run("render", "--template", template.toString(), "-m", "user: x").code())
                .isEqualTo(1);
    }

    @Test
    void jsonThatIsNoneIsWrongUse() throws IOException {
        Path file = Files.writeString(folder.resolve("m.json"), "[{\"role\":");
        Path template = Files.writeString(folder.resolve("t.jinja"), TEMPLATE);
        Cli run =
                Cli.run("render", "--template", template.toString(), "--messages", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("m.json: expected JSON");
    }
}
