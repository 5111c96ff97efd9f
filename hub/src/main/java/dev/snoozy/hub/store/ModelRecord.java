package dev.snoozy.hub.store;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the store knows of a model, in a small file beside it.
 *
 * @param name of the model
 * @param files by their paths from the folder of models, with {@code /} between the names
 * @param added when it was put into the store
 * @param origin where it came from
 * @param shared whether the files are those of another name, which this one only uses as well
 */
public record ModelRecord(
        ModelName name, List<Item> files, Instant added, @Nullable Origin origin, boolean shared) {
    /** A file of the model. */
    public record Item(String path, long bytes, @Nullable String sha256) {}

    private static final String ENDING = "snoozy.json";
    private static final int MOST_BYTES = 1 << 20;
    private static final int VERSION = 1;
    private static final String DIGEST = "[0-9a-f]{64}";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public ModelRecord {
        files = List.copyOf(files);
    }

    /** Whether a file is a record by its name. */
    static boolean isRecord(String file) {
        return file.equals(ENDING) || file.endsWith("." + ENDING);
    }

    /** What the record of a model is called, in the folder of the model. */
    static String fileName(ModelName name) {
        return name.tag() == null ? ENDING : name.tag() + "." + ENDING;
    }

    /** Whether a text is a digest as records have it. */
    static boolean isDigest(String text) {
        return text.matches(DIGEST);
    }

    /** Writes the record, as a whole or not at all. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", VERSION);
        node.put("name", name.toString());
        ArrayNode list = node.putArray("files");
        for (Item item : files) {
            ObjectNode entry = list.addObject();
            entry.put("path", item.path());
            entry.put("bytes", item.bytes());
            if (item.sha256() != null) {
                entry.put("sha256", item.sha256());
            }
        }
        node.put("added", added.toString());
        if (origin != null) {
            ObjectNode from = node.putObject("origin");
            from.put("source", origin.source());
            from.put("reference", origin.reference());
            if (origin.revision() != null) {
                from.put("revision", origin.revision());
            }
        }
        if (shared) {
            node.put("shared", true);
        }
        byte[] text = (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(
                file,
                channel -> {
                    ByteBuffer buffer = ByteBuffer.wrap(text);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
    }

    /**
     * Reads a record, which anybody may have put there.
     *
     * @throws HubException if it is none; the message is a reason without the file's name
     */
    public static ModelRecord read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new HubException("the record is larger than " + MOST_BYTES + " bytes");
            }
            return of(JSON.readTree(bytes));
        } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
            throw new HubException("the record cannot be understood", e);
        }
    }

    private static ModelRecord of(JsonNode node) {
        int version = node.path("version").asInt(0);
        if (version != VERSION) {
            throw new HubException("the record has version " + version + ", expected " + VERSION);
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode entry : node.path("files")) {
            String digest = text(entry, "sha256").filter(ModelRecord::isDigest).orElse(null);
            items.add(new Item(required(entry, "path"), entry.path("bytes").asLong(0), digest));
        }
        if (items.isEmpty()) {
            throw new HubException("the record names no file");
        }
        JsonNode from = node.path("origin");
        Origin origin =
                from.isObject()
                        ? new Origin(
                                required(from, "source"),
                                required(from, "reference"),
                                text(from, "revision").orElse(null))
                        : null;
        return new ModelRecord(
                ModelName.parse(required(node, "name")),
                items,
                Instant.parse(required(node, "added")),
                origin,
                node.path("shared").asBoolean(false));
    }

    private static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    private static String required(JsonNode node, String field) {
        return text(node, field)
                .orElseThrow(() -> new HubException("the record lacks the text " + field));
    }
}
