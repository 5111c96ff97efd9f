package dev.snoozy.server.generate;

import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.OutputConstraint;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Grammar;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The fields of a request that say what the answer must look like. What a schema demands and cannot
 * be followed is refused, never left out.
 */
public final class ConstraintFields {
    private static final int REMEMBERED = 64;

    /** The last grammars: clients ask with the same schema again and again. Guarded by itself. */
    private static final Map<String, Grammar> MADE =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Grammar> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private ConstraintFields() {}

    /** What {@code response_format}, {@code json_schema} or {@code grammar} demand. */
    public static Optional<Grammar> read(Fields fields) {
        Optional<Grammar> format =
                fields.fields("response_format").flatMap(ConstraintFields::format);
        Optional<Grammar> schema = fields.any("json_schema").map(s -> schema("json_schema", s));
        Optional<Grammar> grammar =
                fields.string("grammar").filter(g -> !g.isBlank()).map(ConstraintFields::gbnf);
        if (Stream.of(format, schema, grammar).filter(Optional::isPresent).count() > 1) {
            throw fields.invalid(
                    "response_format", "expected one of response_format, json_schema and grammar");
        }
        return format.or(() -> schema).or(() -> grammar);
    }

    private static Optional<Grammar> format(Fields format) {
        String type = format.requiredString("type");
        return switch (type) {
            case "text" -> Optional.empty();
            case "json_object" ->
                    Optional.of(
                            format.any("schema")
                                    .map(s -> schema("response_format.schema", s))
                                    .orElseGet(ConstraintFields::json));
            case "json_schema" -> {
                Fields inner = format.fields("json_schema").orElse(format);
                JsonNode schema = inner.any("schema").orElseThrow(() -> inner.missing("schema"));
                yield Optional.of(schema("response_format.json_schema.schema", schema));
            }
            case "grammar" -> Optional.of(gbnf(format.requiredString("grammar")));
            default ->
                    throw format.invalid(
                            "type", "expected text, json_object or json_schema, found " + type);
        };
    }

    /** Ollama's {@code format}: "json", a schema, or nothing. */
    public static Optional<Grammar> format(Fields fields, String name) {
        Optional<JsonNode> given = fields.any(name);
        if (given.isEmpty() || !given.get().isString()) {
            return given.map(schema -> schema(name, schema));
        }
        return switch (given.get().stringValue()) {
            case "" -> Optional.empty();
            case "json" -> Optional.of(json());
            default -> throw fields.invalid(name, "expected \"json\" or a JSON Schema");
        };
    }

    /** Anthropic's and the Responses' form: {@code {"type": "json_schema", "schema": …}}. */
    public static Optional<Grammar> output(Fields fields, String name) {
        return fields.fields(name).flatMap(ConstraintFields::format);
    }

    /** Options of an answer that a grammar rules, if there is one. */
    public static GenerationOptions apply(GenerationOptions options, Optional<Grammar> grammar) {
        return grammar.map(one -> options.withConstraint(OutputConstraint.of(one))).orElse(options);
    }

    /** Any JSON object. */
    public static Grammar json() {
        return made("json", "json:", "", text -> Grammar.json());
    }

    /** The JSON that a schema allows. */
    public static Grammar schema(String field, JsonNode schema) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw HttpProblem.invalid(field, "expected a JSON Schema");
        }
        return made(field, "schema:", Json.text(schema), Grammar::jsonSchema);
    }

    private static Grammar gbnf(String source) {
        return made("grammar", "gbnf:", source, Grammar::gbnf);
    }

    private static Grammar made(
            String field, String kind, String source, Function<String, Grammar> maker) {
        String key = kind + source;
        synchronized (MADE) {
            Grammar known = MADE.get(key);
            if (known != null) {
                return known;
            }
        }
        Grammar grammar;
        try {
            grammar = maker.apply(source);
        } catch (TextException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, field + ": " + e.getMessage());
        }
        synchronized (MADE) {
            MADE.put(key, grammar);
        }
        return grammar;
    }
}
