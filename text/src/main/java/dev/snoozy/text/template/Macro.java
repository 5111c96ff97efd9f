package dev.snoozy.text.template;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro with the scope it was defined in, or the body of a call block. */
final class Macro implements Callable {
    private final Statement.MacroBody body;
    private final Scope scope;
    private final Interpreter interpreter;

    Macro(Statement.MacroBody body, Scope scope, Interpreter interpreter) {
        this.body = body;
        this.scope = scope;
        this.interpreter = interpreter;
    }

    @Override
    public Object call(Runtime runtime, Arguments arguments) {
        Scope inner = interpreter.inner(scope, body.layout());
        Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
        List<Object> positional = arguments.positional();
        List<String> parameters = body.parameters();
        int given = Math.min(positional.size(), parameters.size());
        boolean callerFound = given == parameters.size() && parameters.contains("caller");
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            Object value = i < given ? positional.get(i) : keywords.remove(name);
            callerFound |= i >= given && name.equals("caller");
            if (value != null) {
                inner.set(name, value);
            }
        }
        if (body.takesCaller() && !callerFound) {
            Object caller = keywords.remove("caller");
            inner.set("caller", caller == null ? Undefined.because("No caller defined") : caller);
        }
        setRest(inner, keywords, positional.subList(given, positional.size()), runtime);
        setDefaults(inner);
        return interpreter.renderMacro(body.body(), inner);
    }

    private void setRest(
            Scope inner, Map<String, Object> keywords, List<Object> more, Runtime runtime) {
        if (body.takesKeywords()) {
            Dict rest = new Dict();
            keywords.forEach((name, value) -> rest.put(name, value, runtime.budget()));
            inner.set("kwargs", rest);
        } else if (!keywords.isEmpty()) {
            String name = keywords.keySet().iterator().next();
            throw TemplateException.type(
                    keywords.containsKey("caller")
                            ? "macro '%s' was invoked with two values for the special caller argument"
                                    .formatted(name())
                            : "macro '%s' takes no keyword argument '%s'".formatted(name(), name));
        }
        if (body.takesMore()) {
            inner.set("varargs", new Tuple(List.copyOf(more)));
        } else if (!more.isEmpty()) {
            throw TemplateException.type(
                    "macro '%s' takes not more than %d argument(s)"
                            .formatted(name(), body.parameters().size()));
        }
    }

    private void setDefaults(Scope inner) {
        List<String> parameters = body.parameters();
        int required = parameters.size() - body.defaults().size();
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i);
            if (inner.isMissing(name)) {
                inner.set(
                        name,
                        i < required
                                ? Undefined.because("parameter '" + name + "' was not provided")
                                : interpreter.evaluate(body.defaults().get(i - required), inner));
            }
        }
    }

    private String name() {
        return body.name() == null ? "None" : body.name();
    }

    /** An attribute, or null if there is none of that name. */
    @Nullable Object attribute(String attribute) {
        return switch (attribute) {
            case "name" -> body.name() == null ? None.NONE : body.name();
            case "arguments" -> new Tuple(List.copyOf(body.parameters()));
            case "catch_kwargs" -> body.takesKeywords();
            case "catch_varargs" -> body.takesMore();
            case "caller" -> body.takesCaller();
            default -> null;
        };
    }

    @Override
    public String typeName() {
        return "Macro";
    }

    String described() {
        return body.name() == null ? "<Macro anonymous>" : "<Macro '" + body.name() + "'>";
    }
}
