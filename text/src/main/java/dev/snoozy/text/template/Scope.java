package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** The values of one scope while it is rendered. */
final class Scope {
    /** Stands for a name that has no value yet. */
    private static final Object MISSING = new Object();

    /** The variables of a rendering, and what its outermost scope has assigned. */
    private final Map<String, Object> variables;

    private final @Nullable Scope outer;
    private final boolean outermost;
    private final Map<String, Object> values = new HashMap<>();

    private Scope(Map<String, Object> variables, @Nullable Scope outer, boolean outermost) {
        this.variables = variables;
        this.outer = outer;
        this.outermost = outermost;
    }

    /** The outermost scope of a template. */
    static Scope outermost(Layout layout, Map<String, Object> variables) {
        return new Scope(variables, null, true).fill(layout);
    }

    /** The scope of a named block, which sees only variables. */
    Scope block(Layout layout) {
        return new Scope(variables, null, false).fill(layout);
    }

    Scope inner(Layout layout) {
        return new Scope(variables, this, false).fill(layout);
    }

    private Scope fill(Layout layout) {
        layout.sources()
                .forEach((name, source) -> {
                    Object value =
                            switch (source) {
                                case VARIABLE -> variables.get(name);
                                case OUTER -> outer == null ? null : outer.find(name);
                                case PARAMETER, NOWHERE -> null;
                            };
                    values.put(name, value == null ? MISSING : value);
                });
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean isMissing(String name) {
        return values.get(name) == MISSING;
    }

    /** The value of a name, undefined if it has none. */
    Object get(String name) {
        Object value = find(name);
        return value == null || value == MISSING ? Undefined.variable(name) : value;
    }

    private @Nullable Object find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    void set(String name, Object value) {
        values.put(name, value);
        if (outermost) {
            variables.put(name, value);
        }
    }
}
