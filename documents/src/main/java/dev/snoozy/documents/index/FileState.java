package dev.snoozy.documents.index;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a collection knows of a file. Immutable.
 *
 * @param path absolute
 * @param status what became of it
 * @param message why it failed, or what a user should know of it; or empty
 * @param type media type, or empty
 * @param title as the document names itself, or empty
 * @param bytes size of the file
 * @param modified time of its last change, in milliseconds since 1970
 * @param chunks that can be found
 * @param hash SHA-256 of its bytes, in hexadecimal digits
 * @param embedder that has made its vectors, or empty
 */
public record FileState(
        Path path,
        Status status,
        String message,
        String type,
        String title,
        long bytes,
        long modified,
        int chunks,
        String hash,
        String embedder) {
    /** What becomes of a file. */
    public enum Status {
        /** It can be found. */
        INDEXED,
        /** It could be read and has no text. */
        EMPTY,
        /** It could not be read. */
        FAILED
    }

    public FileState {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(status, "status");
    }
}
