package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import java.util.List;

/** Calls of tools without a client: offered, forced, executed by whoever asked. */
@NullUnmarked // what Spring AI returns may be null to it; here that fails the test
class ToolCallsTest {
    record Place(String city, int days) {}

    private static final ToolCallback FORECAST =
            FunctionToolCallback.builder("forecast", (Place place) -> "sun in " + place.city())
                    .description("the weather of the next days")
                    .inputType(Place.class)
                    .build();

    private static final ToolCallback CLOCK =
            FunctionToolCallback.builder("clock", () -> "12:00").description("the time").build();

    private static LanguageModel random;
    private static SnoozyChatModel model;

    @BeforeAll
    static void load() {
        random = Models.loadRandom();
        model = SnoozyChatModel.of(random);
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static SnoozyChatOptions.Builder forced(ToolChoice choice) {
        return SnoozyChatOptions.builder()
                .seed(3L)
                .maxTokens(300)
                .toolCallbacks(FORECAST, CLOCK)
                .toolChoice(choice);
    }

    @Test
    void theNamedToolIsCalledWithWhatItsSchemaAllows() {
        for (long seed = 0; seed < 5; seed++) {
            SnoozyChatOptions options =
                    forced(new ToolChoice.Named("forecast")).seed(seed).temperature(2.0).build();
            ChatResponse response = model.call(new Prompt("ab", options));
            assertThat(response.hasToolCalls()).isTrue();
            assertThat(response.getResult().getMetadata().getFinishReason())
                    .isEqualTo("TOOL_CALLS");
            AssistantMessage.ToolCall call =
                    response.getResult().getOutput().getToolCalls().getFirst();
            assertThat(call.name()).isEqualTo("forecast");
            assertThat(call.type()).isEqualTo("function");
            assertThat(call.id()).isNotEmpty();
            Grammar allowed = Grammar.jsonSchema(FORECAST.getToolDefinition().inputSchema());
            assertThat(allowed.matches(call.arguments())).as(call.arguments()).isTrue();
        }
    }

    @Test
    void callsComeWholeWithTheEndOfAStream() {
        SnoozyChatOptions options = forced(new ToolChoice.Named("forecast")).build();
        Prompt prompt = new Prompt("ab", options);
        List<ChatResponse> pieces = model.stream(prompt).collectList().block();
        List<AssistantMessage.ToolCall> whole =
                model.call(prompt).getResult().getOutput().getToolCalls();
        AssistantMessage last = pieces.getLast().getResult().getOutput();
        assertThat(last.getToolCalls()).hasSize(1);
        assertThat(last.getToolCalls().getFirst().arguments())
                .isEqualTo(whole.getFirst().arguments());
        assertThat(pieces.subList(0, pieces.size() - 1)).noneMatch(piece -> piece.hasToolCalls());
    }

    @Test
    void whereToolsAreForbiddenTheModelIsNotToldOfThem() {
        SnoozyChatOptions none = forced(ToolChoice.NONE).maxTokens(1).build();
        SnoozyChatOptions auto = forced(ToolChoice.AUTO).maxTokens(1).build();
        assertThat(promptTokens(none)).isLessThan(promptTokens(auto));
    }

    private static int promptTokens(SnoozyChatOptions options) {
        return model.call(new Prompt("ab", options)).getMetadata().getUsage().getPromptTokens();
    }

    @Test
    void optionsOfOtherKindsOfferToolsToo() {
        ToolCallingChatOptions theirs =
                ToolCallingChatOptions.builder().toolCallbacks(FORECAST).maxTokens(1).build();
        ToolCallingChatOptions without = ToolCallingChatOptions.builder().maxTokens(1).build();
        int with = model.call(new Prompt("ab", theirs)).getMetadata().getUsage().getPromptTokens();
        int bare = model.call(new Prompt("ab", without)).getMetadata().getUsage().getPromptTokens();
        assertThat(with).isGreaterThan(bare);
    }

    @Test
    void theLoopThatTheDocumentationShowsEndsAfterAForcedCall() {
        ToolCallingManager manager = ToolCallingManager.builder().build();
        SnoozyChatOptions options =
                forced(ToolChoice.REQUIRED).parallelToolCalls(false).temperature(0.0).build();
        Prompt prompt = new Prompt("ab", options);
        ChatResponse response = model.call(prompt);
        int rounds = 0;
        while (response.hasToolCalls()) {
            ToolExecutionResult result = manager.executeToolCalls(prompt, response);
            prompt = new Prompt(result.conversationHistory(), options);
            response = model.call(prompt);
            rounds++;
        }
        assertThat(rounds).isEqualTo(1);
        assertThat(prompt.getInstructions()).hasSize(3);
    }

    @Test
    void anUnknownToolIsRefusedByName() {
        SnoozyChatOptions options = forced(new ToolChoice.Named("oracle")).build();
        List<Message> messages = List.of(new UserMessage("ab"));
        assertThatThrownBy(() -> model.call(new Prompt(messages, options)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("oracle");
    }
}
