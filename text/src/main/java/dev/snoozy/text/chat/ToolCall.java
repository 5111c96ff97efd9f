package dev.snoozy.text.chat;

/**
 * A call that a model asks for.
 *
 * @param id the model's own name for this call, or one that was made for it
 * @param name of a tool
 * @param arguments the text of a JSON object
 */
public record ToolCall(String id, String name, String arguments) {}
