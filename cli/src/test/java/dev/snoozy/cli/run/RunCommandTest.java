package dev.snoozy.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Json;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

class RunCommandTest {
    private static final String STORY =
            ", there was a little girl named Lily. She loved to play outside";

    @TempDir private Path folder;

    @Test
    void theTextGoesToTheOutputAndTheFiguresToTheError() {
        Cli run =
                Cli.run(
                        "run",
                        "tinystories",
                        "Once upon a time",
                        "-n",
                        "64",
                        "--temp",
                        "0",
                        "--seed",
                        "1");
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith(STORY).endsWith("\n");
        assertThat(errors(run))
                .matches(
                        "\\[5 prompt tokens at \\d+ t/s, 64 generated at [\\d.]+ t/s, seed 1,"
                                + " length]");
    }

    @Test
    void guessesChangeNothingOfTheText() {
        String[] plain = {"run", "tinystories", "Tom ran. Tom ran. Tom", "-n", "90", "--seed", "7"};
        String expected = Cli.run(plain).out();
        for (String flags :
                List.of(
                        "--lookup",
                        "--lookup --draft-max 3",
                        "--model-draft tinystories --draft-max 2")) {
            List<String> all = new ArrayList<>(List.of(plain));
            all.addAll(List.of(flags.split(" ")));
            Cli run = Cli.run(all.toArray(String[]::new));
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).isEqualTo(expected);
            assertThat(run.err()).contains("guessed tokens were right]");
            all.add("--json");
            JsonNode answer = Json.mapper().readTree(Cli.run(all.toArray(String[]::new)).out());
            assertThat(answer.get("speculation").get("guessed").asInt()).isPositive();
        }
    }

    @Test
    void guessesThatCannotBeAreRefused() {
        for (String flags :
                List.of(
                        "--lookup --model-draft tinystories",
                        "--draft-max 3",
                        "--lookup --draft-max 17",
                        "--model-draft no-such-model")) {
            Cli run = Cli.run(("run tinystories Tom " + flags).split(" "));
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(flags.contains("draft-max") ? "--draft-max" : "--model");
        }
    }

    @Test
    void jsonIsOneObjectWithAllFields() {
        Cli run =
                Cli.run(
                        "run",
                        "tinystories",
                        "Once upon a time",
                        "-n",
                        "64",
                        "--temp",
                        "0",
                        "--seed",
                        "1",
                        "--json");
        assertThat(run.code()).isZero();
        assertThat(errors(run)).isEmpty();
        JsonNode answer = Json.mapper().readTree(run.out());
        assertThat(answer.get("text").asString()).startsWith(STORY);
        assertThat(answer.get("prompt_tokens").values())
                .extracting(JsonNode::asInt)
                .containsExactly(1, 403, 407, 261, 378);
        assertThat(answer.get("tokens").size()).isEqualTo(64);
        assertThat(answer.get("tokens").get(0).asInt()).isEqualTo(432);
        assertThat(answer.get("logprobs").size()).isEqualTo(64);
        assertThat(answer.get("logprobs").get(0).asDouble()).isBetween(-3.0, 0.0);
        assertThat(answer.get("finish_reason").asString()).isEqualTo("length");
        assertThat(answer.get("seed").asLong()).isEqualTo(1);
        assertThat(answer.get("usage").get("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(answer.get("usage").get("completion_tokens").asInt()).isEqualTo(64);
        assertThat(answer.get("usage").get("total_tokens").asInt()).isEqualTo(69);
        for (String time : new String[] {"load_ms", "prompt_per_second", "predicted_per_second"}) {
            assertThat(answer.get("timings").get(time).asDouble()).isPositive();
        }
    }

    /** The lines on stderr but those on what this machine cannot do fast. */
    private static String errors(Cli run) {
        return run.err()
                .lines()
                .filter(line -> !line.startsWith("slow: "))
                .collect(Collectors.joining());
    }

    @Test
    void mappedWeightsSayTheSameAndThatTheyAreSlow() {
        String[] mapped = {"--weights", "mapped"};
        assertThat(story(mapped)).isEqualTo(story());
        Cli run = Cli.run("run", "tinystories", "Once", "-n", "1", "--weights", "mapped");
        assertThat(run.err())
                .containsPattern("(?m)^slow: .*(stay in their file|plain Java).*; cure: ");
        Cli wrong = Cli.run("run", "tinystories", "Once", "--weights", "somewhere");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--weights");
    }

    @Test
    void everySamplingFlagHasAnEffect() {
        String plain = story();
        assertThat(story()).isEqualTo(plain);
        String[][] flags = {
            {"--seed", "2"},
            {"--temp", "1.7"},
            {"--top-k", "1"},
            {"--top-p", "0.1"},
            {"--min-p", "0.9"},
            {"--typical", "0.1"},
            {"--xtc-probability", "1", "--xtc-threshold", "0.05"},
            {"--repeat-penalty", "1.9"},
            {"--frequency-penalty", "2"},
            {"--presence-penalty", "2"},
            {"--repeat-penalty", "1.9", "--repeat-last-n", "2"},
            {"--dry-multiplier", "5", "--dry-allowed-length", "1"},
            {"--mirostat", "2", "--mirostat-tau", "0.5", "--mirostat-eta", "0.9"},
            {"--logit-bias", "432=-inf"},
        };
        for (String[] flag : flags) {
            assertThat(story(flag)).as(String.join(" ", flag)).isNotEqualTo(plain);
        }
    }

    private static String story(String... flags) {
        List<String> args =
                new ArrayList<>(List.of("run", "tinystories", "Once upon a time", "-n", "80"));
        args.addAll(List.of(flags));
        if (!args.contains("--seed")) {
            args.addAll(List.of("--seed", "1"));
        }
        Cli run = Cli.run(args.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void aStopTextEndsTheAnswer() {
        Cli run =
                Cli.run(
                        "run",
                        "tinystories",
                        "Once upon a time",
                        "--temp",
                        "0",
                        "--stop",
                        "e girl",
                        "--stop",
                        "unseen");
        assertThat(run.out()).isEqualTo(", there was a littl\n");
        assertThat(run.err()).contains("stop]");
    }

    @Test
    void theChatTemplateIsAppliedUnlessRawIsAsked() throws IOException {
        Path model =
                TinyModel.llama()
                        .with(
                                "tokenizer.chat_template",
                                "{% for m in messages %}{{ m.role }}:{{ m.content }}\n{% endfor %}")
                        .writeTo(folder.resolve("chat.gguf"));
        JsonNode chat = json("run", model.toString(), "ab", "-n", "1", "--json");
        JsonNode system =
                json("run", model.toString(), "ab", "-n", "1", "--json", "--system", "cd");
        JsonNode raw = json("run", model.toString(), "ab", "-n", "1", "--json", "--raw");
        int plain = raw.get("prompt_tokens").size();
        assertThat(chat.get("prompt_tokens").size()).isGreaterThan(plain);
        assertThat(system.get("prompt_tokens").size())
                .isGreaterThan(chat.get("prompt_tokens").size());
        Cli wrong = Cli.run("run", model.toString(), "ab", "--raw", "--system", "cd");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--system");
    }

    private static JsonNode json(String... args) {
        return Json.mapper().readTree(Cli.run(args).out());
    }
}
