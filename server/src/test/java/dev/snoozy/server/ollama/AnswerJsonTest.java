package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.ChatPiece;
import dev.snoozy.engine.FinishReason;
import dev.snoozy.engine.Generation;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Timings;
import dev.snoozy.engine.TokenUsage;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers with reasoning and calls, which tiny random models do not give. */
class AnswerJsonTest {
    private static final List<AnswerPart> PARTS =
            List.of(
                    new AnswerPart.Reasoning("hm"),
                    new AnswerPart.Content("look"),
                    new AnswerPart.ToolCallStart(0, "call00000", "weather"),
                    new AnswerPart.ToolCallArguments(0, "{\"city\":"),
                    new AnswerPart.ToolCallArguments(0, "\"Bern\"}"),
                    new AnswerPart.ToolCallEnd(0),
                    new AnswerPart.ToolCallStart(1, "call00001", "time"),
                    new AnswerPart.ToolCallEnd(1));
    private static final String CALLS =
            "[{\"id\":\"call00000\",\"function\":{\"name\":\"weather\",\"arguments\":"
                    + "{\"city\":\"Bern\"}}},{\"id\":\"call00001\",\"function\":{\"name\":\"time\","
                    + "\"arguments\":{}}}]";

    private static final Answer.Ending ENDING =
            new Answer.Ending(
                    new Generation(
                            "",
                            List.of(),
                            List.of(),
                            List.of(),
                            FinishReason.STOP,
                            Optional.empty(),
                            false,
                            new TokenUsage(10, 4, 3),
                            new Timings(1.5, 2, 3, 4),
                            7),
                    FinishReason.TOOL_CALLS,
                    List.of("careful"),
                    Optional.empty());

    private static AnswerJson json(boolean isChat) {
        return new AnswerJson("tiny", isChat, null, System.nanoTime(), 5);
    }

    @Test
    void aWholeAnswerHasItsCallsAsObjects() {
        JsonNode node = json(true).whole(PARTS, ENDING);
        assertThat(node.at("/message/thinking").stringValue()).isEqualTo("hm");
        assertThat(node.at("/message/content").stringValue()).isEqualTo("look");
        assertThat(Json.text(node.at("/message/tool_calls"))).isEqualTo(CALLS);
        assertThat(node.get("done_reason").stringValue()).isEqualTo("stop");
        assertThat(node.get("prompt_eval_count").intValue()).isEqualTo(10);
        assertThat(node.get("prompt_eval_duration").longValue()).isEqualTo(1_500_000);
        assertThat(node.get("eval_count").intValue()).isEqualTo(3);
        assertThat(node.get("eval_duration").longValue()).isEqualTo(2_000_000);
        assertThat(node.get("load_duration").longValue()).isEqualTo(5);
        assertThat(node.get("warning").stringValue()).isEqualTo("careful");
    }

    @Test
    void aStreamHasALineForEachPartAndForEachWholeCall() {
        AnswerJson json = json(true);
        List<String> messages = new ArrayList<>();
        for (AnswerPart part : PARTS) {
            for (ObjectNode line : json.lines(new ChatPiece(List.of(part), List.of()))) {
                assertThat(line.get("done").booleanValue()).isFalse();
                messages.add(Json.text(line.get("message")));
            }
        }
        assertThat(messages)
                .containsExactly(
                        "{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\"}",
                        "{\"role\":\"assistant\",\"content\":\"look\"}",
                        "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":"
                                + "[{\"id\":\"call00000\",\"function\":{\"name\":\"weather\","
                                + "\"arguments\":{\"city\":\"Bern\"}}}]}",
                        "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":"
                                + "[{\"id\":\"call00001\",\"function\":{\"name\":\"time\","
                                + "\"arguments\":{}}}]}");
        JsonNode last = json.last(ENDING);
        assertThat(last.get("done").booleanValue()).isTrue();
        assertThat(Json.text(last.get("message")))
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    }

    @Test
    void aFailureIsTheLastLineOfAStream() {
        List<ObjectNode> lines = new ArrayList<>();
        Answer broken =
                new Answer() {
                    @Override
                    public Ending read(Consumer<ChatPiece> onPiece) {
                        onPiece.accept(new ChatPiece(PARTS.subList(1, 2), List.of()));
                        throw new ModelException("it broke");
                    }

                    @Override
                    public void close() {}
                };
        Turn.send(lines::add, broken, json(true));
        assertThat(lines).hasSize(2);
        assertThat(Json.text(lines.getLast())).isEqualTo("{\"error\":\"it broke\"}");
    }

    @Test
    void aResponseHasItsThinkingBesideIt() {
        JsonNode node = json(false).whole(PARTS.subList(0, 2), ENDING);
        assertThat(node.get("response").stringValue()).isEqualTo("look");
        assertThat(node.get("thinking").stringValue()).isEqualTo("hm");
        assertThat(node.has("message")).isFalse();
    }
}
