package dev.snoozy.text.chat;

/**
 * The texts around reasoning.
 *
 * @param start what begins it, for example {@code <think>}
 * @param end what ends it, for example {@code </think>}
 */
public record ReasoningMarks(String start, String end) {}
