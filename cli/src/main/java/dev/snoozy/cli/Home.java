package dev.snoozy.cli;

import dev.snoozy.documents.index.DocumentLibrary;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Folders: the one of the installation, and the user's own. The one place bound to a platform. */
public final class Home {
    private Home() {}

    /**
     * The folder of the user's models and settings: the property snoozy.data, the variable
     * SNOOZY_HOME, or the platform's data folder.
     */
    public static Path folder() {
        String given = System.getProperty("snoozy.data", System.getenv("SNOOZY_HOME"));
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        String user = System.getProperty("user.home", ".");
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("windows")) {
            return folder("LOCALAPPDATA", Path.of(user, "AppData", "Local")).resolve("Snoozy");
        }
        if (system.contains("mac")) {
            return Path.of(user, "Library", "Application Support", "Snoozy");
        }
        return folder("XDG_DATA_HOME", Path.of(user, ".local", "share")).resolve("snoozy");
    }

    /** The user's collections of documents. */
    public static DocumentLibrary documents() {
        return new DocumentLibrary(folder().resolve("collections"));
    }

    private static Path folder(String variable, Path otherwise) {
        String given = System.getenv(variable);
        return given == null || given.isBlank() ? otherwise : Path.of(given);
    }

    /** The folder of the installation, if the launcher or the build says so. */
    static Optional<Path> installation() {
        String given = System.getProperty("snoozy.home", System.getProperty("snoozy.root"));
        return Optional.ofNullable(given).map(Path::of);
    }
}
