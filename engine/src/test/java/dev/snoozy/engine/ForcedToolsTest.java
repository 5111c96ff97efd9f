package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.chat.ChatFormat;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.grammar.Grammar;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A model of random weights has no choice but to call the tool that it is told to. */
class ForcedToolsTest {
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {
              "city": {"type": "string", "maxLength": 12},
              "unit": {"enum": ["celsius", "fahrenheit"]},
              "days": {"type": "integer", "minimum": 1, "maximum": 14},
              "detailed": {"type": "boolean"}},
             "required": ["city", "unit"]}
            """;

    private static final List<ToolDefinition> TOOLS =
            List.of(
                    new ToolDefinition("get_weather", "the weather", SCHEMA),
                    new ToolDefinition("get_time", "the time", ToolDefinition.NO_PARAMETERS));

    static Stream<Path> templates() throws IOException {
        Path folder = Data.shared().resolve("chat").resolve("templates");
        if (!Files.isDirectory(folder)) {
            return Stream.of(Path.of("none"));
        }
        return Files.list(folder).sorted();
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyFormatThatCanBeForcedGivesCallsOfTheNamedTool(Path file) throws IOException {
        assumeTrue(Files.exists(file), "the reference data is not here");
        String template = Files.readString(file);
        ChatFormat format = ChatFormat.of(template);
        assumeTrue(format.toolCallSyntax().isPresent(), "calls have no fixed form");
        try (LanguageModel model = load(template)) {
            for (int seed = 0; seed < 3; seed++) {
                ToolChoice choice = new ToolChoice.Named("get_weather");
                Optional<ChatReply> reply = ask(model, choice, seed);
                assumeTrue(reply.isPresent(), "the template refuses this conversation");
                boolean thinks = !reply.get().message().reasoning().isEmpty();
                assumeTrue(!thinks, "the prompt begins reasoning, which chance does not end");
                List<ToolCall> calls = reply.get().message().toolCalls();
                assertThat(calls).as(reply.get().generation().text()).hasSize(1);
                assertThat(calls.getFirst().name()).isEqualTo("get_weather");
                assertThat(Grammar.jsonSchema(SCHEMA).matches(calls.getFirst().arguments()))
                        .as(calls.getFirst().arguments())
                        .isTrue();
                assertThat(reply.get().finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            }
        }
    }

    private static LanguageModel load(String template) {
        return Models.load(
                TinyModel.llama()
                        .with("tokenizer.chat_template", template)
                        .with("llama.context_length", 16384));
    }

    private static Optional<ChatReply> ask(LanguageModel model, ToolChoice choice, long seed) {
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(400)
                        .withSampling(SamplingOptions.builder().temperature(2).seed(seed).build());
        ChatRequest request =
                ChatRequest.of(List.of(ChatMessage.user("ab")))
                        .withOptions(options)
                        .withTools(TOOLS, choice, true);
        try (ChatStream stream = model.chat(request)) {
            return Optional.of(stream.result());
        } catch (ModelException e) {
            if (String.valueOf(e.getMessage()).startsWith("chat template:")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Test
    void anAnswerInAGivenFormIsNothingElse() {
        Grammar yes = Grammar.choice(List.of("yes", "no"));
        try (LanguageModel model = load(Models.TEMPLATE)) {
            for (int seed = 0; seed < 20; seed++) {
                assertThat(ask(model, yes, List.of(), seed).text()).isIn("yes", "no");
            }
        }
    }

    @Test
    void besideAGivenFormToolsMayStillBeCalled() {
        Grammar yes = Grammar.choice(List.of("yes", "no"));
        boolean called = false;
        boolean answered = false;
        try (LanguageModel model = load(Models.TEMPLATE)) {
            for (int seed = 0; seed < 40; seed++) {
                ChatReply reply = ask(model, yes, TOOLS, seed);
                called |= !reply.message().toolCalls().isEmpty();
                answered |= reply.text().equals("yes") || reply.text().equals("no");
                assertThat(reply.message().toolCalls().isEmpty() == reply.text().isEmpty())
                        .isFalse();
            }
        }
        assertThat(called).isTrue();
        assertThat(answered).isTrue();
    }

    private static ChatReply ask(
            LanguageModel model, Grammar form, List<ToolDefinition> tools, long seed) {
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(150)
                        .withConstraint(OutputConstraint.of(form))
                        .withSampling(SamplingOptions.builder().temperature(2).seed(seed).build());
        ChatRequest request =
                ChatRequest.of(List.of(ChatMessage.user("ab")))
                        .withOptions(options)
                        .withTools(tools, ToolChoice.AUTO, false);
        try (ChatStream stream = model.chat(request)) {
            return stream.result();
        }
    }
}
