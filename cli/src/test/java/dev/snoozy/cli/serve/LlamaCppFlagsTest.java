package dev.snoozy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.engine.Pooling;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.text.template.ChatTemplate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Flags that users of llama.cpp's server type. */
class LlamaCppFlagsTest {
    @TempDir private Path folder;

    @Command
    private static final class Flags {
        @Mixin private LlamaCppFlags own = new LlamaCppFlags();
    }

    private static LlamaCppFlags parse(String... args) {
        Flags flags = new Flags();
        new CommandLine(flags).parseArgs(args);
        flags.own.check();
        return flags.own;
    }

    @Test
    void whatIsNotSaidIsAsItIsInThatServer() {
        LlamaCppOptions options = parse().options(true);
        assertThat(options).isEqualTo(new LlamaCppOptions(false, false, true, true, true, true));
        assertThat(parse().embeds()).isFalse();
        assertThat(parse().chatTemplate()).isEmpty();
    }

    @Test
    void eachFlagChangesWhatItSays() {
        LlamaCppOptions options =
                parse(
                                "--metrics",
                                "--slots",
                                "--no-webui",
                                "--no-context-shift",
                                "--reasoning-format",
                                "none")
                        .options(false);
        assertThat(options).isEqualTo(new LlamaCppOptions(true, true, false, false, false, false));
        assertThat(parse("--no-slots").options(false).slots()).isFalse();
        assertThat(parse("--pooling", "cls").pooling()).contains(Pooling.CLS);
        assertThat(parse("--reranking").pooling()).contains(Pooling.RANK);
        assertThat(parse("--reranking").embeds()).isTrue();
    }

    @Test
    void whatIsAlwaysSoIsTaken() {
        assertThat(parse("--jinja", "--cont-batching", "--context-shift")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--no-jinja",
                "--no-cont-batching",
                "--props",
                "--pooling max",
                "--reranking --pooling mean",
                "--context-shift --no-context-shift",
                "--reasoning-format loud",
                "--chat-template chatml --chat-template-file x",
                "--model-draft x",
                "--draft-max 8",
                "--lora x",
                "--lora-scaled x",
                "--lora-init-without-apply",
                "--n-gpu-layers 99",
                "--batch-size 32",
                "--ubatch-size 32",
                "--slot-save-path x",
                "--grp-attn-n 2",
                "--hf-repo x",
                "--model-url x"
            })
    void whatCannotBeIsOneLineAndExitCodeTwo(String flags) {
        Cli run = Cli.run(("serve --model tinystories " + flags).split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().filter(line -> line.startsWith("snoozy: "))).hasSize(1);
        String name = flags.split(" ")[0];
        assertThat(run.err()).contains(name.startsWith("--draft") ? "--draft" : name);
    }

    @Test
    void aTemplateIsANameATextOrAFile() throws IOException {
        assertThat(parse("--chat-template", "chatml").chatTemplate()).contains("<|im_start|>");
        assertThat(parse("--chat-template", "{{ 1 }}").chatTemplate()).isEqualTo("{{ 1 }}");
        Path file = Files.writeString(folder.resolve("t.jinja"), "{{ 2 }}");
        assertThat(parse("--chat-template-file", file.toString()).chatTemplate())
                .isEqualTo("{{ 2 }}");
        assertThatThrownBy(() -> parse("--chat-template", "nosuch").chatTemplate())
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("chatml")
                .hasMessageContaining("nosuch");
        assertThatThrownBy(() -> parse("--chat-template-file", "no/such").chatTemplate())
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("no/such");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chatml", "gemma", "llama2", "llama3", "mistral", "phi3", "zephyr"})
    void aKnownTemplateShowsEveryMessageInItsOrder(String name) {
        ChatTemplate template = ChatTemplate.parse(KnownTemplates.text(name));
        String text =
                template.render(
                        Map.of(
                                "messages",
                                List.of(
                                        message("system", "Be short"),
                                        message("user", "One"),
                                        message("assistant", "Two"),
                                        message("user", "Three")),
                                "add_generation_prompt",
                                true,
                                "bos_token",
                                "<s>",
                                "eos_token",
                                "</s>"));
        assertThat(text).containsSubsequence("Be short", "One", "Two", "Three");
    }

    private static Map<String, String> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }
}
