package dev.snoozy.engine;

import dev.snoozy.engine.bind.JsonTree;

import java.util.List;

/**
 * A model's answer in a chat. Immutable.
 *
 * @param message the answer, as it goes into the conversation: content, reasoning, calls of tools
 * @param finishReason why it ended
 * @param generation the tokens, counts and timings behind it; its text is the answer before
 *     reasoning and calls were taken apart
 * @param droppedMessages how many of the oldest messages the model has not seen ({@link
 *     ContextPolicy})
 * @param warnings what was not as one might think, such as a model without a chat template
 */
public record ChatReply(
        ChatMessage message,
        FinishReason finishReason,
        Generation generation,
        int droppedMessages,
        List<String> warnings) {
    public ChatReply {
        warnings = List.copyOf(warnings);
    }

    /** What is said. */
    public String text() {
        return message.content();
    }

    /**
     * The content as a value, where it is JSON; see {@link ChatSession#ask}.
     *
     * @param type a record, or another type that a {@link Toolbox} knows
     * @throws ModelException if the content is no JSON of this type, as when the tokens ran out
     */
    public <T> T as(Class<T> type) {
        try {
            return JsonTree.readPresent(text(), type);
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    "the answer is no " + type.getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    /** Counts of tokens. */
    public TokenUsage usage() {
        return generation.usage();
    }
}
