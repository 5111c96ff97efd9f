package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What the reference server's tests of chat ask. */
class ChatCompletionCompatTest {
    private static final String PATH = "/chat/completions";
    private static final String BOOK =
            "'messages': [{'role': 'system', 'content': 'Book'},"
                    + " {'role': 'user', 'content': 'What is the best book'}]";
    private static final String CODE =
            "'messages': [{'role': 'system', 'content': 'You are a coding assistant.'},"
                    + " {'role': 'user', 'content': 'Write the fibonacci function in c++.'}]";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"false, 77, 8", "true, 104, 64"})
    void countsAreThoseOfTheReference(boolean code, int promptTokens, int predicted) {
        JsonNode json = rig.post(PATH, ask(code, "'max_tokens': " + predicted)).json();
        assertThat(json.get("id").stringValue()).contains("cmpl");
        assertThat(json.get("system_fingerprint").stringValue()).startsWith("b");
        assertThat(json.at("/usage/prompt_tokens").intValue()).isEqualTo(promptTokens);
        assertThat(json.at("/usage/completion_tokens").intValue()).isEqualTo(predicted);
        assertThat(json.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
        assertThat(json.at("/choices/0/finish_reason").stringValue()).isEqualTo("length");
        assertThat(json.get("model").stringValue()).isEqualTo("tinyllama-2");
    }

    @ParameterizedTest
    @CsvSource({"false, 77, 8", "true, 104, 64"})
    void aStreamCountsTheSame(boolean code, int promptTokens, int predicted) {
        List<String> events =
                rig.events(
                        PATH,
                        ask(
                                code,
                                "'stream': true, 'stream_options': {'include_usage': true},"
                                        + " 'max_tokens': "
                                        + predicted));
        JsonNode usage = Json.parse(events.get(events.size() - 2)).get("usage");
        assertThat(usage.get("prompt_tokens").intValue()).isEqualTo(promptTokens);
        assertThat(usage.get("completion_tokens").intValue()).isEqualTo(predicted);
        String id = Json.parse(events.getFirst()).get("id").stringValue();
        for (String event : events.subList(0, events.size() - 1)) {
            assertThat(Json.parse(event).get("id").stringValue()).isEqualTo(id);
        }
        JsonNode last = Json.parse(events.get(events.size() - 3)).at("/choices/0");
        assertThat(last.get("finish_reason").stringValue()).isEqualTo("length");
        assertThat(last.at("/delta/content").isMissingNode()).isTrue();
    }

    @Test
    void aTemplateThatIsOnlyTextIsThePrompt() {
        try (Rig text = new CompatRig().template("This is not a chat template, it is").stories()) {
            JsonNode json = text.post(PATH, ask(false, "'max_tokens': 8")).json();
            assertThat(json.at("/usage/prompt_tokens").intValue()).isEqualTo(23);
            assertThat(text.get("/props").json().get("chat_template").stringValue())
                    .isEqualTo("This is not a chat template, it is");
            assertThat(
                            text.post("/apply-template", "{" + BOOK + "}")
                                    .json()
                                    .get("prompt")
                                    .stringValue())
                    .isEqualTo("This is not a chat template, it is");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "'string'",
                "[123]",
                "[{}]",
                "[{'role': 123}]",
                "[{'role': 'system', 'content': 123}]",
                "[{'role': 'system', 'content': 'test'}, {}]"
            })
    void messagesThatAreNoneAreRefused(String messages) {
        Rig.Reply reply = rig.post(PATH, "{'messages': " + messages + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().has("error")).isTrue();
    }

    @Test
    void theTokensOfAnAnswerMakeItsText() {
        JsonNode choice =
                rig.post(
                                PATH,
                                ask(
                                        false,
                                        "'max_tokens': 5, 'temperature': 0, 'logprobs': true,"
                                                + " 'top_logprobs': 10"))
                        .json()
                        .at("/choices/0");
        assertTokens(choice, choice.at("/message/content").stringValue());
    }

    @Test
    void theTokensOfAStreamMakeItsText() {
        List<String> events =
                rig.events(
                        PATH,
                        ask(
                                false,
                                "'max_tokens': 5, 'temperature': 0, 'logprobs': true,"
                                        + " 'top_logprobs': 10, 'stream': true"));
        StringBuilder text = new StringBuilder();
        StringBuilder tokens = new StringBuilder();
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = Json.parse(event).at("/choices/0");
            text.append(choice.at("/delta/content").asString(""));
            choice.at("/logprobs/content")
                    .forEach(token -> tokens.append(token.get("token").stringValue()));
        }
        assertThat(tokens.toString()).isEqualTo(text.toString()).isNotEmpty();
    }

    private static void assertTokens(JsonNode choice, String text) {
        StringBuilder tokens = new StringBuilder();
        for (JsonNode token : choice.at("/logprobs/content")) {
            tokens.append(token.get("token").stringValue());
            assertThat(token.get("logprob").doubleValue()).isNotPositive();
            assertThat(token.get("bytes")).isNotEmpty();
            assertThat(token.get("top_logprobs")).isNotEmpty();
        }
        assertThat(tokens.toString()).isEqualTo(text);
    }

    private static String ask(boolean code, String more) {
        return "{" + (code ? CODE : BOOK) + ", " + more + "}";
    }
}
