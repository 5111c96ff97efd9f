package dev.snoozy.curate.records;

import dev.snoozy.curate.dedup.Hash128;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of instruction data. Immutable.
 *
 * @param source where it comes from, by a short name
 * @param licence what its makers allow, empty if nobody said
 * @param meta what else is known, as texts; in the order of their names
 */
public record DataRecord(
        List<Message> messages, String source, String licence, Map<String, String> meta) {
    /** What a model says. */
    public static final String ASSISTANT = "assistant";

    /** What a person says. */
    public static final String USER = "user";

    private static final ObjectMapper JSON = new ObjectMapper();

    public DataRecord {
        messages = List.copyOf(messages);
        meta = Collections.unmodifiableMap(new TreeMap<>(meta));
    }

    /** One question and its answer. */
    public static DataRecord of(String prompt, String response, String source) {
        return new DataRecord(
                List.of(new Message(USER, prompt), new Message(ASSISTANT, response)),
                source,
                "",
                Map.of());
    }

    /** All that is not said by the assistant, a line break between two messages. */
    public String prompt() {
        return join(false);
    }

    /** All that the assistant says, a line break between two messages. */
    public String response() {
        return join(true);
    }

    private String join(boolean assistant) {
        String all = null;
        for (Message message : messages) {
            if (message.role().equals(ASSISTANT) == assistant) {
                all = all == null ? message.content() : all + "\n" + message.content();
            }
        }
        return all == null ? "" : all;
    }

    /** The same row with other messages. */
    public DataRecord with(List<Message> other) {
        return new DataRecord(other, source, licence, meta);
    }

    /** The same row with a source and a licence where it names none itself. */
    public DataRecord orElse(String otherSource, String otherLicence) {
        return new DataRecord(
                messages,
                source.isEmpty() ? otherSource : source,
                licence.isEmpty() ? otherLicence : licence,
                meta);
    }

    /** What the row is named by: the same content has the same hash, wherever it was read. */
    public Hash128 hash() {
        return Hash128.of(toJson().toString());
    }

    /** The row as JSON, always with the same order of fields. */
    public ObjectNode toJson() {
        ObjectNode row = JSON.createObjectNode();
        ArrayNode all = row.putArray("messages");
        for (Message message : messages) {
            all.addObject().put("role", message.role()).put("content", message.content());
        }
        row.put("source", source);
        if (!licence.isEmpty()) {
            row.put("licence", licence);
        }
        if (!meta.isEmpty()) {
            ObjectNode more = row.putObject("meta");
            meta.forEach(more::put);
        }
        return row;
    }

    /** The row that {@link #toJson} wrote; other fields are passed over. */
    public static DataRecord fromJson(JsonNode row) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : row.path("messages")) {
            messages.add(
                    new Message(
                            message.path("role").asString(""),
                            message.path("content").asString("")));
        }
        Map<String, String> meta = new TreeMap<>();
        row.path("meta").properties().forEach(e -> meta.put(e.getKey(), text(e.getValue())));
        return new DataRecord(
                messages,
                row.path("source").asString(""),
                row.path("licence").asString(row.path("license").asString("")),
                meta);
    }

    /** A text as it is, anything else as JSON. */
    static String text(JsonNode value) {
        if (value.isString()) {
            return value.asString();
        }
        return value.isMissingNode() || value.isNull() ? "" : value.toString();
    }
}
