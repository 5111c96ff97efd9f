package dev.snoozy.hub;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * A file of a model.
 *
 * @param file where it lies
 * @param bytes its size
 * @param sha256 its digest in 64 lower-case hexadecimal digits, if it was ever proven
 */
public record StoredFile(Path file, long bytes, @Nullable String sha256) {}
