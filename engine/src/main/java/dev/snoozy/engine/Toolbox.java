package dev.snoozy.engine;

import dev.snoozy.engine.bind.JsonTree;
import dev.snoozy.engine.bind.TypeSchema;
import dev.snoozy.text.chat.ToolCall;
import dev.snoozy.text.chat.ToolDefinition;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Java methods that a model may call. The schema of their parameters is derived from their types:
 * records, enums, strings, numbers, booleans, lists, maps from strings, and {@code Optional} for
 * what may be left out. Names of parameters come from the class file, so compile with {@code
 * -parameters}; or give the tool a record, whose names are always there.
 *
 * <p>For example:
 *
 * {@snippet file="Examples.java" region="tools"}
 *
 * <p>Immutable; as thread-safe as the methods in it.
 */
public final class Toolbox {
    private interface Call {
        @Nullable Object run(String arguments) throws InvocationTargetException;
    }

    private record Entry(ToolDefinition definition, Call call) {}

    private final Map<String, Entry> entries;

    private Toolbox(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /** No tools. */
    public static Toolbox empty() {
        return new Toolbox(Map.of());
    }

    /**
     * The methods of some objects that are marked with {@link Tool}.
     *
     * @throws IllegalArgumentException if an object has none, a parameter has no schema or no name,
     *     or two have the same name
     */
    public static Toolbox of(Object... holders) {
        Toolbox box = empty();
        for (Object holder : holders) {
            boolean found = false;
            for (Method method : holder.getClass().getDeclaredMethods()) {
                Tool tool = method.getAnnotation(Tool.class);
                if (tool != null) {
                    box = box.with(entry(holder, method, tool));
                    found = true;
                }
            }
            if (!found) {
                throw new IllegalArgumentException(
                        holder.getClass().getName()
                                + ": expected methods marked with @Tool, found none");
            }
        }
        return box;
    }

    /**
     * These tools and another, whose parameters are the components of a record.
     *
     * @param name what the model calls it
     * @param description what it does, for the model
     */
    public <T extends Record> Toolbox with(
            String name, String description, Class<T> parameters, Function<T, ?> function) {
        ToolDefinition definition =
                new ToolDefinition(name, description, TypeSchema.of(parameters));
        return with(
                new Entry(
                        definition,
                        arguments -> function.apply(JsonTree.readPresent(arguments, parameters))));
    }

    private Toolbox with(Entry entry) {
        String name = entry.definition().name();
        Map<String, Entry> all = new LinkedHashMap<>(entries);
        if (all.put(name, entry) != null) {
            throw new IllegalArgumentException(
                    "tools: expected different names, found " + name + " twice");
        }
        return new Toolbox(all);
    }

    private static Entry entry(Object holder, Method method, Tool tool) {
        List<TypeSchema.Parameter> parameters = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            if (!parameter.isNamePresent()) {
                throw new IllegalArgumentException(
                        method
                                + ": the names of its parameters are not known; cure: compile with"
                                + " -parameters, or give the tool a record");
            }
            parameters.add(
                    new TypeSchema.Parameter(
                            parameter.getName(), parameter.getParameterizedType(), parameter));
        }
        String name = tool.name().isEmpty() ? method.getName() : tool.name();
        method.setAccessible(true);
        return new Entry(
                new ToolDefinition(name, tool.value(), TypeSchema.of(parameters)),
                arguments -> invoke(holder, method, parameters, arguments));
    }

    private static @Nullable Object invoke(
            Object holder, Method method, List<TypeSchema.Parameter> parameters, String arguments)
            throws InvocationTargetException {
        Map<String, @Nullable Object> members = JsonTree.members(arguments);
        @Nullable Object[] values = new Object[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            TypeSchema.Parameter parameter = parameters.get(i);
            values[i] =
                    JsonTree.bind(
                            members.get(parameter.name()), parameter.type(), parameter.name());
        }
        try {
            return method.invoke(holder, values);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the method was made accessible", e);
        }
    }

    /** What the model is told of the tools. */
    public List<ToolDefinition> definitions() {
        return entries.values().stream().map(Entry::definition).toList();
    }

    /**
     * Does what a model asks for. The result is text, or JSON of what the method returns. What goes
     * wrong is told to the model, which may try again; so is a call of a tool that there is not.
     */
    public ChatMessage call(ToolCall call) {
        Entry entry = entries.get(call.name());
        if (entry == null) {
            return ChatMessage.tool(
                    call, "error: no tool " + call.name() + "; there are " + entries.keySet());
        }
        try {
            Object result = entry.call().run(call.arguments());
            return ChatMessage.tool(
                    call, result instanceof String text ? text : JsonTree.text(result));
        } catch (InvocationTargetException e) {
            return ChatMessage.tool(call, "error: " + e.getCause());
        } catch (RuntimeException e) {
            return ChatMessage.tool(call, "error: " + e.getMessage());
        }
    }
}
