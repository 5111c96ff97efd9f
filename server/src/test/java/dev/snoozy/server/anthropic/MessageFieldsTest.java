package dev.snoozy.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatRequest;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Role;
import dev.snoozy.engine.ToolChoice;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.TinyModel;
import dev.snoozy.text.chat.ToolDefinition;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What becomes of messages and tools on their way to the model. */
class MessageFieldsTest {
    private static final String ROUND_TRIP =
            """
            {'system': [{'type': 'text', 'text': 'be', 'cache_control': {'type': 'ephemeral'}},
                        {'type': 'text', 'text': 'kind'}],
             'tools': [{'name': 'weather', 'description': 'tells it',
                        'input_schema': {'type': 'object'}}],
             'messages': [
              {'role': 'user', 'content': 'how'},
              {'role': 'user', 'content': [{'type': 'text', 'text': 'is it'}]},
              {'role': 'assistant', 'content': [
                {'type': 'thinking', 'thinking': 'hm', 'signature': 's'},
                {'type': 'redacted_thinking', 'data': 'x'},
                {'type': 'text', 'text': 'look'},
                {'type': 'tool_use', 'id': 'a', 'name': 'weather', 'input': {'city': 'Bern'}},
                {'type': 'tool_use', 'id': 'b', 'name': 'weather', 'input': {}}]},
              {'role': 'user', 'content': [
                {'type': 'tool_result', 'tool_use_id': 'b', 'content': 'rain'},
                {'type': 'tool_result', 'tool_use_id': 'a', 'is_error': true,
                 'content': [{'type': 'text', 'text': 'no city'}]},
                {'type': 'text', 'text': 'so'}]}]}
            """;

    private static Fields fields(String json) {
        return new Fields((ObjectNode) Json.parse(json.replace('\'', '"')));
    }

    @Test
    void blocksBecomeMessagesOfTheirOwn() {
        List<ChatMessage> messages = MessageFields.messages(fields(ROUND_TRIP));
        assertThat(messages.stream().map(ChatMessage::role))
                .containsExactly(
                        Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL, Role.USER);
        assertThat(messages.stream().map(ChatMessage::content))
                .containsExactly("be\nkind", "how\nis it", "look", "rain", "Error: no city", "so");
        assertThat(messages.get(2).reasoning()).isEqualTo("hm");
        assertThat(messages.get(2).toolCalls().getFirst().arguments())
                .isEqualTo("{\"city\":\"Bern\"}");
        assertThat(messages.get(3).toolCallId()).isEqualTo("b");
        assertThat(messages.get(4).name()).isEqualTo("weather");
    }

    @Test
    void theTemplateShowsToolsCallsAndResults() {
        Fields fields = fields(ROUND_TRIP);
        List<ToolDefinition> tools = MessageTools.tools(fields);
        byte[] file = TinyModel.llama().with("tokenizer.chat_template", Rig.TEMPLATE).bytes();
        try (LanguageModel model =
                LanguageModel.of(
                        GgufFile.of(file),
                        LoadOptions.defaults().withThreads(1).withContextLength(2048))) {
            String prompt =
                    model.render(
                            ChatRequest.of(MessageFields.messages(fields))
                                    .withTools(tools, ToolChoice.AUTO, true));
            assertThat(prompt)
                    .contains("\"name\": \"weather\"")
                    .contains("tells it")
                    .contains("\"arguments\": {\"city\": \"Bern\"}")
                    .contains("rain")
                    .contains("Error: no city");
        }
    }
}
