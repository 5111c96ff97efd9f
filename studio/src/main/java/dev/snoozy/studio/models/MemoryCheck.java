package dev.snoozy.studio.models;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;

/** Says whether a model will fit into the memory of this machine. Thread-safe. */
@FunctionalInterface
public interface MemoryCheck {
    /** Says nothing. */
    MemoryCheck NONE = (metadata, tensors, bytes) -> Json::object;

    /** The verdict on a model, which is another one when other memory is free. Thread-safe. */
    @FunctionalInterface
    interface Verdict {
        /**
         * The memory that the model needs, as the page reads it: bytes {@code need}, {@code free},
         * and whether it {@code fits}; empty if that is not known.
         */
        ObjectNode now();
    }

    /**
     * What a model needs.
     *
     * @param tensors of its file
     * @param bytes of all tensors if those are of other number formats than the model's; 0 if they
     *     are its own
     */
    Verdict of(Metadata metadata, Collection<TensorInfo> tensors, long bytes);

    /** Reads what a model needs; the file may be closed afterwards. */
    default Verdict of(GgufFile file) {
        return of(file.metadata(), file.tensors(), 0);
    }
}
