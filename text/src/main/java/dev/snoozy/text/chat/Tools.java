package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The tools of a request, by name. Used by one thread at a time. */
final class Tools {
    private final Map<String, ToolDefinition> byName = new HashMap<>();
    private final Map<String, ParameterTypes> types = new HashMap<>();
    private final boolean any;

    Tools(ParserOptions options) {
        options.tools().forEach(tool -> byName.put(tool.name(), tool));
        any = options.anyTool();
    }

    /** Whether there may be calls at all. */
    boolean offered() {
        return any || !byName.isEmpty();
    }

    /** Whether a tool was offered by this name. */
    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Whether a call of this name is a call. */
    boolean accepts(String name) {
        return byName.containsKey(name) || any && isName(name);
    }

    /** What is known of the parameters of a tool. */
    ParameterTypes types(String name) {
        return types.computeIfAbsent(
                name,
                key -> {
                    ToolDefinition tool = byName.get(key);
                    return ParameterTypes.of(tool == null ? null : tool.parameters());
                });
    }

    /** The first of some names that was offered. */
    @Nullable String firstOf(String... names) {
        for (String name : names) {
            if (byName.containsKey(name)) {
                return name;
            }
        }
        return null;
    }

    private static boolean isName(String name) {
        if (name.isEmpty() || name.length() > 128) {
            return false;
        }
        return name.chars()
                .allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.');
    }
}
