package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps a folder of unfinished downloads for one download at a time, of all threads and processes.
 * The system gives it back when a process dies. Thread-safe.
 */
public final class FolderLock implements AutoCloseable {
    private static final long POLL_MILLIS = 200;

    /** Where the lock lies in its file: where no byte is, since some systems forbid reading it. */
    private static final long PLACE = Long.MAX_VALUE - 1;

    /** A lock on a file is one of the whole process, so its threads need this besides. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
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
            FolderLock lock = tryTake(folder.toAbsolutePath().normalize());
            if (lock != null) {
                return lock;
            }
            if (!told) {
                waiting.run();
                told = true;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static @Nullable FolderLock tryTake(Path folder) throws IOException {
        synchronized (HELD) {
            if (!HELD.add(folder)) {
                return null;
            }
        }
        FolderLock taken = null;
        try {
            Files.createDirectories(folder);
            taken = locked(folder);
            return taken;
        } finally {
            if (taken == null) {
                release(folder);
            }
        }
    }

    private static @Nullable FolderLock locked(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            return null; // whoever had it has just removed it
        }
        boolean ours = false;
        try {
            FileLock lock = channel.tryLock(PLACE, 1, false);
            ours = lock != null && isStillThere(file, channel);
            return ours ? new FolderLock(folder, channel) : null;
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    /** Whether the locked file is the one of that name, not one removed meanwhile. */
    private static boolean isStillThere(Path file, FileChannel channel) throws IOException {
        String mark = UUID.randomUUID().toString();
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.US_ASCII)), 0);
        try {
            return Files.readString(file).equals(mark);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Removes the folder, with all that is left in it. The lock is still held. */
    public void removeFolder() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder) && !path.equals(folder.resolve("lock"))) {
                    Files.deleteIfExists(path);
                }
            }
        }
        Files.deleteIfExists(folder.resolve("lock"));
        Files.deleteIfExists(folder);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release(folder);
        }
    }

    private static void release(Path folder) {
        synchronized (HELD) {
            HELD.remove(folder);
        }
    }
}
