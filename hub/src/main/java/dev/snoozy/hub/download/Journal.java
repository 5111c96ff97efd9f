package dev.snoozy.hub.download;

import dev.snoozy.format.AtomicFile;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

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
        int version,
        long bytes,
        @Nullable String validator,
        @Nullable String sha256,
        long chunk,
        long[] done) {
    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Journal of(RemoteFile file, @Nullable String validator, Chunks chunks) {
        return new Journal(
                VERSION,
                chunks.total(),
                validator,
                file.sha256(),
                chunks.size(),
                chunks.done());
    }

    /** The journal of a file, if there is one and it is sound. */
    static Optional<Journal> read(Path path) throws IOException {
        try {
            if (Files.size(path) > MOST_BYTES) {
                return Optional.empty();
            }
            Journal journal = MAPPER.readValue(Files.readAllBytes(path), Journal.class);
            return journal != null && journal.isSound() ? Optional.of(journal) : Optional.empty();
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty(); // the file is fetched from its beginning
        }
    }

    private boolean isSound() {
        if (version != VERSION || bytes < 1 || chunk < 1 || done == null) {
            return false;
        }
        if (done.length != (bytes - 1) / chunk + 1) {
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
        byte[] json = MAPPER.writeValueAsBytes(this);
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
