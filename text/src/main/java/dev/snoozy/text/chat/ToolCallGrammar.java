package dev.snoozy.text.chat;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The texts in which a model calls tools, as a grammar: nothing else can be written then. */
final class ToolCallGrammar {
    /** The most calls of one answer. */
    private static final int MOST_CALLS = 16;

    /** Longest string between tags that is let through, in characters. */
    private static final int LONGEST = 4096;

    /** A shorter end of a prompt is no mark that a call has begun with. */
    private static final int SHORTEST_MARK = 3;

    private static final Grammar ANY_JSON = Grammar.jsonSchema("{}");

    private final ToolCallSyntax syntax;

    private ToolCallGrammar(ToolCallSyntax syntax) {
        this.syntax = syntax;
    }

    /**
     * One or more calls.
     *
     * @param tools those that may be called, at least one
     * @param several whether more than one call may be written
     * @param promptEnd the end of the prompt, which may have begun the first call
     * @throws TextException if the schema of a tool cannot be followed, with the tool's name
     */
    static Grammar of(
            ToolCallSyntax syntax, List<ToolDefinition> tools, boolean several, String promptEnd) {
        ToolCallGrammar grammar = new ToolCallGrammar(syntax);
        String start = syntax.begin() + syntax.prefix();
        int begun = begun(start, promptEnd);
        List<Grammar> first = new ArrayList<>();
        List<Grammar> calls = new ArrayList<>();
        for (ToolDefinition tool : tools) {
            try {
                Grammar rest = grammar.afterPrefix(tool);
                first.add(prefixed(start.substring(begun), rest));
                calls.add(prefixed(syntax.prefix(), rest));
            } catch (TextException e) {
                throw new TextException("tool " + tool.name() + ": " + e.getMessage());
            }
        }
        Grammar call = Grammar.anyOf(calls);
        List<Grammar> parts = new ArrayList<>();
        parts.add(Grammar.anyOf(first));
        if (several && syntax.parallel()) {
            List<Grammar> further = new ArrayList<>();
            text(further, syntax.separator());
            further.add(call);
            parts.add(Grammar.repeat(sequence(further), 0, MOST_CALLS - 1));
        }
        text(parts, syntax.end());
        return sequence(parts);
    }

    /** How much of the start of a call stands at the end of the prompt. */
    private static int begun(String start, String promptEnd) {
        for (int length = Math.min(start.length(), promptEnd.length());
                length >= SHORTEST_MARK;
                length--) {
            if (promptEnd.endsWith(start.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }

    private static Grammar prefixed(String text, Grammar rest) {
        return text.isEmpty() ? rest : Grammar.sequence(Grammar.literal(text), rest);
    }

    private Grammar afterPrefix(ToolDefinition tool) {
        List<Grammar> parts = new ArrayList<>();
        text(parts, tool.name() + syntax.middle());
        parts.add(
                switch (syntax.arguments()) {
                    case ToolCallSyntax.Arguments.Json json ->
                            Grammar.jsonSchema(tool.parameters());
                    case ToolCallSyntax.Arguments.Tagged tagged -> tagged(tool, tagged);
                    case ToolCallSyntax.Arguments.Keywords keywords -> keywords(tool);
                    case ToolCallSyntax.Arguments.Bare(String quote) -> bare(tool, quote);
                });
        text(parts, syntax.suffix());
        return sequence(parts);
    }

    /** {@code <name>value</name>}, in the order of the schema. */
    private static Grammar tagged(ToolDefinition tool, ToolCallSyntax.Arguments.Tagged tags) {
        List<Grammar> parts = new ArrayList<>();
        for (Parameter parameter : Parameter.all(tool)) {
            String behind = parameter.isString() ? tags.stringAttribute() : tags.afterName();
            Grammar one =
                    Grammar.sequence(
                            Grammar.literal(tags.beforeName() + parameter.name() + behind),
                            parameter.isString() ? parameter.text() : parameter.json(),
                            Grammar.literal(tags.afterValue()));
            parts.add(parameter.required() ? one : Grammar.repeat(one, 0, 1));
        }
        return sequence(parts);
    }

    /** {@code name="text", other=3}. */
    private static Grammar keywords(ToolDefinition tool) {
        return listed(tool, "=", ToolCallGrammar::python);
    }

    /** {@code {name:<quote>text<quote>,other:3}}. */
    private static Grammar bare(ToolDefinition tool, String quote) {
        Grammar mark = Grammar.literal(quote);
        return Grammar.sequence(
                Grammar.literal("{"),
                listed(
                        tool,
                        ":",
                        parameter ->
                                parameter.isString()
                                        ? Grammar.sequence(mark, parameter.text(), mark)
                                        : parameter.json()),
                Grammar.literal("}"));
    }

    private interface Value {
        Grammar of(Parameter parameter);
    }

    /** Parameters with commas between them: all that are required, and some of the others. */
    private static Grammar listed(ToolDefinition tool, String between, Value value) {
        List<Grammar> required = new ArrayList<>();
        List<Grammar> optional = new ArrayList<>();
        for (Parameter parameter : Parameter.all(tool)) {
            Grammar one =
                    Grammar.sequence(
                            Grammar.literal(parameter.name() + between), value.of(parameter));
            (parameter.required() ? required : optional).add(one);
        }
        Grammar comma = Grammar.literal(", ");
        if (required.isEmpty()) {
            // Any of the optional ones may be the first.
            List<Grammar> ways = new ArrayList<>();
            for (int first = 0; first < optional.size(); first++) {
                List<Grammar> way = new ArrayList<>(List.of(optional.get(first)));
                for (Grammar later : optional.subList(first + 1, optional.size())) {
                    way.add(Grammar.repeat(Grammar.sequence(comma, later), 0, 1));
                }
                ways.add(sequence(way));
            }
            return ways.isEmpty() ? sequence(List.of()) : Grammar.repeat(Grammar.anyOf(ways), 0, 1);
        }
        List<Grammar> parts = new ArrayList<>();
        for (Grammar one : required) {
            if (!parts.isEmpty()) {
                parts.add(comma);
            }
            parts.add(one);
        }
        for (Grammar one : optional) {
            parts.add(Grammar.repeat(Grammar.sequence(comma, one), 0, 1));
        }
        return sequence(parts);
    }

    private static Grammar python(Parameter parameter) {
        return parameter.type().equals("boolean")
                ? Grammar.choice(List.of("True", "False"))
                : parameter.json();
    }

    private static void text(List<Grammar> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(Grammar.literal(text));
        }
    }

    private static Grammar sequence(List<Grammar> parts) {
        return Grammar.sequence(parts.toArray(Grammar[]::new));
    }

    /**
     * A parameter of a tool.
     *
     * @param schema its own schema as JSON, able to stand alone
     * @param type its type, "" if the schema does not say one
     * @param options the strings that it must be one of; null if it may be any
     */
    private record Parameter(
            String name,
            String schema,
            String type,
            @Nullable List<String> options,
            boolean required) {
        private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");

        static List<Parameter> all(ToolDefinition tool) {
            Map<String, String> members = JsonText.members(tool.parameters());
            if (members == null) {
                throw new TextException("parameters: expected a JSON Schema, found other text");
            }
            Map<String, String> properties =
                    JsonText.members(members.getOrDefault("properties", "{}"));
            Object required = JsonText.value(members.getOrDefault("required", "[]"));
            List<Parameter> parameters = new ArrayList<>();
            if (properties == null) {
                throw new TextException("properties: expected an object, found other JSON");
            }
            properties.forEach((name, schema) ->
                    parameters.add(
                            of(
                                    name,
                                    alone(schema, members),
                                    required instanceof List<?> list && list.contains(name))));
            return parameters;
        }

        private static Parameter of(String name, String schema, boolean required) {
            Object type = null;
            List<String> options = null;
            if (JsonText.value(schema) instanceof Map<?, ?> map) {
                type = map.get("type");
                if (map.get("enum") instanceof List<?> list
                        && list.stream().allMatch(String.class::isInstance)) {
                    options = list.stream().map(String.class::cast).toList();
                    type = "string";
                }
            }
            return new Parameter(
                    name, schema, type instanceof String one ? one : "", options, required);
        }

        /** A schema with the definitions that it may refer to. */
        private static String alone(String schema, Map<String, String> root) {
            Map<String, String> members = JsonText.members(schema);
            if (members == null || root.keySet().stream().noneMatch(DEFINITIONS::contains)) {
                return schema;
            }
            Map<String, String> all = new LinkedHashMap<>(members);
            for (String name : DEFINITIONS) {
                String definitions = root.get(name);
                if (definitions != null) {
                    all.put(name, definitions);
                }
            }
            StringBuilder text = new StringBuilder("{");
            all.forEach((name, value) -> {
                text.append(text.length() > 1 ? "," : "");
                text.append(JsonText.quote(name)).append(':').append(value);
            });
            return text.append('}').toString();
        }

        boolean isString() {
            return type.equals("string");
        }

        /** A string that stands without quotation marks, and so without what ends it. */
        Grammar text() {
            if (options != null) {
                return Grammar.choice(options);
            }
            Map<?, ?> map = JsonText.value(schema) instanceof Map<?, ?> found ? found : Map.of();
            for (String keyword : List.of("pattern", "format", "const")) {
                if (map.containsKey(keyword)) {
                    throw new TextException(
                            "parameter "
                                    + name
                                    + ": "
                                    + keyword
                                    + " is not supported, because this model writes strings"
                                    + " without quotation marks");
                }
            }
            int least = length(map.get("minLength"), 0);
            int most = length(map.get("maxLength"), LONGEST);
            return Grammar.regex("[^<]{" + least + "," + Math.max(least, most) + "}");
        }

        private static int length(@Nullable Object value, int otherwise) {
            return value instanceof Number number
                    ? Math.clamp(number.longValue(), 0, LONGEST)
                    : otherwise;
        }

        Grammar json() {
            return schema.equals("true") ? ANY_JSON : Grammar.jsonSchema(schema);
        }
    }
}
