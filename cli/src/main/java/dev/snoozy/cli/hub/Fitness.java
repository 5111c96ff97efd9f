package dev.snoozy.cli.hub;

import dev.snoozy.format.AvailableMemory;
import dev.snoozy.hub.ModelHeader;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/** Whether a model fits into the memory that is free now. */
final class Fitness {
    private final OptionalLong available = AvailableMemory.here();

    /** Whether it fits; null if that is unknown. */
    @Nullable Boolean of(ModelHeader header) {
        return (header.memory() == 0 || available.isEmpty())
                ? null
                : Boolean.valueOf(header.memory() <= available.getAsLong());
    }
}
