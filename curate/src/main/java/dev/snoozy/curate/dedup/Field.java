package dev.snoozy.curate.dedup;

/** Which part of a row is looked at. */
public enum Field {
    PROMPT,
    RESPONSE,
    /** The prompt with the response after it. */
    BOTH
}
