package dev.snoozy.text.chat;

import java.util.List;
import java.util.Map;

/** Calls of tools that are code themselves, behind Llama's {@code <|python_tag|>}. */
final class CodeCalls {
    private CodeCalls() {}

    /**
     * The call of a text: {@code brave_search.call(query="...")}, or else code for an interpreter.
     * Nothing if no such tool was offered.
     */
    static List<RawCall> of(String code, Tools tools) {
        List<RawCall> found = PythonValues.calls(code, tools);
        String tool = tools.firstOf("python", "ipython", "code_interpreter");
        if (!found.isEmpty() || tool == null || code.isBlank()) {
            return found;
        }
        String text = code.strip();
        if (text.startsWith("{") && JsonText.members(text) != null) {
            return List.of(new RawCall(null, tool, text));
        }
        String string = JsonText.string(text);
        String arguments = string == null ? null : JsonText.arguments(string);
        if (arguments == null) {
            String written = string == null ? code : string;
            arguments = PythonValues.object(Map.of("code", JsonText.quote(written)));
        }
        return List.of(new RawCall(null, tool, arguments));
    }
}
