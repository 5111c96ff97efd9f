package dev.snoozy.text.chat;

/** A part of an answer, in the order in which the model wrote it. */
public sealed interface AnswerPart {
    /** Text for the reader. Never empty. */
    record Content(String text) implements AnswerPart {}

    /** Text of the model to itself. Never empty. */
    record Reasoning(String text) implements AnswerPart {}

    /**
     * A call begins.
     *
     * @param index which call of the answer, from 0
     * @param id the model's own name for this call, or one that was made for it
     * @param name of a tool
     */
    record ToolCallStart(int index, String id, String name) implements AnswerPart {}

    /**
     * A piece of the arguments of a call. All pieces of a call, joined, are the text of one JSON
     * object.
     */
    record ToolCallArguments(int index, String fragment) implements AnswerPart {}

    /** A call is complete. */
    record ToolCallEnd(int index) implements AnswerPart {}
}
