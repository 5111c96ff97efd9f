package dev.snoozy.format;

import java.util.OptionalLong;

/**
 * The memory that there is for a model.
 *
 * @param available bytes that are free, or nothing if none knows
 * @param cache the most bytes for keys and values of all texts
 * @param prefixes the most bytes of that for the beginnings of texts
 */
public record MemoryLimits(OptionalLong available, long cache, long prefixes) {
    /** No limits at all, and nothing remembered. */
    public static final MemoryLimits NONE =
            new MemoryLimits(OptionalLong.empty(), Long.MAX_VALUE, 0);

    /** Whether so many bytes are free, as far as anybody knows. */
    public boolean hasRoom(long bytes) {
        return available.isEmpty() || bytes <= available.getAsLong();
    }
}
