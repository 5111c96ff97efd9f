package dev.snoozy.server.generate;

import dev.snoozy.engine.ToolChoice;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;

/**
 * What only a grammar can promise: an answer of a given form, a call that must come, no more than
 * one call. There are no grammars here yet, so each is refused by name, in this one place.
 */
public final class Constraints {
    private static final String NO_GRAMMARS = "answers are not held to a form yet";

    private Constraints() {}

    /**
     * Refuses a field that asks for an answer of a form. One that is "" asks for nothing.
     *
     * @throws HttpProblem if the field is there
     */
    public static void form(Fields fields, String name) {
        boolean isEmpty = fields.any(name).filter(node -> node.asString("?").isEmpty()).isPresent();
        if (!isEmpty) {
            fields.refuse(name, NO_GRAMMARS);
        }
    }

    /**
     * Refuses a choice of tools that the model cannot be held to.
     *
     * @param name of the field that says so
     * @param parallel whether several calls are allowed
     * @throws HttpProblem if a call must come, or only one may
     */
    public static void calls(String name, ToolChoice choice, boolean parallel) {
        if (choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named) {
            throw HttpProblem.unsupported(name, "a call cannot be enforced yet; cure: auto");
        }
        if (!parallel && !(choice instanceof ToolChoice.None)) {
            throw HttpProblem.unsupported(name, "one call only cannot be enforced yet");
        }
    }
}
