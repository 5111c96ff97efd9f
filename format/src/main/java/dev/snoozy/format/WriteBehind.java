package dev.snoozy.format;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets the disk work on what has been written of a large file while more of it is being made, so
 * that little is left when the file is forced to disk at its end.
 *
 * <p>Used by the thread that writes. A failure of the disk comes out at the next call.
 */
final class WriteBehind implements AutoCloseable {
    /** What the disk is given at a time: some tenths of a second of its work. */
    static final long STEP = 64L << 20;

    private final FileChannel channel;
    private final long step;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("write-behind").factory());
    private @Nullable Future<?> running;
    private long forced;

    /**
     * @param step bytes after which the disk is asked again
     */
    WriteBehind(FileChannel channel, long step) {
        this.channel = channel;
        this.step = step;
    }

    /** More has been written. */
    void written() throws IOException {
        if (channel.position() - forced < step || running != null && !running.isDone()) {
            return;
        }
        await();
        forced = channel.position();
        running =
                thread.submit(() -> {
                    channel.force(false);
                    return null;
                });
    }

    private void await() throws IOException {
        if (running == null) {
            return;
        }
        try {
            running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the disk was writing", e);
        } catch (ExecutionException e) {
            throw new IOException("the disk failed: " + e.getMessage(), e);
        } finally {
            running = null;
        }
    }

    /** Waits for what is under way: after it nobody but the caller uses the channel. */
    @Override
    public void close() throws IOException {
        try {
            await();
        } finally {
            thread.close();
        }
    }
}
