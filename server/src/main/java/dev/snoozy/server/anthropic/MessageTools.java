package dev.snoozy.server.anthropic;

import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.chat.ToolDefinition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tools as Anthropic's interface writes them. */
final class MessageTools {
    private static final int MOST_TOOLS = 256;
    private static final String CHOICE = "tool_choice";

    private MessageTools() {}

    /** The tools of a request. */
    static List<ToolDefinition> tools(Fields fields) {
        List<ToolDefinition> tools = new ArrayList<>();
        for (Fields tool : fields.objects("tools", MOST_TOOLS)) {
            String type = tool.string("type").orElse("custom");
            if (!type.equals("custom")) {
                throw HttpProblem.unsupported(
                        "tools of type " + type, "tools with an input_schema are");
            }
            String name = tool.requiredString("name");
            if (!name.matches("[A-Za-z0-9_.-]{1,128}")) {
                throw tool.invalid(
                        "name", "expected 1 to 128 letters, digits, _, - or ., found " + name);
            }
            Fields schema =
                    tool.fields("input_schema").orElseThrow(() -> tool.missing("input_schema"));
            tools.add(
                    new ToolDefinition(
                            name, tool.string("description").orElse(""), Json.text(schema.node())));
        }
        return tools;
    }

    /** Whether tools may, must or must not be called. */
    static ToolChoice choice(Fields fields, List<ToolDefinition> tools) {
        Optional<Fields> given = fields.fields(CHOICE);
        if (given.isEmpty()) {
            return ToolChoice.AUTO;
        }
        String type = given.get().requiredString("type");
        ToolChoice choice =
                switch (type) {
                    case "auto" -> ToolChoice.AUTO;
                    case "none" -> ToolChoice.NONE;
                    case "any" -> ToolChoice.REQUIRED;
                    case "tool" -> named(given.get(), tools);
                    default ->
                            throw given.get()
                                    .invalid(
                                            "type",
                                            "expected auto, any, tool or none, found " + type);
                };
        if (choice instanceof ToolChoice.Required && tools.isEmpty()) {
            throw fields.invalid(CHOICE, "expected tools to choose from, found none");
        }
        return choice;
    }

    /** Whether several tools may be called at once. */
    static boolean parallel(Fields fields) {
        return !fields.fields(CHOICE)
                .map(choice -> choice.bool("disable_parallel_tool_use", false))
                .orElse(false);
    }

    private static ToolChoice named(Fields choice, List<ToolDefinition> tools) {
        String name = choice.requiredString("name");
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw choice.invalid("name", "expected one of the tools, found " + name);
        }
        return new ToolChoice.Named(name);
    }
}
