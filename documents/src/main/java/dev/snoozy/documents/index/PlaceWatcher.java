package dev.snoozy.documents.index;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits for changes below some places. It says only that something has changed: an {@link
 * DocumentCollection#update} finds out what, also what the system has not told of.
 *
 * <p>Used by one thread, and closed by whoever made it.
 */
public final class PlaceWatcher implements AutoCloseable {
    /** Files come in crowds, and in parts: changes are told when it has been quiet for so long. */
    private static final long QUIET_MILLIS = 500;

    private final WatchService service;
    private final List<Path> places;

    public PlaceWatcher(List<Path> places) throws IOException {
        this.places = List.copyOf(places);
        service = FileSystems.getDefault().newWatchService();
        registerAll();
    }

    /** Registers all folders; those that are registered already stay as they are. */
    private void registerAll() throws IOException {
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                Files.walkFileTree(place, new Registering(place));
            } else if (place.getParent() != null && Files.isDirectory(place.getParent())) {
                register(place.getParent());
            }
        }
    }

    private void register(Path folder) throws IOException {
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_DELETE,
                StandardWatchEventKinds.ENTRY_MODIFY);
    }

    /**
     * Waits until something has changed and it has become quiet.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void await() throws IOException, InterruptedException {
        try {
            WatchKey key = service.take();
            while (key != null) {
                key.pollEvents();
                key.reset();
                key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            }
            registerAll(); // folders may be new
        } catch (ClosedWatchServiceException e) {
            throw new InterruptedException("closed");
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }

    private final class Registering extends SimpleFileVisitor<Path> {
        private final Path root;

        Registering(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of)
                throws IOException {
            if (!folder.equals(root) && String.valueOf(folder.getFileName()).startsWith(".")) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            register(folder);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
