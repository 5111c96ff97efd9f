package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Printable;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.hub.RemoteModel;
import dev.snoozy.kernels.CacheType;

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
        // The parts of a split model are about as large as their tensors.
        long weights =
                model.files().size() > 1
                        ? model.bytes()
                        : header.tensors().stream().mapToLong(TensorInfo::bytes).sum();
        OptionalLong free = AvailableMemory.here();
        try {
            MemoryNeed need = MemoryNeed.of(header.metadata(), weights, CacheType.F16::bytes);
            long needed = need.packed(0, 0);
            return new RemoteFit(
                    header.metadata().string("general.architecture"),
                    needed,
                    free.isPresent() ? free.getAsLong() : null,
                    free.isPresent() ? needed <= free.getAsLong() : null,
                    need.trainedContext());
        } catch (FormatException e) {
            return null;
        }
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
