package dev.snoozy.server.generate;

/**
 * What a server does of llama.cpp's own interface. Immutable.
 *
 * @param metrics whether {@code /metrics} is answered
 * @param slots whether {@code /slots} is answered
 * @param page whether there is a page at {@code /}
 * @param contextShift whether {@code /completion} cuts a prompt that is too long and goes on when
 *     the context is full
 * @param splitReasoning whether reasoning is taken out of the content of chats, where a request
 *     does not say
 * @param waitForModel whether {@code /health} says no until a model is loaded
 */
public record LlamaCppOptions(
        boolean metrics,
        boolean slots,
        boolean page,
        boolean contextShift,
        boolean splitReasoning,
        boolean waitForModel) {
    /** As that server does it when it is told nothing, but for the slots, which nobody sees. */
    public static LlamaCppOptions defaults() {
        return new LlamaCppOptions(false, false, true, true, true, false);
    }
}
