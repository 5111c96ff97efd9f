package dev.snoozy.text.chat;

/**
 * A tool that a model may call.
 *
 * @param name of the tool
 * @param description what it does; may be empty
 * @param parameters the text of a JSON Schema of an object, whose properties are the parameters
 */
public record ToolDefinition(String name, String description, String parameters) {
    /** A schema without parameters. */
    public static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";
}
