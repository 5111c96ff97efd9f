package dev.snoozy.curate.map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The rows that somebody marked for removal on the page of a map: {@code {"format":
 * "snoozy-marks-1", "remove": ["id", …]}}.
 */
public final class Marks {
    private static final String FORMAT = "snoozy-marks-1";

    private Marks() {}

    /**
     * The names of the rows, as {@link MapRows#id} gave them.
     *
     * @param file the bytes of the file that the page exported
     * @throws IOException if it is something else
     */
    public static Set<String> read(byte[] file) throws IOException {
        JsonNode marks;
        try {
            marks = new ObjectMapper().readTree(file);
        } catch (JacksonException e) {
            throw new IOException("marks are no JSON: " + e.getOriginalMessage(), e);
        }
        String format = marks.path("format").asString("");
        if (!format.equals(FORMAT) || !marks.path("remove").isArray()) {
            throw new IOException(
                    "not a file of marks: format \"%s\", expected \"%s\" and a list \"remove\";"
                                    .formatted(format, FORMAT)
                            + " cure: export the marks from the page of the map");
        }
        Set<String> rows = new LinkedHashSet<>();
        for (JsonNode row : marks.path("remove")) {
            if (!row.isString()) {
                throw new IOException(
                        "marks: \"remove\" has " + row + ", expected only names of rows");
            }
            rows.add(row.asString());
        }
        return rows;
    }
}
