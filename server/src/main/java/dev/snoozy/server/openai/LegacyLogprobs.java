package dev.snoozy.server.openai;

import dev.snoozy.engine.Generation;
import dev.snoozy.engine.TokenChoice;
import dev.snoozy.server.generate.TokenJson;
import dev.snoozy.server.http.Json;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** {@code logprobs} of a completion, in the shape that evaluation harnesses still read. */
final class LegacyLogprobs {
    private final Tokenizer tokenizer;
    private final ArrayNode tokens = Json.array();
    private final ArrayNode logprobs = Json.array();
    private final ArrayNode tops = Json.array();
    private final ArrayNode offsets = Json.array();
    private int offset;

    /**
     * @param offset where the text of the first token begins in the whole text
     */
    LegacyLogprobs(Tokenizer tokenizer, int offset) {
        this.tokenizer = tokenizer;
        this.offset = offset;
    }

    /** Adds the prompt, whose first token has no probability. */
    LegacyLogprobs prompt(Generation generation) {
        if (!generation.promptTokens().isEmpty()) {
            name(generation.promptTokens().getFirst());
            logprobs.addNull();
            tops.addNull();
        }
        return add(generation.promptChoices());
    }

    LegacyLogprobs add(List<TokenChoice> choices) {
        for (TokenChoice choice : choices) {
            name(choice.token());
            logprobs.add(TokenJson.finite(choice.logprob()));
            ObjectNode top = tops.addObject();
            for (TokenChoice.Alternative other : choice.alternatives()) {
                String text = TokenJson.text(other.token(), tokenizer);
                if (!top.has(text)) { // of tokens with one text the likeliest
                    top.put(text, TokenJson.finite(other.logprob()));
                }
            }
        }
        return this;
    }

    private void name(int token) {
        tokens.add(TokenJson.text(token, tokenizer));
        offsets.add(offset);
        offset +=
                tokenizer.vocabulary().bytes(token).length == 0
                        ? 0
                        : TokenJson.text(token, tokenizer).length();
    }

    /** Where the next token begins. */
    int offset() {
        return offset;
    }

    ObjectNode node() {
        ObjectNode node = Json.object();
        node.set("tokens", tokens);
        node.set("token_logprobs", logprobs);
        node.set("top_logprobs", tops);
        node.set("text_offset", offsets);
        return node;
    }
}
