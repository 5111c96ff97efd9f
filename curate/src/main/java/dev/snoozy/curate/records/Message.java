package dev.snoozy.curate.records;

/**
 * What one side said.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 */
public record Message(String role, String content) {}
