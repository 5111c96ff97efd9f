package dev.snoozy.studio;

import dev.snoozy.hub.Hub;
import dev.snoozy.server.jobs.JobKind;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.models.MemoryCheck;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the studio runs. Immutable.
 *
 * @param home the folder of its data
 * @param version of Snoozy, which the page shows
 * @param files the models, as the person at the page may fetch and remove them
 * @param memory says which models fit
 * @param kinds of long work beside those of this room
 * @param hub that is asked for models when somebody searches; null if nobody is asked
 * @param given settings of the machine that were given at the start, by their names, with how: the
 *     flag and its value
 */
public record StudioOptions(
        Path home,
        String version,
        ModelFiles files,
        MemoryCheck memory,
        List<JobKind> kinds,
        @Nullable Hub hub,
        Map<String, String> given) {
    public StudioOptions {
        kinds = List.copyOf(kinds);
        given = Map.copyOf(given);
    }

    /** With the data in this folder, and nothing from elsewhere. */
    public static StudioOptions in(Path home, ModelFiles files) {
        return new StudioOptions(home, "", files, MemoryCheck.NONE, List.of(), null, Map.of());
    }

    /** The file of the data. */
    Path file() {
        return home.resolve("snoozy.db");
    }

    /** The folder of runs of training, each in a folder of its own. */
    Path runs() {
        return home.resolve("runs");
    }

    /** The folder of the user's models. */
    Path models() {
        return home.resolve("models");
    }
}
