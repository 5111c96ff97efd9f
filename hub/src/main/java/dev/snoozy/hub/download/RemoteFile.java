package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.net.URI;

/**
 * A file at the other end. Immutable.
 *
 * @param name of the file here: one harmless name, or several with {@code /} between them
 * @param bytes its size, or -1 if only its server knows
 * @param sha256 its digest, if a trusted side tells it, in lower-case digits
 * @param gitId the name of its content in git (SHA-1 with a header), for files without the other
 */
public record RemoteFile(
        URI uri, String name, long bytes, @Nullable String sha256, @Nullable String gitId) {}
