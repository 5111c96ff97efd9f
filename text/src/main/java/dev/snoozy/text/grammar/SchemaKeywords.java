package dev.snoozy.text.grammar;

import java.util.List;
import java.util.Set;

/** The keywords of JSON Schema 2020-12 and what becomes of them here. */
final class SchemaKeywords {
    /** They say something about values, and forbid none. */
    static final Set<String> ANNOTATIONS =
            Set.of(
                    "$schema",
                    "$id",
                    "$comment",
                    "$defs",
                    "definitions",
                    "title",
                    "description",
                    "default",
                    "example",
                    "examples",
                    "deprecated",
                    "readOnly",
                    "writeOnly",
                    "discriminator",
                    "contentEncoding",
                    "contentMediaType",
                    "contentSchema");

    static final List<String> OBJECT =
            List.of(
                    "properties",
                    "required",
                    "additionalProperties",
                    "patternProperties",
                    "minProperties",
                    "maxProperties",
                    "propertyNames");

    static final List<String> ARRAY =
            List.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems");

    static final List<String> STRING = List.of("minLength", "maxLength", "pattern", "format");

    static final List<String> NUMBER =
            List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

    private static final Set<String> OTHERS =
            Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

    private SchemaKeywords() {}

    /** Refuses keywords that are not supported, by their names. */
    static void check(Schema schema) {
        for (String keyword : schema.keywords().keySet()) {
            boolean known =
                    ANNOTATIONS.contains(keyword)
                            || OTHERS.contains(keyword)
                            || OBJECT.contains(keyword)
                            || ARRAY.contains(keyword)
                            || STRING.contains(keyword)
                            || NUMBER.contains(keyword)
                            || keyword.startsWith("x-");
            if (!known) {
                throw unsupported(schema, keyword);
            }
        }
    }

    static RuntimeException unsupported(Schema schema, String keyword) {
        return Schema.wrong(
                schema.place(),
                "the keyword \"" + keyword + "\", which is not supported",
                "a schema without it; docs/grammars.md lists those that are");
    }
}
