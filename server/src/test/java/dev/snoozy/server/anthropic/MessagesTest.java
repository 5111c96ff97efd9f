package dev.snoozy.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Messages as Anthropic's clients ask for them. */
class MessagesTest {
    private static final String PATH = "/v1/messages";
    private static final String USER = "'messages': [{'role': 'user', 'content': 'ab cd'}]";
    private static final String ASK =
            USER + ", 'model': 'tiny', 'max_tokens': 8, 'seed': 7, 'top_k': 40";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.chat();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static JsonNode ask(String fields) {
        Rig.Reply reply = rig.post(PATH, "{" + fields + "}");
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(200);
        return reply.json();
    }

    private static String text(JsonNode message) {
        StringBuilder text = new StringBuilder();
        message.get("content").forEach(block -> text.append(block.path("text").asString("")));
        return text.toString();
    }

    @Test
    void answersWithAMessageInBlocks() {
        JsonNode json = ask(ASK);
        assertThat(json.get("id").stringValue()).startsWith("msg_");
        assertThat(json.get("type").stringValue()).isEqualTo("message");
        assertThat(json.get("role").stringValue()).isEqualTo("assistant");
        assertThat(json.get("model").stringValue()).isEqualTo("tiny");
        assertThat(json.at("/content/0/type").stringValue()).isEqualTo("text");
        assertThat(json.get("stop_reason").stringValue()).isIn("max_tokens", "end_turn");
        assertThat(json.get("stop_sequence").isNull()).isTrue();
        assertThat(json.at("/usage/output_tokens").intValue()).isBetween(1, 8);
    }

    @Test
    void whatWasCachedIsNoInput() {
        String fields = ASK.replace("ab cd", "zy xw vu ts rq po nm lk ji hg fe dc ba ".repeat(4));
        JsonNode first = ask(fields).get("usage");
        JsonNode second = ask(fields).get("usage");
        assertThat(second.get("cache_read_input_tokens").intValue()).isPositive();
        assertThat(total(second)).isEqualTo(total(first));
    }

    private static int total(JsonNode usage) {
        return usage.get("input_tokens").intValue()
                + usage.get("cache_read_input_tokens").intValue()
                + usage.get("cache_creation_input_tokens").intValue();
    }

    @Test
    void theTokensOfARequestAreThoseItIsCountedWith() {
        JsonNode usage = ask(ASK).get("usage");
        Rig.Reply counted = rig.post(PATH + "/count_tokens", "{'model': 'tiny', " + USER + "}");
        assertThat(counted.status()).isEqualTo(200);
        assertThat(counted.json().get("input_tokens").intValue()).isEqualTo(total(usage));
    }

    @Test
    void aConversationThatIsTooLongIsCountedAndNotAnswered() {
        String fields = "{" + ASK.replace("ab cd", "ab ".repeat(2000)) + "}";
        Rig.Reply counted = rig.post(PATH + "/count_tokens", fields);
        assertThat(counted.json().get("input_tokens").intValue()).isGreaterThan(256);
        Rig.Reply refused = rig.post(PATH, fields);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/message").stringValue()).contains("256");
    }

    @Test
    void aStreamHasItsEventsInOrderAndSaysTheSame() {
        List<JsonNode> events = events(ASK + ", 'stream': true");
        List<String> types = events.stream().map(e -> e.get("type").stringValue()).toList();
        assertThat(types.subList(0, 3))
                .containsExactly("message_start", "ping", "content_block_start");
        assertThat(types.subList(types.size() - 3, types.size()))
                .containsExactly("content_block_stop", "message_delta", "message_stop");
        assertThat(types.subList(3, types.size() - 3)).containsOnly("content_block_delta");
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            text.append(event.at("/delta/text").asString(""));
        }
        JsonNode whole = ask(ASK);
        assertThat(text.toString()).isEqualTo(text(whole));
        JsonNode start = events.getFirst().get("message");
        assertThat(start.get("content")).isEmpty();
        assertThat(start.get("stop_reason").isNull()).isTrue();
        assertThat(total(start.get("usage"))).isEqualTo(total(whole.get("usage")));
        JsonNode end = events.get(events.size() - 2);
        assertThat(end.at("/delta/stop_reason")).isEqualTo(whole.get("stop_reason"));
        assertThat(end.at("/usage/output_tokens")).isEqualTo(whole.at("/usage/output_tokens"));
    }

    /** The data of each event, whose name must be its type. */
    private static List<JsonNode> events(String fields) {
        String body =
                rig.send(
                                HttpRequest.newBuilder(URI.create(rig.url() + PATH))
                                        .header("Content-Type", "application/json")
                                        .header("anthropic-version", "2023-06-01")
                                        .header("x-api-key", "none")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "{" + fields.replace('\'', '"') + "}")))
                        .http()
                        .body();
        List<JsonNode> events = new ArrayList<>();
        for (String block : body.split("\n\n")) {
            String[] lines = block.split("\n");
            assertThat(lines).hasSize(2);
            JsonNode data = Json.parse(lines[1].substring("data: ".length()));
            assertThat(lines[0]).isEqualTo("event: " + data.get("type").stringValue());
            events.add(data);
        }
        return events;
    }

    @Test
    void aStopSequenceEndsTheAnswerAndIsNamed() {
        String whole = text(ask(ASK));
        String stop = whole.substring(2, 3);
        assertThat(stop).isNotIn("\"", "'", "\\");
        JsonNode json = ask(ASK + ", 'stop_sequences': ['" + stop + "']");
        assertThat(json.get("stop_reason").stringValue()).isEqualTo("stop_sequence");
        assertThat(json.get("stop_sequence").stringValue()).isEqualTo(stop);
        assertThat(text(json)).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    }

    @Test
    void aBudgetOfThinkingIsSaidNotToBeEnforced() {
        JsonNode json = ask(ASK + ", 'thinking': {'type': 'enabled', 'budget_tokens': 2048}");
        assertThat(json.get("warning").stringValue()).contains("budget_tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'messages': [] | messages",
                "'messages': 'hello' | messages",
                "'messages': [1] | messages[0]",
                "'messages': [{'role': 'king', 'content': 'a'}] | messages[0].role",
                "'messages': [{'role': 1, 'content': 'a'}] | messages[0].role",
                "'messages': [{'role': 'user'}] | messages[0].content",
                "'messages': [{'role': 'user', 'content': 1}] | messages[0].content",
                "'messages': [{'role': 'user', 'content': []}] | messages[0].content",
                "'messages': [{'role': 'user', 'content': [{'type': 'image'}]}] | image",
                "'messages': [{'role': 'user', 'content': [{'type': 'document'}]}] | document",
                "'messages': [{'role': 'user', 'content': [{'type': 7}]}] | content[0].type",
                "'messages': [{'role': 'user', 'content': [{'type': 'text'}]}] | content[0].text",
                "'messages': [{'role': 'user', 'content': [{'type': 'tool_result', 'tool_use_id':"
                        + " 'x'}]}] | tool_use_id",
                "'messages': [{'role': 'assistant', 'content': [{'type': 'tool_use', 'id': 'x',"
                        + " 'name': 'y', 'input': 'z'}]}] | content[0].input",
                "'messages': [{'role': 'assistant', 'content': 'a'}] | end",
                "'system': 3 | system",
                "'system': [{'type': 'image'}] | image",
                "'max_tokens': 'many' | max_tokens",
                "'max_tokens': 0 | max_tokens",
                "'max_tokens': null | max_tokens",
                "'stream': 'yes' | stream",
                "'temperature': [] | temperature",
                "'top_p': 2 | top_p",
                "'top_k': 'x' | top_k",
                "'stop_sequences': [1] | stop_sequences[0]",
                "'stop_sequences': {} | stop_sequences",
                "'stop_sequences': ['\\ud800'] | stop_sequences",
                "'tools': {} | tools",
                "'tools': [{'name': 'a b', 'input_schema': {}}] | tools[0].name",
                "'tools': [{'name': 'a'}] | tools[0].input_schema",
                "'tools': [{'name': 'a', 'input_schema': []}] | tools[0].input_schema",
                "'tools': [{'type': 'web_search_20250305', 'name': 'a'}] | web_search_20250305",
                "'tools': [{'name': 'a', 'input_schema': {}}, {'name': 'a', 'input_schema': {}}]"
                        + " | twice",
                "'tool_choice': 'auto' | tool_choice",
                "'tool_choice': {'type': 'all'} | tool_choice.type",
                "'tool_choice': {'type': 'any'} | tool_choice",
                "'tool_choice': {'type': 'tool', 'name': 'a'} | tool_choice.name",
                "'thinking': true | thinking",
                "'thinking': {'type': 'much'} | thinking.type",
                "'thinking': {'type': 'enabled', 'budget_tokens': -1} | budget_tokens",
                "'output_format': {'type': 'json_schema'} | output_format",
                "'output_config': {'format': {}} | output_config.format",
                "'mcp_servers': [] | mcp_servers",
                "'context_management': [] | context_management",
                "'context_management': {'edits': [{'type': 'clear_tool_uses_20250919'}]}"
                        + " | context_management.edits[0].type",
                "'model': 5 | model"
            })
    void whatIsNoRequestIsRefusedByName(String field, String name) {
        String kept = field.contains("'messages'") ? "'max_tokens': 4" : USER + ", 'max_tokens': 4";
        String changed = field.contains("'max_tokens'") ? USER : kept;
        Rig.Reply reply = rig.post(PATH, "{" + changed + ", " + field + "}");
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(400);
        assertThat(reply.json().get("type").stringValue()).isEqualTo("error");
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(reply.json().at("/error/message").stringValue()).contains(name);
    }

    @Test
    void clearingNothingIsGranted() {
        ask(
                ASK
                        + ", 'context_management': {'edits': [{'type': 'clear_thinking_20251015',"
                        + " 'keep': 'all'}]}");
    }

    @Test
    void maxTokensMustBeThere() {
        Rig.Reply reply = rig.post(PATH, "{" + USER + "}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue()).contains("max_tokens");
    }

    @Test
    void anUnknownModelIsNotFound() {
        Rig.Reply reply = rig.post(PATH, "{" + ASK.replace("tiny", "claude") + "}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("not_found_error");
    }

    @Test
    void whatIsNoTextIsRefusedAsWell() {
        Rig.Reply reply = rig.post(PATH, "{" + ASK.replace("tiny", "\\ud800") + "}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(rig.post(PATH, "{" + ASK.replace("ab", "\\ud800") + "}").status())
                .isIn(200, 400);
    }

    @Test
    @Timeout(60)
    void aClientThatLeavesEndsItsAnswer() throws IOException {
        String body =
                "{" + ASK.replace("'max_tokens': 8", "'max_tokens': 200") + ", 'stream': true}";
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
            socket.getOutputStream()
                    .write(
                            ("POST "
                                            + PATH
                                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                                            + " application/json\r\nContent-Length: "
                                            + bytes.length
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
        }
        while (rig.server().models().loaded().getFirst().active() > 0) {
            Thread.onSpinWait();
        }
        assertThat(ask(ASK).get("content")).isNotEmpty();
    }
}
