package dev.snoozy.cli.compress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A folder for large files of the moment. It is gone with all that is in it when it is closed, and
 * also when the program is ended by a signal.
 */
final class ScratchFolder implements AutoCloseable {
    private final Path folder;
    private final Thread atEnd = new Thread(this::remove, "scratch-folder");

    /** Makes one in a folder. */
    ScratchFolder(Path parent) throws IOException {
        folder = Files.createTempDirectory(parent, ".report-");
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /** A file in it. */
    Path file(String name) {
        return folder.resolve(name);
    }

    private void remove() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            return; // what could not be removed has its place in its name
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            return; // the program is ending, and the hook with it
        }
    }
}
