package dev.snoozy.hub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whoever changes a store holds its lock, which keeps out other threads and other processes. The
 * system gives it back if the process dies.
 */
public final class StoreLock {
    /** The lock of a file is that of a whole process, so its threads need another. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private StoreLock() {}

    /** What is done while the lock is held. */
    @FunctionalInterface
    public interface Change<T> {
        T make() throws IOException;
    }

    /** Makes a change to a folder, which is created if it is not there. */
    public static <T> T hold(Path root, Change<T> change) throws IOException {
        Files.createDirectories(root);
        Path file = root.resolve(".lock");
        ReentrantLock threads =
                THREADS.computeIfAbsent(root.toRealPath(), r -> new ReentrantLock());
        threads.lock();
        try (FileChannel channel =
                        FileChannel.open(
                                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            return change.make();
        } finally {
            threads.unlock();
        }
    }
}
