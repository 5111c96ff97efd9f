package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls that are written as JSON objects, with the names that the families give to members. */
final class JsonCalls {
    /** Members with which a call may begin. */
    static final Set<String> FIRST =
            Set.of(
                    "name",
                    "tool_name",
                    "function_name",
                    "function",
                    "type",
                    "id",
                    "tool_call_id",
                    "tool_call",
                    "tool_calls",
                    "arguments",
                    "parameters");

    private static final String[] NAME = {"name", "tool_name", "function_name"};
    private static final String[] ARGUMENTS = {
        "arguments", "parameters", "args", "input", "tool_input"
    };
    private static final String[] ID = {"id", "tool_call_id", "call_id"};

    private JsonCalls() {}

    /** The calls of an object; empty if it is none, or one of them is no call of these tools. */
    static List<RawCall> of(String text, Tools tools) {
        List<RawCall> calls = new ArrayList<>();
        return add(text, null, tools, calls) ? calls : List.of();
    }

    private static boolean add(
            String text, @Nullable String outerId, Tools tools, List<RawCall> calls) {
        Map<String, String> members = JsonText.members(text);
        if (members == null) {
            return false;
        }
        String list = members.get("tool_calls");
        if (list != null) {
            List<String> elements = JsonText.elements(list);
            return elements != null
                    && elements.stream().allMatch(element -> add(element, null, tools, calls));
        }
        String ownId = string(members, ID);
        String id = ownId != null ? ownId : outerId;
        for (String inner : new String[] {"tool_call", "function"}) {
            String object = members.get(inner);
            if (object != null && object.startsWith("{")) {
                return add(object, id, tools, calls);
            }
        }
        String name = string(members, NAME);
        if (name == null) {
            name = string(members, "function");
        }
        String arguments;
        if (name == null && members.size() == 1) { // {"name": {"argument": ...}}
            name = members.keySet().iterator().next();
            arguments = JsonText.arguments(members.get(name));
        } else {
            arguments = JsonText.arguments(first(members, ARGUMENTS));
        }
        if (name == null || arguments == null || !tools.accepts(name)) {
            return false;
        }
        calls.add(new RawCall(id, name, arguments));
        return true;
    }

    private static @Nullable String first(Map<String, String> members, String... names) {
        for (String name : names) {
            String text = members.get(name);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static @Nullable String string(Map<String, String> members, String... names) {
        String text = first(members, names);
        String value = text == null ? null : JsonText.string(text);
        return value == null || value.isEmpty() ? null : value;
    }
}
