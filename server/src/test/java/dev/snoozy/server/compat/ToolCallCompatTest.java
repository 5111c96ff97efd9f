package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What the reference server's fast tests of tools ask. */
class ToolCallCompatTest {
    private static final String TOOL =
            "{'type': 'function', 'function': {'name': 'test', 'description': '',"
                    + " 'parameters': {'type': 'object', 'properties':"
                    + " {'success': {'type': 'boolean', 'const': true}}, 'required': ['success']}}}";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().context(512).template(Rig.TEMPLATE).stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'max_tokens': 32",
                "'tools': [" + TOOL + "], 'max_tokens': 32",
                "'tools': [" + TOOL + "], 'tool_choice': 'none', 'max_tokens': 32"
            })
    void aModelThatCallsNothingHasNoCallsInItsAnswer(String more) {
        Rig.Reply reply =
                rig.post(
                        "/chat/completions",
                        "{'messages': [{'role': 'system', 'content': 'You are a coding"
                                + " assistant.'}, {'role': 'user', 'content': 'say hello'}],"
                                + " 'temperature': 0, "
                                + more
                                + "}");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode message = reply.json().at("/choices/0/message");
        assertThat(message.has("tool_calls")).isFalse();
        assertThat(message.get("content").isString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'required'", "{'type': 'function', 'function': {'name': 'test'}}"})
    void aCallThatIsForcedComesWithItsArguments(String choice) {
        for (String stream : List.of("", ", 'stream': true")) {
            String body =
                    "{'messages': [{'role': 'user', 'content': 'Write an example'}], 'seed': 42,"
                            + " 'max_tokens': 128, 'tools': ["
                            + TOOL
                            + "], 'parallel_tool_calls': false, 'tool_choice': "
                            + choice
                            + stream
                            + "}";
            StringBuilder name = new StringBuilder();
            StringBuilder arguments = new StringBuilder();
            String reason = "";
            if (stream.isEmpty()) {
                JsonNode answer = rig.post("/v1/chat/completions", body).json();
                JsonNode function = answer.at("/choices/0/message/tool_calls/0/function");
                name.append(function.path("name").asString(""));
                arguments.append(function.path("arguments").asString(""));
                reason = answer.at("/choices/0/finish_reason").asString("");
            } else {
                List<String> events = rig.events("/v1/chat/completions", body);
                for (String event : events.subList(0, events.size() - 1)) {
                    JsonNode chunk = Json.parse(event).at("/choices/0");
                    JsonNode function = chunk.at("/delta/tool_calls/0/function");
                    name.append(function.path("name").asString(""));
                    arguments.append(function.path("arguments").asString(""));
                    reason = chunk.path("finish_reason").asString(reason);
                }
            }
            assertThat(name.toString()).isEqualTo("test");
            assertThat(Json.parse(arguments.toString()).get("success").booleanValue()).isTrue();
            assertThat(reason).isEqualTo("tool_calls");
        }
    }
}
