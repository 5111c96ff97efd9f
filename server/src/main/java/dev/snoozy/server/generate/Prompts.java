package dev.snoozy.server.generate;

import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts in a request, each as a string, as token ids, or as a mixture of both. The names of control
 * tokens in a string are text.
 */
public final class Prompts {
    private static final int MOST_PROMPTS = 2048;
    private static final int MOST_ELEMENTS = 4_000_000;

    private Prompts() {}

    /**
     * The prompts of a field.
     *
     * @param addSpecial whether a string gets what the model expects around a text
     * @throws HttpProblem if there is none, or a token is not in the vocabulary
     */
    public static List<int[]> read(
            Fields fields, String name, Tokenizer tokenizer, boolean addSpecial) {
        JsonNode node = fields.any(name).orElseThrow(() -> fields.missing(name));
        List<int[]> prompts = new ArrayList<>();
        if (isList(node)) {
            fields.array(name, MOST_PROMPTS);
            for (JsonNode one : node) {
                prompts.add(prompt(fields, name, one, tokenizer, addSpecial));
            }
        } else {
            prompts.add(prompt(fields, name, node, tokenizer, addSpecial));
        }
        if (prompts.isEmpty()) {
            throw fields.invalid(name, "expected at least one text, found none");
        }
        return prompts;
    }

    /** Several prompts: all strings, or some of them arrays. An array of tokens is one prompt. */
    private static boolean isList(JsonNode node) {
        if (!node.isArray()) {
            return false;
        }
        boolean strings = true;
        boolean arrays = false;
        for (JsonNode element : node) {
            strings &= element.isString();
            arrays |= element.isArray();
        }
        return strings || arrays;
    }

    /** The tokens of one prompt. */
    public static int[] prompt(
            Fields fields, String name, JsonNode node, Tokenizer tokenizer, boolean addSpecial) {
        if (node.isString()) {
            return tokenizer.encode(node.stringValue(), addSpecial, false);
        }
        if (!node.isArray() || node.size() > MOST_ELEMENTS) {
            throw fields.invalid(name, "expected a string or an array of tokens");
        }
        int size = tokenizer.vocabulary().size();
        int[] tokens = {};
        int length = 0;
        boolean first = true;
        for (JsonNode element : node) {
            int[] more;
            if (element.isString()) {
                more = tokenizer.encode(element.stringValue(), addSpecial && first, false);
            } else if (element.canConvertToInt()
                    && element.isIntegralNumber()
                    && element.intValue() >= 0
                    && element.intValue() < size) {
                more = new int[] {element.intValue()};
            } else {
                throw fields.invalid(
                        name, "expected tokens from 0 to " + (size - 1) + ", found " + element);
            }
            if (length + more.length > tokens.length) {
                tokens = Arrays.copyOf(tokens, Math.max(16, 2 * (length + more.length)));
            }
            System.arraycopy(more, 0, tokens, length, more.length);
            length += more.length;
            first = false;
        }
        return Arrays.copyOf(tokens, length);
    }
}
