package dev.snoozy.text.template;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of one scope and where their values come from when the scope is entered. As in Jinja
 * this is settled before rendering: a name that is assigned anywhere in a scope belongs to that
 * scope from its beginning. Filled by {@link ScopeAnalyzer}.
 */
final class Layout {
    /** Where a name's first value comes from. */
    enum Source {
        /** Whoever enters the scope provides it. */
        PARAMETER,
        /** A variable of the rendering, if there is one. */
        VARIABLE,
        /** The enclosing scope. */
        OUTER,
        /** Nowhere: the scope assigns it. */
        NOWHERE
    }

    private final Map<String, Source> sources = new LinkedHashMap<>();

    Map<String, Source> sources() {
        return sources;
    }
}
