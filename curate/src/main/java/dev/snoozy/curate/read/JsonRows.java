package dev.snoozy.curate.read;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * JSON in its three habits: an object on every line, one list, or one object with a list in a field
 * of a usual name.
 */
final class JsonRows {
    private static final Set<String> LISTS =
            Set.of("prompts", "data", "rows", "examples", "train", "instances");

    private static final ObjectReader READER = new ObjectMapper().reader();

    /** For one of many values in a stream. */
    private static final ObjectReader ELEMENTS =
            READER.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int HEAD = 1 << 16;

    private JsonRows() {}

    static void read(BufferedInputStream in, String file, RowSink sink)
            throws IOException, InterruptedException {
        if (isDocument(in)) {
            document(in, file, sink);
            return;
        }
        Lines lines = new Lines(in);
        while (lines.next()) {
            if (lines.isEmpty()) {
                continue;
            }
            RawRow row = lines.row(file);
            if (row.fault() != null || !row.text().isBlank()) {
                sink.accept(row);
            }
        }
    }

    /** A list, or an object that its first line does not end. */
    private static boolean isDocument(BufferedInputStream in) throws IOException {
        in.mark(HEAD);
        byte[] head = in.readNBytes(HEAD);
        in.reset();
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        text = text.startsWith("\uFEFF") ? text.substring(1).stripLeading() : text;
        if (text.startsWith("[")) {
            return true;
        }
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        return first.strip().equals("{")
                || first.startsWith("{") && first.stripTrailing().endsWith(",") && !isObject(first)
                || first.startsWith("{") && LISTS.stream().anyMatch(l -> isHeadOf(first, l));
    }

    private static boolean isHeadOf(String first, String list) {
        return first.matches("(?s)\\{\\s*\"" + list + "\"\\s*:\\s*\\[.*");
    }

    private static boolean isObject(String line) {
        try {
            return READER.readTree(line).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static void document(BufferedInputStream in, String file, RowSink sink)
            throws InterruptedException {
        long row = 0;
        try (JsonParser parser =
                new ObjectMapper()
                        .tokenStreamFactory()
                        .createParser(ObjectReadContext.empty(), in)) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                elements(parser, file, row, sink);
                return;
            }
            boolean found = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_ARRAY && LISTS.contains(name)) {
                    row = elements(parser, file, row, sink);
                    found = true;
                } else {
                    parser.skipChildren();
                }
            }
            if (!found) {
                sink.accept(
                        RawRow.broken(file, 0, "", "an object without a list named " + LISTS_TEXT));
            }
        } catch (JacksonException e) {
            sink.accept(
                    RawRow.broken(
                            file,
                            e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                            "",
                            "the file is broken from here on: " + reason(e)));
        }
    }

    private static final String LISTS_TEXT = String.join(", ", LISTS.stream().sorted().toList());

    /** What the parser says, without the places that it names again. */
    static String reason(JacksonException e) {
        return String.valueOf(e.getOriginalMessage())
                .replaceFirst("(?s) \\((?:start marker|code).*", "");
    }

    private static long elements(JsonParser parser, String file, long before, RowSink sink)
            throws InterruptedException {
        long row = before;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                sink.accept(RawRow.broken(file, row, "", "the file ends within its list"));
                return row;
            }
            JsonNode node = ELEMENTS.readTree(parser);
            sink.accept(RawRow.node(file, ++row, node));
        }
        return row;
    }
}
