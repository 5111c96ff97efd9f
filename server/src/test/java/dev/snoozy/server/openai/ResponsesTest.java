package dev.snoozy.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** Responses as OpenAI's clients ask for them. */
class ResponsesTest {
    private static final String PATH = "/v1/responses";
    private static final String ASK =
            "'model': 'tiny', 'input': 'ab cd', 'seed': 7, 'max_output_tokens': 8";

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
        Rig.Reply reply = rig.post(PATH, "{" + ASK + ", 'metadata': {'a': 'b'}, 'store': true}");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.get("object").stringValue()).isEqualTo("response");
        assertThat(json.at("/output/0/type").stringValue()).isEqualTo("message");
        assertThat(json.at("/output/0/content/0/type").stringValue()).isEqualTo("output_text");
        assertThat(json.at("/metadata/a").stringValue()).isEqualTo("b");
        assertThat(json.get("store").booleanValue()).isFalse();
        JsonNode usage = json.get("usage");
        assertThat(usage.get("total_tokens").intValue())
                .isEqualTo(
                        usage.get("input_tokens").intValue()
                                + usage.get("output_tokens").intValue());
        assertThat(usage.at("/input_tokens_details/cached_tokens").isInt()).isTrue();
        assertThat(usage.at("/output_tokens_details/reasoning_tokens").isInt()).isTrue();
    }

    @Test
    void anAnswerThatIsCutSaysSo() {
        JsonNode json =
                rig.post(PATH, "{" + ASK + ", 'ignore_eos': true, 'max_output_tokens': 3}").json();
        assertThat(json.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(json.at("/incomplete_details/reason").stringValue())
                .isEqualTo("max_output_tokens");
        assertThat(json.at("/usage/output_tokens").intValue()).isEqualTo(3);
    }

    @Test
    void aStreamTellsInOrderWhatAWholeAnswerSays() {
        String ask = ASK + ", 'ignore_eos': true";
        String whole =
                rig.post(PATH, "{" + ask + "}").json().at("/output/0/content/0/text").stringValue();
        List<JsonNode> events =
                rig.events(PATH, "{" + ask + ", 'stream': true}").stream()
                        .map(Json::parse)
                        .toList();
        List<String> types = events.stream().map(e -> e.get("type").stringValue()).toList();
        assertThat(types)
                .startsWith(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta")
                .endsWith(
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.incomplete");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).get("sequence_number").intValue()).isEqualTo(i);
            text.append(events.get(i).path("delta").asString(""));
        }
        assertThat(text.toString()).isEqualTo(whole);
        assertThat(events.getLast().at("/response/output/0/content/0/text").stringValue())
                .isEqualTo(whole);
    }

    @Test
    void reasoningAndCallsAreItemsOfTheirOwn() {
        List<String> types = new ArrayList<>();
        ResponsesOutput output = new ResponsesOutput((type, event) -> types.add(type));
        output.add(piece(new AnswerPart.Reasoning("hm")));
        output.add(piece(new AnswerPart.Content("so ")));
        output.add(piece(new AnswerPart.Content("be it")));
        output.add(
                piece(
                        new AnswerPart.ToolCallStart(0, "call_1", "add"),
                        new AnswerPart.ToolCallArguments(0, "{\"a\":1}"),
                        new AnswerPart.ToolCallEnd(0)));
        JsonNode items = output.end("completed");
        assertThat(types)
                .containsExactly(
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done");
        assertThat(items).hasSize(3);
        assertThat(items.at("/0/content/0/text").stringValue()).isEqualTo("hm");
        assertThat(items.at("/1/content/0/text").stringValue()).isEqualTo("so be it");
        assertThat(items.at("/2/call_id").stringValue()).isEqualTo("call_1");
        assertThat(items.at("/2/arguments").stringValue()).isEqualTo("{\"a\":1}");
    }

    private static ChatPiece piece(AnswerPart... parts) {
        return new ChatPiece(List.of(parts), List.of());
    }

    @Test
    void aConversationOfItemsIsTheSameAsOneOfMessages() {
        String items =
                "{'instructions': 'be', 'seed': 7, 'max_output_tokens': 4, 'input': ["
                        + "{'role': 'user', 'content': [{'type': 'input_text', 'text': 'ab'}]},"
                        + "{'type': 'reasoning', 'id': 'rs_1', 'summary': [],"
                        + " 'content': [{'type': 'reasoning_text', 'text': 'hm'}]},"
                        + "{'type': 'function_call', 'call_id': 'c1', 'name': 'f',"
                        + " 'arguments': '{}'},"
                        + "{'type': 'function_call_output', 'call_id': 'c1', 'output': 'cd'}]}";
        String messages =
                "{'seed': 7, 'max_tokens': 4, 'messages': ["
                        + "{'role': 'system', 'content': 'be'}, {'role': 'user', 'content': 'ab'},"
                        + "{'role': 'assistant', 'reasoning_content': 'hm', 'tool_calls': [{"
                        + "'id': 'c1', 'function': {'name': 'f', 'arguments': '{}'}}]},"
                        + "{'role': 'tool', 'tool_call_id': 'c1', 'content': 'cd'}]}";
        JsonNode response = rig.post(PATH, items).json();
        JsonNode chat = rig.post("/v1/chat/completions", messages).json();
        assertThat(response.at("/usage/input_tokens").intValue())
                .isEqualTo(chat.at("/usage/prompt_tokens").intValue());
        assertThat(response.at("/output/0/content/0/text"))
                .isEqualTo(chat.at("/choices/0/message/content"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'input': []}",
                "{'input': 3}",
                "{'input': 'a', 'previous_response_id': 'resp_1'}",
                "{'input': 'a', 'conversation': 'c'}",
                "{'input': 'a', 'background': true}",
                "{'input': 'a', 'truncation': 'some'}",
                "{'input': 'a', 'include': ['message.output_text.logprobs']}",
                "{'input': 'a', 'text': {'format': {'type': 'json_schema'}}}",
                "{'input': 'a', 'tools': [{'type': 'web_search'}]}",
                "{'input': [{'type': 'item_reference', 'id': 'x'}]}",
                "{'input': [{'role': 'user', 'content': [{'type': 'input_image'}]}]}",
                "{'input': [{'role': 'user', 'content': [{'type': 'input_file'}]}]}",
                "{'input': [{'type': 'function_call', 'call_id': 'a', 'name': 'b',"
                        + " 'arguments': '['}]}"
            })
    void whatIsNoRequestIsRefusedWithItsReason(String body) {
        Rig.Reply reply = rig.post(PATH, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(reply.json().at("/error/message").stringValue()).isNotBlank();
    }
}
