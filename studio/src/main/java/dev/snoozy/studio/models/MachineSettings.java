package dev.snoozy.studio.models;

import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What was chosen on the page of how models run on this machine. What was given at the start counts
 * before it. Thread-safe.
 */
public final class MachineSettings {
    /** Threads that compute: a number. */
    public static final String THREADS = "threads";

    /** The most bytes for models: a number. */
    public static final String MEMORY = "modelMemory";

    private static final int MOST_THREADS = 1024;
    private static final long LEAST_MEMORY = 1L << 28;

    private final Supplier<ObjectNode> settings;
    private final Map<String, String> given;

    /**
     * Settings of the page.
     *
     * @param settings all that were chosen, by their names
     * @param given those that were given at the start, with how: the flag and its value
     */
    public MachineSettings(Supplier<ObjectNode> settings, Map<String, String> given) {
        this.settings = settings;
        this.given = Map.copyOf(given);
    }

    /** How a setting was given at the start, so that nothing can be chosen: {@code --threads 4}. */
    public Optional<String> given(String name) {
        return Optional.ofNullable(given.get(name));
    }

    /** The threads that were chosen. */
    public OptionalInt threads() {
        JsonNode value = chosen(THREADS);
        return isThreads(value) ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
    }

    /** The most bytes for models that were chosen. */
    public OptionalLong memory() {
        JsonNode value = chosen(MEMORY);
        return isMemory(value) ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    private JsonNode chosen(String name) {
        return given.containsKey(name) ? Json.object().path(name) : settings.get().path(name);
    }

    /** Whether a value is a possible number of threads. */
    public static boolean isThreads(JsonNode node) {
        return isWhole(node) && node.asLong() >= 1 && node.asLong() <= MOST_THREADS;
    }

    /** Whether a value is a possible amount of memory: 256 MiB at least. */
    public static boolean isMemory(JsonNode node) {
        return isWhole(node) && node.asLong() >= LEAST_MEMORY;
    }

    private static boolean isWhole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    /** What a setting may be, or "" if it is none of these. */
    public static String expected(String name) {
        return switch (name) {
            case THREADS -> "expected a whole number from 1 to " + MOST_THREADS;
            case MEMORY -> "expected a whole number of bytes from " + LEAST_MEMORY;
            default -> "";
        };
    }
}
