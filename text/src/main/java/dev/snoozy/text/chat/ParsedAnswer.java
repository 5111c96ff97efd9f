package dev.snoozy.text.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer taken apart.
 *
 * @param content for the reader; empty if there is none
 * @param reasoning of the model to itself; empty if there is none
 * @param calls in the order in which they were written
 */
public record ParsedAnswer(String content, String reasoning, List<ToolCall> calls) {
    public ParsedAnswer {
        calls = List.copyOf(calls);
    }

    /** Joins the parts of a whole answer. */
    public static ParsedAnswer of(Iterable<AnswerPart> parts) {
        StringBuilder content = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        StringBuilder arguments = new StringBuilder();
        AnswerPart.ToolCallStart start = null;
        for (AnswerPart part : parts) {
            switch (part) {
                case AnswerPart.Content(String text) -> content.append(text);
                case AnswerPart.Reasoning(String text) -> reasoning.append(text);
                case AnswerPart.ToolCallStart begun -> start = begun;
                case AnswerPart.ToolCallArguments(int index, String text) -> arguments.append(text);
                case AnswerPart.ToolCallEnd(int index) -> {
                    if (start != null) {
                        calls.add(new ToolCall(start.id(), start.name(), arguments.toString()));
                    }
                    arguments.setLength(0);
                }
            }
        }
        return new ParsedAnswer(content.toString(), reasoning.toString(), calls);
    }
}
