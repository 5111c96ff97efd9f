package dev.snoozy.studio.write;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What a model is asked to write. Immutable, but for the JSON that nobody changes.
 *
 * @param model its name; "" for whichever is there
 * @param messages the conversation; of a plain text the one message whose content is continued
 * @param plain whether the text is continued as it stands, without the chat template
 * @param options by the names of {@link OptionFields}
 * @param seed what the sampler starts from
 * @param begun tokens with which the answer begins already
 * @param begunText a text with which it begins, where its tokens are not known; or ""
 * @param shown the tokens of the beginning with their probabilities, where it is to be given as the
 *     first piece; else null
 * @param tokens whether tokens are reported with their probabilities
 * @param adapters that are applied, in this order; none for the bare model
 */
public record Ask(
        String model,
        List<ChatMessage> messages,
        boolean plain,
        ObjectNode options,
        long seed,
        ArrayNode begun,
        String begunText,
        @Nullable ArrayNode shown,
        boolean tokens,
        List<Scaled> adapters) {
    /** An adapter by its name, and by what its deltas are multiplied beside its own scale. */
    public record Scaled(String name, double scale) {}

    public Ask {
        messages = List.copyOf(messages);
        adapters = List.copyOf(adapters);
    }

    /** A question that is answered from the beginning. */
    public static Ask of(
            String model,
            List<ChatMessage> messages,
            boolean plain,
            ObjectNode options,
            long seed,
            boolean tokens) {
        return new Ask(
                model, messages, plain, options, seed, Json.array(), "", null, tokens, List.of());
    }

    /** Continues an answer, by its tokens where they are known. */
    public Ask continuing(ArrayNode ids, String text) {
        return new Ask(
                model,
                messages,
                plain,
                options,
                seed,
                ids,
                ids.isEmpty() ? text : "",
                null,
                tokens,
                adapters);
    }

    /** Begins the answer with these tokens, which are given as its first piece. */
    public Ask beginningWith(ArrayNode probabilities) {
        return new Ask(
                model,
                messages,
                plain,
                options,
                seed,
                Alternative.ids(probabilities),
                "",
                probabilities,
                tokens,
                adapters);
    }

    /** The same with adapters. */
    public Ask withAdapters(List<Scaled> wanted) {
        return new Ask(
                model, messages, plain, options, seed, begun, begunText, shown, tokens, wanted);
    }

    /** The same with other messages. */
    Ask with(List<ChatMessage> conversation) {
        return new Ask(
                model,
                conversation,
                plain,
                options,
                seed,
                begun,
                begunText,
                shown,
                tokens,
                adapters);
    }

    /** Whether there is a beginning to continue. */
    boolean continues() {
        return !begun.isEmpty() || !begunText.isEmpty();
    }
}
