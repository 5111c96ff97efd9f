package dev.snoozy.server.ollama;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;

/** What {@code /api/generate} and {@code /api/chat} have in common. */
final class Requests {
    private static final String THINK = "think";

    private Requests() {}

    /** Refuses a field, unless it is empty, as many clients send it. */
    static void refuseUnlessEmpty(Fields fields, String name, String reason) {
        boolean isEmpty = fields.any(name).filter(Requests::isEmpty).isPresent();
        if (!isEmpty) {
            fields.refuse(name, reason);
        }
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isArray() ? node.isEmpty() : node.isString() && node.stringValue().isEmpty();
    }

    /**
     * What the chat template is told of thinking.
     *
     * @throws HttpProblem if the model shall think and does not know how
     */
    static Map<String, Object> thinking(Fields fields, LanguageModel model) {
        Optional<JsonNode> node = fields.any(THINK);
        if (node.isEmpty()) {
            return Map.of();
        }
        boolean wanted;
        Map<String, Object> variables;
        if (node.get().isString()) {
            String effort = node.get().stringValue();
            if (!effort.matches("high|medium|low|max")) {
                throw fields.invalid(
                        THINK, "expected true, false, high, medium or low, found " + effort);
            }
            wanted = true;
            variables = Map.of("enable_thinking", true, "reasoning_effort", effort);
        } else {
            wanted = fields.bool(THINK, false);
            variables = Map.of("enable_thinking", wanted);
        }
        if (wanted && model.chatFormat().reasoning().isEmpty()) {
            throw fields.invalid(
                    THINK, "the model does not support thinking; cure: false, or leave it out");
        }
        return variables;
    }

    /** What becomes of a conversation that is too long: {@code truncate} and {@code shift}. */
    static ContextPolicy policy(Fields fields, ContextPolicy otherwise) {
        boolean drop = fields.bool("truncate", otherwise != ContextPolicy.REFUSE);
        boolean shift = fields.bool("shift", drop && otherwise == ContextPolicy.SHIFT);
        if (shift && !drop && fields.has("truncate")) {
            throw HttpProblem.unsupported("shift with truncate: false", "expected one of them");
        }
        if (shift) {
            return ContextPolicy.SHIFT;
        }
        return drop ? ContextPolicy.DROP_OLDEST : ContextPolicy.REFUSE;
    }

    /** Refuses to keep a number of tokens where the system's messages are kept. */
    static void refuseKeep(OllamaOptions options, ContextPolicy policy) {
        if (policy == ContextPolicy.SHIFT && options.keep().isPresent()) {
            throw HttpProblem.unsupported(
                    "options.num_keep", "when a conversation is shifted, its system messages stay");
        }
    }
}
