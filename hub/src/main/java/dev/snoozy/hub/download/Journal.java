package dev.snoozy.hub.download;

import dev.snoozy.format.AtomicFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of an unfinished file: which one it is, and how much of it lies on the disk. It is
 * written after the data was forced there, so it never says too much.
 *
 * @param validator the ETag of the server, where nothing better tells the content
 * @param sha256 the digest that is expected
 * @param done bytes at the beginning of each chunk
 */
record Journal(
        long bytes, @Nullable String validator, @Nullable String sha256, long chunk, long[] done) {
    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_CHUNKS = 100_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Journal of(RemoteFile file, @Nullable String validator, Chunks chunks) {
        return new Journal(chunks.total(), validator, file.sha256(), chunks.size(), chunks.done());
    }

    /** The journal of a file, if there is one and it is sound. */
    static Optional<Journal> read(Path path) throws IOException {
        try {
            if (Files.size(path) > MOST_BYTES) {
                return Optional.empty();
            }
            return read(JSON.readTree(Files.readAllBytes(path)));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty(); // the file is fetched from its beginning
        }
    }

    private static Optional<Journal> read(JsonNode node) {
        JsonNode list = node.path("done");
        if (node.path("version").asInt(0) != VERSION || list.size() > MOST_CHUNKS) {
            return Optional.empty();
        }
        long[] done = new long[list.size()];
        for (int i = 0; i < done.length; i++) {
            done[i] = list.get(i).asLong(-1);
        }
        Journal journal =
                new Journal(
                        node.path("bytes").asLong(0),
                        node.path("validator").asString(null),
                        node.path("sha256").asString(null),
                        node.path("chunk").asLong(0),
                        done);
        return journal.isSound() ? Optional.of(journal) : Optional.empty();
    }

    private boolean isSound() {
        if (bytes < 1 || chunk < 1 || done.length != (bytes - 1) / chunk + 1) {
            return false;
        }
        for (int i = 0; i < done.length; i++) {
            if (done[i] < 0 || done[i] > Math.min(chunk, bytes - i * chunk)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it tells of this file, as far as can be known. */
    boolean isOf(RemoteFile file, long size, @Nullable String found) {
        return bytes == size
                && Objects.equals(sha256, file.sha256())
                && (sha256 != null || validator != null && validator.equals(found));
    }

    /** The chunks, unless the data is shorter than they say. */
    Optional<Chunks> chunks(long dataBytes) {
        Chunks chunks = new Chunks(bytes, chunk, done);
        for (int i = 0; i < done.length; i++) {
            if (done[i] > 0 && chunks.position(i) > dataBytes) {
                return Optional.empty();
            }
        }
        return Optional.of(chunks);
    }

    void write(Path path) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("version", VERSION);
        node.put("bytes", bytes);
        node.put("validator", validator);
        node.put("sha256", sha256);
        node.put("chunk", chunk);
        ArrayNode list = node.putArray("done");
        for (long each : done) {
            list.add(each);
        }
        byte[] json = JSON.writeValueAsBytes(node);
        AtomicFile.write(
                path,
                channel -> {
                    ByteBuffer buffer = ByteBuffer.wrap(json);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
    }
}
