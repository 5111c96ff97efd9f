package dev.snoozy.server.embed;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextKind;
import dev.snoozy.server.generate.Prompts;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The texts of a request for embeddings as tokens: a string, an array of strings, an array of
 * tokens, or an array that mixes them.
 */
final class EmbeddingInput {
    /** As many as OpenAI's interface takes. */
    static final int MOST_TEXTS = 2048;

    private EmbeddingInput() {}

    /**
     * The texts.
     *
     * @param name of the field
     * @throws HttpProblem if there are none or too many, or one has no tokens or is too long
     */
    static List<int[]> read(Fields fields, String name, EmbeddingModel model, TextKind kind) {
        JsonNode node = fields.any(name).orElseThrow(() -> fields.missing(name));
        List<int[]> texts = new ArrayList<>();
        if (node.isArray() && !isTokens(node)) {
            fields.array(name, MOST_TEXTS);
            for (JsonNode one : node) {
                texts.add(tokens(fields, name, one, model, kind));
            }
        } else {
            texts.add(tokens(fields, name, node, model, kind));
        }
        if (texts.isEmpty()) {
            throw fields.invalid(name, "expected at least one text, found none");
        }
        for (int i = 0; i < texts.size(); i++) {
            require(texts.get(i), i, texts.size(), name, model.contextLength());
        }
        return texts;
    }

    /** One text in tokens, in which strings may stand as well; without numbers they are texts. */
    private static boolean isTokens(JsonNode array) {
        boolean numbers = false;
        for (JsonNode element : array) {
            if (element.isArray()) {
                return false;
            }
            numbers |= element.isNumber();
        }
        return numbers;
    }

    private static int[] tokens(
            Fields fields, String name, JsonNode node, EmbeddingModel model, TextKind kind) {
        if (!node.isString()) {
            return Prompts.prompt(fields, name, node, model.tokenizer(), true);
        }
        try {
            return model.tokens(node.stringValue(), kind);
        } catch (ModelException e) {
            throw HttpProblem.unsupported("input_type", String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a text that is too long for the model, with both numbers. */
    static void require(int[] tokens, int index, int count, String name, int most) {
        String which = count == 1 ? name : name + "[" + index + "]";
        if (tokens.length == 0) {
            throw HttpProblem.invalid(name, "expected at least one token in " + which);
        }
        if (tokens.length > most) {
            throw new HttpProblem(
                    Kind.CONTEXT_EXCEEDED,
                    which
                            + " is too large: it has "
                            + tokens.length
                            + " tokens, and the context size of the model is "
                            + most
                            + "; cure: a shorter text");
        }
    }
}
