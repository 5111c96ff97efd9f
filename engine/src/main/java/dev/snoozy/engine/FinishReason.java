package dev.snoozy.engine;

/** Why a generation ended. */
public enum FinishReason {
    /** The model ended its text, a stop string was met, or the text fulfils its grammar. */
    STOP,
    /** The asked number of tokens, or the end of the context. */
    LENGTH,
    /** The model asks for tools; in chats only. */
    TOOL_CALLS,
    /** The caller cancelled. */
    CANCELLED
}
