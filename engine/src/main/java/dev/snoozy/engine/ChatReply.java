package dev.snoozy.engine;

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

    /** Counts of tokens. */
    public TokenUsage usage() {
        return generation.usage();
    }
}
