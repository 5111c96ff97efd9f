package dev.snoozy.hub;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A model on this machine.
 *
 * @param name by which it is found
 * @param files its files in order, the first of which is the one to open
 * @param bytes of all files together
 * @param modified when it was last changed
 * @param origin where it came from, if that is known
 * @param place in whose folder it lies
 */
public record StoredModel(
        String name,
        List<StoredFile> files,
        long bytes,
        Instant modified,
        @Nullable Origin origin,
        Place place) {
    public StoredModel {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException(name + ": expected a file at least, found none");
        }
    }

    /** The file to open: the only one, or the first part. */
    public Path file() {
        return files.getFirst().file();
    }
}
