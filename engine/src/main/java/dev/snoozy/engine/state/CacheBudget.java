package dev.snoozy.engine.state;

/**
 * How much memory keys and values may take.
 *
 * @param total bytes for all texts, those in progress and remembered beginnings
 * @param prefixes bytes of that for remembered beginnings; 0 to remember none
 */
public record CacheBudget(long total, long prefixes) {}
