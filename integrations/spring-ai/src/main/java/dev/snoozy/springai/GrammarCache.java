package dev.snoozy.springai;

import dev.snoozy.text.TextException;
import dev.snoozy.text.grammar.Grammar;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The grammars of the last JSON Schemas: an application asks with the same few again and again.
 * Thread-safe.
 */
final class GrammarCache {
    private static final int REMEMBERED = 32;

    private final Map<String, Grammar> grammars = // guarded by this
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Grammar> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /**
     * The JSON that a schema allows.
     *
     * @throws IllegalArgumentException if the schema cannot be followed
     */
    synchronized Grammar ofSchema(String schema) {
        Grammar known = grammars.get(schema);
        if (known != null) {
            return known;
        }
        try {
            Grammar made = Grammar.jsonSchema(schema);
            grammars.put(schema, made);
            return made;
        } catch (TextException e) {
            throw new IllegalArgumentException("outputSchema: " + e.getMessage(), e);
        }
    }
}
