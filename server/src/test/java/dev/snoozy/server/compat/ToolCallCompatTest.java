package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

/** What the reference server's fast tests of tools ask where no call must come. */
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
}
