package dev.snoozy.studio;

import dev.snoozy.studio.models.MemoryCheck;

import java.nio.file.Path;

/**
 * How the studio runs. Immutable.
 *
 * @param home the folder of its data
 * @param version of Snoozy, which the page shows
 * @param memory says which models fit
 */
public record StudioOptions(Path home, String version, MemoryCheck memory) {
    /** With the data in this folder, and nothing from elsewhere. */
    public static StudioOptions in(Path home) {
        return new StudioOptions(home, "", MemoryCheck.NONE);
    }

    /** The file of the data. */
    Path file() {
        return home.resolve("snoozy.db");
    }

    /** The folder of the user's models. */
    Path models() {
        return home.resolve("models");
    }
}
