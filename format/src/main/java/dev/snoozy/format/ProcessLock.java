package dev.snoozy.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A lock file: whoever has it is the only one, of all threads and processes. The system gives it
 * back when a process dies; the file stays unless somebody removes it, which its holder may do.
 * Thread-safe; whoever took it closes it.
 */
public final class ProcessLock implements AutoCloseable {
    /** Where the lock lies in its file: where no byte is, since some systems forbid reading it. */
    private static final long PLACE = Long.MAX_VALUE - 1;

    /** A lock on a file is one of the whole process, so its threads need this besides. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes a lock if nobody has it.
     *
     * @param file is made if it is not there, in a folder that is there
     * @return nothing if another thread or process has it
     * @throws IOException if the file cannot be made or written to
     */
    public static Optional<ProcessLock> tryTake(Path file) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        synchronized (HELD) {
            if (!HELD.add(path)) {
                return Optional.empty();
            }
        }
        Optional<ProcessLock> taken = Optional.empty();
        try {
            taken = locked(path);
            return taken;
        } finally {
            if (taken.isEmpty()) {
                release(path);
            }
        }
    }

    private static Optional<ProcessLock> locked(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            ours = isFree(channel) && isStillThere(file, channel);
            return ours ? Optional.of(new ProcessLock(file, channel)) : Optional.empty();
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(PLACE, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process has it, by another name of the file
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

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release(file);
        }
    }

    private static void release(Path file) {
        synchronized (HELD) {
            HELD.remove(file);
        }
    }
}
