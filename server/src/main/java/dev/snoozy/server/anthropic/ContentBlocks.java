package dev.snoozy.server.anthropic;

import dev.snoozy.server.generate.CallArguments;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.AnswerPart;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The blocks of an answer: parts of a kind that follow each other are one. Used by one thread, for
 * one answer.
 */
final class ContentBlocks {
    private final ArrayNode blocks = Json.array();
    private final StringBuilder text = new StringBuilder();
    private String open = ""; // the field of the last block that the text goes to

    /** Adds what comes next. */
    void add(AnswerPart part) {
        switch (part) {
            case AnswerPart.Content(String more) -> addText("text", more);
            case AnswerPart.Reasoning(String more) -> addText("thinking", more);
            case AnswerPart.ToolCallStart start -> {
                close();
                blocks.add(begun(start));
                open = "input";
            }
            case AnswerPart.ToolCallArguments(int index, String more) -> text.append(more);
            case AnswerPart.ToolCallEnd end -> close();
        }
    }

    private void addText(String field, String more) {
        if (!open.equals(field)) {
            close();
            blocks.add(field.equals("text") ? begunText() : begunThinking());
            open = field;
        }
        text.append(more);
    }

    /** Writes the text into the last block, which is complete. */
    private void close() {
        if (!open.isEmpty()) {
            ObjectNode last = (ObjectNode) blocks.get(blocks.size() - 1);
            if (open.equals("input")) {
                last.set(open, CallArguments.object(text.toString()));
            } else {
                last.put(open, text.toString());
            }
        }
        text.setLength(0);
        open = "";
    }

    /** The blocks, which are complete with this. */
    ArrayNode all() {
        close();
        return blocks;
    }

    /** A block of text, still empty. */
    static ObjectNode begunText() {
        return Json.object().put("type", "text").put("text", "");
    }

    /**
     * A block of reasoning, still empty. Clients want a signature, and there is nothing to sign.
     */
    static ObjectNode begunThinking() {
        return Json.object().put("type", "thinking").put("thinking", "").put("signature", "");
    }

    /** A block of a call whose input is still to come. */
    static ObjectNode begun(AnswerPart.ToolCallStart start) {
        ObjectNode block = Json.object();
        block.put("type", "tool_use");
        block.put("id", start.id());
        block.put("name", start.name());
        block.putObject("input");
        return block;
    }
}
