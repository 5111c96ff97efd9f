package dev.snoozy.server.models;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The models that may be asked for. Thread-safe. */
public interface ModelFiles {
    /**
     * A model that is there.
     *
     * @param name what clients call it
     * @param file where it lies, which clients are never told
     * @param bytes its size
     * @param modified when it was last changed, in seconds since 1970
     */
    record Entry(String name, Path file, long bytes, long modified) {}

    /** All models, in the order in which they are shown. */
    List<Entry> all();

    /** The model of a name. A name is compared, never made into a path. */
    default Optional<Entry> find(String name) {
        return all().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }
}
