package dev.snoozy.curate.read;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * What a file holds at one place, before anybody has looked into it.
 *
 * @param file the name of the file, and of the entry in an archive after an exclamation mark
 * @param line counted from 1; of formats without lines the number of the row
 * @param text JSON that is still to be read, or what is broken
 * @param node the row, if reading the file has given it already
 * @param fault why this is no row, null if it may be one
 */
public record RawRow(
        String file, long line, String text, @Nullable JsonNode node, @Nullable String fault) {
    static RawRow json(String file, long line, String text) {
        return new RawRow(file, line, text, null, null);
    }

    static RawRow node(String file, long line, JsonNode node) {
        return new RawRow(file, line, "", node, null);
    }

    static RawRow broken(String file, long line, String text, String fault) {
        return new RawRow(file, line, text, null, fault);
    }
}
