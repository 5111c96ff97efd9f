package dev.snoozy.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.internal.Json;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.snoozy.text.chat.ToolDefinition;
import dev.snoozy.text.grammar.Grammar;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What LangChain4j says in JSON Schema. Thread-safe. */
final class Schemas {
    private static final int REMEMBERED = 64;

    /** The last grammars: programs ask with the same schema again and again. Guarded by itself. */
    private static final Map<String, Grammar> MADE =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Grammar> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private Schemas() {}

    /** Whether a response format demands nothing. */
    static boolean isText(@Nullable ResponseFormat format) {
        return format == null || format.type() == ResponseFormatType.TEXT;
    }

    /** What a response format demands; nothing if that is text. */
    static Optional<Grammar> grammar(@Nullable ResponseFormat format) {
        if (format == null || isText(format)) {
            return Optional.empty();
        }
        return Optional.of(
                format.jsonSchema() == null
                        ? Grammar.json()
                        : made(json(format.jsonSchema().rootElement())));
    }

    private static Grammar made(String schema) {
        synchronized (MADE) {
            Grammar known = MADE.get(schema);
            if (known != null) {
                return known;
            }
        }
        Grammar grammar = Grammar.jsonSchema(schema);
        synchronized (MADE) {
            MADE.put(schema, grammar);
        }
        return grammar;
    }

    /** A tool as the model is told of it. */
    static ToolDefinition tool(ToolSpecification tool) {
        return new ToolDefinition(
                tool.name(),
                tool.description() == null ? "" : tool.description(),
                tool.parameters() == null ? ToolDefinition.NO_PARAMETERS : json(tool.parameters()));
    }

    private static String json(JsonSchemaElement element) {
        return Json.toJson(JsonSchemaElementUtils.toMap(element));
    }
}
