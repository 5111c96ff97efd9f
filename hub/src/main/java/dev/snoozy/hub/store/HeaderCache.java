package dev.snoozy.hub.store;

import dev.snoozy.format.AtomicFile;
import dev.snoozy.format.GgufFile;
import dev.snoozy.hub.ModelHeader;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Headers that were read before, so that a list opens only what has changed: a header holds for a
 * path, a size and a time of change. Losing them costs time only. Thread-safe.
 */
public final class HeaderCache {
    private static final int MOST_BYTES = 16 << 20;
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final ToLongFunction<GgufFile> memory;
    private @Nullable Map<String, Known> known;
    private boolean changed;

    /** A header, and the file that had it. */
    private record Known(long bytes, Instant modified, ModelHeader header) {
        boolean isThatOf(StoredModel model) {
            return bytes == model.bytes() && modified.equals(model.modified());
        }
    }

    /**
     * What is kept in a file.
     *
     * @param memory tells what running a model takes, or 0 if that is unknown
     */
    public HeaderCache(Path file, ToLongFunction<GgufFile> memory) {
        this.memory = memory;
        this.file = file;
    }

    /** The header of a model. */
    public synchronized ModelHeader of(StoredModel model) {
        Map<String, Known> map = known == null ? read() : known;
        known = map;
        String key = model.file().toString();
        Known found = map.get(key);
        if (found != null && found.isThatOf(model)) {
            return found.header();
        }
        ModelHeader header = ModelHeader.read(model.file(), memory);
        map.put(key, new Known(model.bytes(), model.modified(), header));
        changed = true;
        return header;
    }

    /** Keeps what was read, if there is a folder for it. */
    public synchronized void save() {
        Path folder = file.getParent();
        if (known == null || !changed || folder == null || !Files.isDirectory(folder)) {
            return;
        }
        known.keySet().removeIf(HeaderCache::isGone);
        ObjectNode node = JSON.createObjectNode();
        node.put("version", VERSION);
        ObjectNode files = node.putObject("files");
        known.forEach((path, entry) -> files.set(path, node(entry)));
        byte[] text = JSON.writeValueAsBytes(node);
        if (text.length > MOST_BYTES) {
            return;
        }
        try {
            AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(text)));
            changed = false;
        } catch (IOException e) {
            changed = true; // a folder that we may not write; the headers are read again next time
        }
    }

    private static boolean isGone(String path) {
        try {
            return !Files.exists(Path.of(path));
        } catch (InvalidPathException e) {
            return true; // of another system, or damaged
        }
    }

    private Map<String, Known> read() {
        Map<String, Known> map = new HashMap<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return map;
            }
            JsonNode node = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
            if (node.path("version").asInt(0) == VERSION) {
                for (Map.Entry<String, JsonNode> entry : node.path("files").properties()) {
                    map.put(entry.getKey(), known(entry.getValue()));
                }
            }
            return map;
        } catch (IOException | RuntimeException e) {
            return new HashMap<>(); // whatever is wrong with it, the files say the same
        }
    }

    private static ObjectNode node(Known entry) {
        ModelHeader header = entry.header();
        ObjectNode node = JSON.createObjectNode();
        node.put("bytes", entry.bytes());
        node.put("modified", entry.modified().toString());
        node.put("architecture", header.architecture());
        node.put("parameters", header.parameters());
        node.put("quantization", header.quantization());
        node.put("context_length", header.contextLength());
        node.put("memory", header.memory());
        if (header.problem() != null) {
            node.put("problem", header.problem());
        }
        return node;
    }

    private static Known known(JsonNode node) {
        JsonNode problem = node.path("problem");
        return new Known(
                node.path("bytes").asLong(),
                Instant.parse(node.path("modified").asString()),
                new ModelHeader(
                        node.path("architecture").asString(),
                        node.path("parameters").asLong(),
                        node.path("quantization").asString(),
                        node.path("context_length").asInt(),
                        node.path("memory").asLong(),
                        problem.isString() ? problem.stringValue() : null));
    }
}
