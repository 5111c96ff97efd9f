package dev.snoozy.engine;

/** What a text is to a model that embeds questions and answers in different ways. */
public enum TextKind {
    /** Nothing said: the text is embedded as it stands. */
    NONE,
    /** Something to search with. */
    QUERY,
    /** Something to be found. */
    DOCUMENT
}
