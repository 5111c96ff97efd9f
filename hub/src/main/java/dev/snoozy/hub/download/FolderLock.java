package dev.snoozy.hub.download;

import dev.snoozy.format.ProcessLock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * Keeps a folder of unfinished downloads for one download at a time, of all threads and processes.
 * Thread-safe.
 */
public final class FolderLock implements AutoCloseable {
    private static final long POLL_MILLIS = 200;

    private final Path folder;
    private final ProcessLock lock;

    private FolderLock(Path folder, ProcessLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes a folder, which is made if it is not there; waits while another has it.
     *
     * @param waiting is run once if there is something to wait for
     */
    public static FolderLock take(Path folder, Runnable waiting)
            throws IOException, InterruptedException {
        boolean told = false;
        while (true) {
            Optional<ProcessLock> lock = tryTake(folder);
            if (lock.isPresent()) {
                return new FolderLock(folder, lock.get());
            }
            if (!told) {
                waiting.run();
                told = true;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static Optional<ProcessLock> tryTake(Path folder) throws IOException {
        Files.createDirectories(folder);
        try {
            return ProcessLock.tryTake(file(folder));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // whoever had it has just removed it
        }
    }

    private static Path file(Path folder) {
        return folder.resolve("lock");
    }

    /** Removes the folder, with all that is left in it. The lock is still held. */
    public void removeFolder() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder) && !path.equals(file(folder))) {
                    Files.deleteIfExists(path);
                }
            }
        }
        Files.deleteIfExists(file(folder));
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
