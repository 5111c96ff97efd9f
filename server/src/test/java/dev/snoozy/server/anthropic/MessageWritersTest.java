package dev.snoozy.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ChatReply;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.Timings;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers with reasoning and calls, which tiny random models do not give. */
class MessageWritersTest {
    private static final List<AnswerPart> PARTS =
            List.of(
                    new AnswerPart.Reasoning("I "),
                    new AnswerPart.Reasoning("see"),
                    new AnswerPart.Content("Let "),
                    new AnswerPart.Content("me"),
                    new AnswerPart.ToolCallStart(0, "call00000", "weather"),
                    new AnswerPart.ToolCallArguments(0, "{\"city\":"),
                    new AnswerPart.ToolCallArguments(0, "\"Bern\"}"),
                    new AnswerPart.ToolCallEnd(0),
                    new AnswerPart.ToolCallStart(1, "call00001", "time"),
                    new AnswerPart.ToolCallEnd(1));

    private static ChatReply reply(FinishReason reason, Optional<String> stop) {
        Generation generation =
                new Generation(
                        "",
                        List.of(),
                        List.of(),
                        List.of(),
                        reason,
                        stop,
                        false,
                        new TokenUsage(10, 4, 3),
                        new Timings(1, 2, 3, 4),
                        7);
        return new ChatReply(ChatMessage.assistant(""), reason, generation, 0, List.of());
    }

    @Test
    void blocksOfAKindAreOneAndInputsAreObjects() {
        ContentBlocks blocks = new ContentBlocks();
        PARTS.forEach(blocks::add);
        assertThat(Json.text(blocks.all()))
                .isEqualTo(
                        Json.text(
                                Json.parse(
                                        """
                                        [{"type":"thinking","thinking":"I see","signature":""},
                                        {"type":"text","text":"Let me"},
                                        {"type":"tool_use","id":"call00000","name":"weather",
                                         "input":{"city":"Bern"}},
                                        {"type":"tool_use","id":"call00001","name":"time",
                                         "input":{}}]
                                        """)));
    }

    @Test
    void aStreamOpensAndClosesItsBlocksOneAfterTheOther() {
        List<String> events = new ArrayList<>();
        MessageEvents writer =
                new MessageEvents(
                        new MessageJson("tiny", List.of(), Optional.empty()),
                        (name, data) -> events.add(brief(name, data)));
        writer.start(10);
        PARTS.forEach(writer::part);
        writer.end(reply(FinishReason.TOOL_CALLS, Optional.empty()));
        assertThat(events)
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start 0 thinking",
                        "content_block_delta 0 thinking_delta I ",
                        "content_block_delta 0 thinking_delta see",
                        "content_block_stop 0",
                        "content_block_start 1 text",
                        "content_block_delta 1 text_delta Let ",
                        "content_block_delta 1 text_delta me",
                        "content_block_stop 1",
                        "content_block_start 2 tool_use",
                        "content_block_delta 2 input_json_delta {\"city\":",
                        "content_block_delta 2 input_json_delta \"Bern\"}",
                        "content_block_stop 2",
                        "content_block_start 3 tool_use",
                        "content_block_delta 3 input_json_delta {}",
                        "content_block_stop 3",
                        "message_delta",
                        "message_stop");
    }

    private static String brief(String name, JsonNode data) {
        StringBuilder text = new StringBuilder(name);
        if (data.has("index")) {
            text.append(' ').append(data.get("index").intValue());
        }
        text.append(data.has("content_block") ? " " + word(data, "/content_block/type") : "");
        if (name.equals("content_block_delta")) {
            text.append(' ').append(word(data, "/delta/type")).append(' ');
            for (String field : List.of("text", "thinking", "partial_json")) {
                text.append(word(data, "/delta/" + field));
            }
        }
        return text.toString();
    }

    private static String word(JsonNode data, String pointer) {
        return data.at(pointer).asString("");
    }

    @Test
    void everyReasonToStopHasItsWord() {
        assertThat(reason(FinishReason.STOP, Optional.empty())).isEqualTo("end_turn null");
        assertThat(reason(FinishReason.STOP, Optional.of("x"))).isEqualTo("stop_sequence \"x\"");
        assertThat(reason(FinishReason.LENGTH, Optional.empty())).isEqualTo("max_tokens null");
        assertThat(reason(FinishReason.TOOL_CALLS, Optional.empty())).isEqualTo("tool_use null");
    }

    private static String reason(FinishReason reason, Optional<String> stop) {
        ObjectNode node = Json.object();
        MessageJson.ending(node, reply(reason, stop));
        return node.get("stop_reason").stringValue() + " " + Json.text(node.get("stop_sequence"));
    }

    @Test
    void inputTokensAreThoseThatWereNotCached() {
        assertThat(Json.text(MessageJson.usage(new TokenUsage(10, 4, 3))))
                .isEqualTo(
                        "{\"input_tokens\":6,\"cache_creation_input_tokens\":0,"
                                + "\"cache_read_input_tokens\":4,\"output_tokens\":3}");
    }

    @Test
    void aFailureInAStreamIsAnEventOfItsOwn() {
        List<String> events = new ArrayList<>();
        new MessageEvents(
                        new MessageJson("tiny", List.of(), Optional.empty()),
                        (name, data) -> events.add(name + " " + Json.text(data)))
                .failed(new HttpProblem(HttpProblem.Kind.FAILED, "broken"));
        assertThat(events)
                .containsExactly(
                        "error {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                                + "\"message\":\"broken\"}}");
    }
}
