package dev.snoozy.studio.documents;

import dev.snoozy.documents.index.Chunk;
import dev.snoozy.server.generate.DocumentJson;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The text of a file as its passages have it, some at a time. */
final class StoredText {
    private static final int MOST = 200;
    private static final int BEFORE = 20;
    private static final int USUAL = 60;

    private StoredText() {}

    /**
     * Passages of a file. Fields: {@code passage}, whose place is sought, or else {@code line} and
     * {@code page}; or {@code from} and {@code count}.
     */
    static ObjectNode around(List<Chunk> chunks, Fields fields) {
        int target = target(chunks, fields);
        int from = fields.integer("from", 0, Integer.MAX_VALUE, Math.max(0, target - BEFORE));
        int count = fields.integer("count", 1, MOST, USUAL);
        ObjectNode node = Json.object();
        node.put("path", fields.requiredString("path"));
        node.put("total", chunks.size());
        node.put("from", from);
        node.put("target", target);
        ArrayNode list = node.putArray("passages");
        for (int i = from; i < Math.min((long) from + count, chunks.size()); i++) {
            ObjectNode one = list.addObject().put("ordinal", i);
            DocumentJson.chunk(one, chunks.get(i));
            one.put(
                    "repeats",
                    i == 0 ? 0 : repeats(chunks.get(i - 1).text(), chunks.get(i).text()));
        }
        return node;
    }

    /** Where the passage is; -1 if it is not there, nor a place that was named. */
    private static int target(List<Chunk> chunks, Fields fields) {
        String passage = fields.string("passage").orElse("");
        int line = fields.integer("line", 0, Integer.MAX_VALUE, 0);
        int page = fields.integer("page", 0, Integer.MAX_VALUE, 0);
        int near = -1;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            // What was shown to a model may be the beginning of a passage.
            if (!passage.isEmpty() && chunk.text().startsWith(passage)) {
                return i;
            }
            boolean before = line > 0 ? chunk.line() <= line : page > 0 && chunk.page() <= page;
            near = before ? i : near;
        }
        return near;
    }

    /** How many characters at the beginning of a text are the end of the one before. */
    static int repeats(String before, String text) {
        for (int length = Math.min(before.length(), text.length()); length > 0; length--) {
            boolean ends = length == text.length() || text.charAt(length) <= ' ';
            if (ends && before.endsWith(text.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }
}
