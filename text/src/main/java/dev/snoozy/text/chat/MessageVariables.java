package dev.snoozy.text.chat;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Messages and tools as variables of a chat template, in the form that templates know. */
final class MessageVariables {
    private static final Pattern FUNCTIONS = Pattern.compile("\\bfunctions\\b");
    private static final Pattern TOOLS = Pattern.compile("\\btools\\b");
    private static final Pattern NINE = Pattern.compile("length\\s*(?:!=|==)\\s*9");
    private static final Pattern NINE_CHARACTERS = Pattern.compile("[A-Za-z0-9]{9}");

    private final String source;
    private final boolean nineCharacterIds;
    private final boolean countedIds;

    /** Whether the template wants tools as a text, as Firefunction's does. */
    private final boolean ownFunctions;

    MessageVariables(String source, Family family) {
        this.source = source;
        nineCharacterIds = NINE.matcher(source).find();
        ownFunctions = FUNCTIONS.matcher(source).find() && !TOOLS.matcher(source).find();
        countedIds = family.name().equals("kimi-k2");
    }

    /**
     * The variables {@code messages}, {@code tools} and what some templates want besides.
     *
     * @param guard goes over every text but the content of messages
     */
    Map<String, Object> of(
            List<TemplateMessage> messages,
            List<ToolDefinition> tools,
            TemplateProbe.CallForm form,
            UnaryOperator<String> guard) {
        Map<String, Object> variables = new HashMap<>();
        Map<String, String> ids = ids(messages);
        List<Object> list = new ArrayList<>();
        for (TemplateMessage message : messages) {
            list.add(message(message, form, ids, guard));
        }
        variables.put("messages", list);
        List<Object> described = new ArrayList<>();
        for (ToolDefinition tool : tools) {
            described.add(tool(tool, guard));
        }
        variables.put("tools", described.isEmpty() ? null : described);
        if (ownFunctions) {
            List<String> texts =
                    tools.stream().map(tool -> guard.apply(GenericTools.text(tool))).toList();
            variables.put("functions", texts.isEmpty() ? "" : "[" + String.join(", ", texts) + "]");
        }
        if (source.contains("datetime")) {
            variables.put("datetime", LocalDate.now().toString());
        }
        return variables;
    }

    private Map<String, Object> message(
            TemplateMessage message,
            TemplateProbe.CallForm form,
            Map<String, String> ids,
            UnaryOperator<String> guard) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("role", message.role());
        boolean none =
                form.noContent() && message.content().isEmpty() && !message.calls().isEmpty();
        result.put("content", none ? null : message.content());
        if (!message.reasoning().isEmpty()) {
            String reasoning = guard.apply(message.reasoning());
            result.put("reasoning_content", reasoning);
            for (String name : List.of("thinking", "reasoning", "thought")) {
                if (source.contains("." + name) || source.contains("['" + name + "']")) {
                    result.put(name, reasoning);
                }
            }
        }
        if (!message.calls().isEmpty()) {
            List<Object> calls = new ArrayList<>();
            for (ToolCall call : message.calls()) {
                calls.add(call(call, form, ids, guard));
            }
            result.put("tool_calls", calls);
        }
        if (message.role().equals("tool")) {
            String id = message.callId();
            result.put("tool_call_id", guard.apply(ids.getOrDefault(id, id)));
            result.put("name", guard.apply(message.toolName()));
        }
        return result;
    }

    private static Object call(
            ToolCall call,
            TemplateProbe.CallForm form,
            Map<String, String> ids,
            UnaryOperator<String> guard) {
        Object value = form.textArguments() ? null : JsonText.value(call.arguments());
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", guard.apply(call.name()));
        function.put(
                "arguments", value == null ? guard.apply(call.arguments()) : guarded(value, guard));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("id", guard.apply(ids.getOrDefault(call.id(), call.id())));
        result.put("type", "function");
        result.put("function", function);
        return result;
    }

    private static Object tool(ToolDefinition tool, UnaryOperator<String> guard) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", guard.apply(tool.name()));
        function.put("description", guard.apply(tool.description()));
        Object schema = JsonText.value(tool.parameters());
        if (schema == null) {
            schema = JsonText.value(ToolDefinition.NO_PARAMETERS);
        }
        function.put("parameters", guarded(schema, guard));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("type", "function");
        result.put("function", function);
        return result;
    }

    private static @Nullable Object guarded(@Nullable Object value, UnaryOperator<String> guard) {
        return switch (value) {
            case String text -> guard.apply(text);
            case List<?> list -> {
                List<@Nullable Object> result = new ArrayList<>();
                list.forEach(each -> result.add(guarded(each, guard)));
                yield result;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> result = new LinkedHashMap<>();
                map.forEach(
                        (key, each) -> result.put(guard.apply((String) key), guarded(each, guard)));
                yield result;
            }
            case null, default -> value;
        };
    }

    /** Ids that the template does not take, and what stands for them. */
    private Map<String, String> ids(List<TemplateMessage> messages) {
        Map<String, String> ids = new HashMap<>();
        int calls = 0;
        for (TemplateMessage message : messages) {
            for (ToolCall call : message.calls()) {
                String id = call.id();
                if (countedIds && !id.startsWith("functions.")) {
                    ids.put(id, "functions." + call.name() + ":" + calls);
                } else if (nineCharacterIds && !NINE_CHARACTERS.matcher(id).matches()) {
                    ids.put(id, ParserOptions.nineCharacters(calls));
                }
                calls++;
            }
        }
        return ids;
    }
}
