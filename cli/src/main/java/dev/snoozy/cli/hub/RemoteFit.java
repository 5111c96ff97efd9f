package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.cli.Printable;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.hub.RemoteModel;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/**
 * Whether a model that is not here yet will fit into the memory that is free now.
 *
 * @param needed bytes for a chat of usual length
 * @param available bytes that are free now, or null if that is unknown
 * @param contextLength positions it was trained with
 */
record RemoteFit(
        String architecture,
        long needed,
        @Nullable Long available,
        @Nullable Boolean fits,
        @JsonProperty("context_length") int contextLength) {
    /** The verdict by a header; null if it does not describe a whole network. */
    static @Nullable RemoteFit of(RemoteModel model, GgufHeader header) {
        MemoryNeed need =
                MemoryReckoning.of(header.metadata(), header.tensors(), LoadOptions.defaults())
                        .orElse(null);
        if (need == null) {
            return null;
        }
        // The header of a split model tells the tensors of its first part only; the other parts
        // are about as large as theirs.
        long known = header.tensors().stream().mapToLong(TensorInfo::bytes).sum();
        long others = model.files().size() > 1 ? model.bytes() - known : 0;
        long needed = MemoryReckoning.usual(need) + others;
        OptionalLong free = AvailableMemory.here();
        return new RemoteFit(
                header.metadata().string("general.architecture"),
                needed,
                free.isPresent() ? free.getAsLong() : null,
                free.isPresent() ? needed <= free.getAsLong() : null,
                need.trainedContext());
    }

    /** A sentence. */
    String text() {
        String need = "needs about " + Printable.bytes(needed) + " of memory";
        if (available == null || fits == null) {
            return need;
        }
        return need
                + ", "
                + Printable.bytes(available)
                + " are free: "
                + (fits ? "it fits" : "it does NOT fit; cure: a smaller number format");
    }
}
