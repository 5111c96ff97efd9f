package dev.snoozy.studio.models;

import dev.snoozy.format.GgufFile;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

/** Says whether a model will fit into the memory of this machine. Thread-safe. */
@FunctionalInterface
public interface MemoryCheck {
    /** Says nothing. */
    MemoryCheck NONE = file -> Json::object;

    /** The verdict on a model, which is another one when other memory is free. Thread-safe. */
    @FunctionalInterface
    interface Verdict {
        /**
         * The memory that the model needs, as the page reads it: bytes {@code need}, {@code free},
         * and whether it {@code fits}; empty if that is not known.
         */
        ObjectNode now();
    }

    /** Reads what a model needs; the file may be closed afterwards. */
    Verdict of(GgufFile file);
}
