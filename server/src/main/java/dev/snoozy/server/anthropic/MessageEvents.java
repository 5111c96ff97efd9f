package dev.snoozy.server.anthropic;

import dev.snoozy.engine.ChatReply;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.function.BiConsumer;

/**
 * An answer as a stream of Anthropic's events: the message starts, blocks start, grow and stop one
 * after the other, the message ends. Used by one thread, for one answer.
 */
final class MessageEvents {
    private final MessageJson json;
    private final BiConsumer<String, JsonNode> send;
    private String open = ""; // the type of the block that grows
    private int index = -1;
    private boolean hasInput;

    /**
     * A stream.
     *
     * @param send takes the name and the data of each event
     */
    MessageEvents(MessageJson json, BiConsumer<String, JsonNode> send) {
        this.json = json;
        this.send = send;
    }

    /** The message starts. */
    void start(int promptTokens) {
        ObjectNode event = event("message_start");
        event.set("message", json.begun(promptTokens));
        send(event);
        send(event("ping"));
    }

    /** What comes next. */
    void part(AnswerPart part) {
        switch (part) {
            case AnswerPart.Content(String text) -> {
                open("text", ContentBlocks.begunText());
                delta("text_delta", "text", text);
            }
            case AnswerPart.Reasoning(String text) -> {
                open("thinking", ContentBlocks.begunThinking());
                delta("thinking_delta", "thinking", text);
            }
            case AnswerPart.ToolCallStart start -> {
                stop();
                open("tool_use", ContentBlocks.begun(start));
                hasInput = false;
            }
            case AnswerPart.ToolCallArguments(int call, String fragment) -> {
                hasInput |= !fragment.isEmpty();
                delta("input_json_delta", "partial_json", fragment);
            }
            case AnswerPart.ToolCallEnd end -> {
                if (!hasInput) {
                    delta("input_json_delta", "partial_json", "{}");
                }
                stop();
            }
        }
    }

    /** The message ends; the counts are those of the whole answer. */
    void end(ChatReply reply) {
        stop();
        ObjectNode event = event("message_delta");
        MessageJson.ending(event.putObject("delta"), reply);
        event.set("usage", MessageJson.usage(reply.usage()));
        json.add(event, reply);
        send(event);
        send(event("message_stop"));
    }

    /** The answer breaks off. */
    void failed(HttpProblem problem) {
        send.accept("error", AnthropicErrors.of(problem));
    }

    private void open(String type, ObjectNode block) {
        if (open.equals(type)) {
            return;
        }
        stop();
        open = type;
        index++;
        ObjectNode event = event("content_block_start");
        event.put("index", index);
        event.set("content_block", block);
        send(event);
    }

    private void delta(String type, String field, String text) {
        ObjectNode event = event("content_block_delta");
        event.put("index", index);
        event.putObject("delta").put("type", type).put(field, text);
        send(event);
    }

    private void stop() {
        if (!open.isEmpty()) {
            open = "";
            send(event("content_block_stop").put("index", index));
        }
    }

    private static ObjectNode event(String type) {
        return Json.object().put("type", type);
    }

    private void send(ObjectNode event) {
        send.accept(event.get("type").stringValue(), event);
    }
}
