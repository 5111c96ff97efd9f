package dev.snoozy.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Chat as OpenAI's clients ask for it. */
class ChatCompletionsTest {
    private static final String PATH = "/v1/chat/completions";
    private static final String ASK =
            "'messages': [{'role': 'user', 'content': 'ab cd'}], 'max_tokens': 8, 'seed': 7";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.chat();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void answersWithAMessageAndCounts() {
        Rig.Reply reply = rig.post(PATH, "{'model': 'tiny', " + ASK + "}");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.get("id").stringValue()).startsWith("chatcmpl-");
        assertThat(json.get("object").stringValue()).isEqualTo("chat.completion");
        assertThat(json.get("model").stringValue()).isEqualTo("tiny");
        JsonNode choice = json.get("choices").get(0);
        assertThat(choice.get("message").get("role").stringValue()).isEqualTo("assistant");
        assertThat(choice.get("finish_reason").stringValue()).isIn("length", "stop");
        JsonNode usage = json.get("usage");
        assertThat(usage.get("total_tokens").intValue())
                .isEqualTo(
                        usage.get("prompt_tokens").intValue()
                                + usage.get("completion_tokens").intValue());
    }

    @Test
    void aStreamSaysTheSameAsAWholeAnswer() {
        String whole =
                rig.post(PATH, "{" + ASK + "}")
                        .json()
                        .at("/choices/0/message/content")
                        .stringValue();
        List<String> events =
                rig.events(
                        PATH,
                        "{" + ASK + ", 'stream': true, 'stream_options': {'include_usage': true}}");
        assertThat(events.getLast()).isEqualTo("[DONE]");
        StringBuilder text = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            text.append(Json.parse(event).at("/choices/0/delta/content").asString(""));
        }
        assertThat(text.toString()).isEqualTo(whole);
        JsonNode usage = Json.parse(events.get(events.size() - 2));
        assertThat(usage.get("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").intValue()).isBetween(1, 8);
    }

    @Test
    void severalAnswersHaveSeedsThatFollow() {
        JsonNode two = rig.post(PATH, "{" + ASK + ", 'n': 2}").json();
        String next = ASK.replace("'seed': 7", "'seed': 8");
        JsonNode second = rig.post(PATH, "{" + next + "}").json();
        assertThat(two.get("choices")).hasSize(2);
        assertThat(two.at("/choices/1/message/content"))
                .isEqualTo(second.at("/choices/0/message/content"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{'messages': []}",
                "{'messages': 'hello'}",
                "{'messages': [{'role': 'king', 'content': 'a'}]}",
                "{'messages': [{'role': 'user'}]}",
                "{'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}]}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'temperature': -1}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'n': 0}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'top_logprobs': 3}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'tool_choice': 'required'}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'logit_bias': {'x': 1}}"
            })
    void whatIsNoRequestIsRefusedWithItsReason(String body) {
        Rig.Reply reply = rig.post(PATH, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(reply.json().at("/error/message").stringValue()).isNotBlank();
    }

    @Test
    void aConversationThatIsTooLongIsRefusedWithBothNumbers() {
        String text = "ab ".repeat(2000);
        Rig.Reply reply =
                rig.post(PATH, "{'messages': [{'role': 'user', 'content': '" + text + "'}]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/code").stringValue())
                .isEqualTo("context_length_exceeded");
    }
}
