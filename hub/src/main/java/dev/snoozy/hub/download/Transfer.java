package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Brings the chunks of a file onto the disk over several connections. The thread that calls {@link
 * #run} keeps the journal, watches the connections and tells of the progress.
 */
final class Transfer {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int POINTER_BYTES = 1024;
    private static final String POINTER = "version https://git-lfs";

    private final Web web;
    private final RemoteFile file;
    private final Chunks chunks;
    private final @Nullable String validator;
    private final Path data;
    private final Path journal;
    private final DiskSpace space;

    private final List<Part> parts = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int running;
    private boolean ranges;
    private boolean over;
    private @Nullable Exception failure;

    /**
     * A transfer.
     *
     * @param validator the ETag of the server, if nothing better tells the content
     */
    Transfer(
            Web web,
            RemoteFile file,
            Chunks chunks,
            @Nullable String validator,
            Path data,
            Path journal,
            DiskSpace space) {
        this.web = web;
        this.file = file;
        this.chunks = chunks;
        this.validator = validator;
        this.data = data;
        this.journal = journal;
        this.space = space;
    }

    /**
     * Fetches what is missing. However it ends, what is there has been written down.
     *
     * @throws ChangedException if the file has become another one
     * @throws DownloadException if it cannot be fetched
     */
    void run(Progress progress) throws IOException, InterruptedException {
        if (chunks.isComplete()) {
            return;
        }
        try {
            start();
            watch(progress);
        } finally {
            stop();
            save();
        }
        rethrow();
    }

    /** Is told of progress now and then. */
    @FunctionalInterface
    interface Progress {
        void at(long bytes, int connections);
    }

    private synchronized void start() {
        Part part = new Part(this, web, file, chunks, data);
        parts.add(part);
        running++;
        threads.add(Thread.ofVirtual().name("snoozy-download-" + parts.size()).start(part));
    }

    private void watch(Progress progress) throws IOException, InterruptedException {
        long saved = System.nanoTime();
        while (await()) {
            if (ranges() && parts.size() < web.limits().connections()) {
                start();
            }
            parts.forEach(Part::watch);
            long now = System.nanoTime();
            if (now - saved >= web.limits().journal().toNanos()) {
                save();
                saved = now;
                space.check(data, chunks.total() - chunks.present());
            }
            int connected = (int) parts.stream().filter(Part::isConnected).count();
            progress.at(chunks.present(), connected);
        }
        progress.at(chunks.present(), 0);
    }

    /** Waits a little; returns whether anything is still going on. */
    private synchronized boolean await() throws InterruptedException {
        if (running > 0 && failure == null) {
            wait(TICK.toMillis());
        }
        return running > 0 && failure == null;
    }

    private void stop() {
        synchronized (this) {
            over = true;
        }
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // they end soon, and write to no file after that
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void save() throws IOException, InterruptedException {
        Journal state = Journal.of(file, validator, chunks);
        try (RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
            out.getFD().sync();
        }
        try {
            state.write(journal);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while a journal was written");
        }
    }

    private synchronized void rethrow() throws IOException {
        switch (failure) {
            case null -> {
                if (!chunks.isComplete()) {
                    throw new IOException(file.name() + ": the download ended early");
                }
            }
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IOException(failure);
        }
    }

    // What parts call.

    synchronized boolean isOver() {
        return over || failure != null;
    }

    synchronized void fail(Exception e) {
        if (failure == null) {
            failure = e;
        }
        notifyAll();
    }

    synchronized void ended() {
        running--;
        notifyAll();
    }

    synchronized void rangesWork() {
        ranges = true;
    }

    /** Whether the server has sent a part; only then more than one thread asks for parts. */
    synchronized boolean ranges() {
        return ranges;
    }

    /** Refuses an answer that is not about the file that was begun. */
    void check(Reply<?> reply, InputStream body) throws IOException {
        long total =
                reply.status() == 206
                        ? reply.range().orElse(new Reply.ContentRange(-1, -1)).total()
                        : reply.number("Content-Length").orElse(-1);
        if (total == -1 && reply.status() == 206) {
            total = chunks.total(); // not told, which is allowed
        }
        if (reply.isEncoded()) {
            throw new DownloadException(
                    "%s: %s sends it packed, expected the file as it is"
                            .formatted(file.name(), reply.uri().getHost()));
        }
        if (total != -1 && total != chunks.total()) {
            if (total < POINTER_BYTES && isPointer(body)) {
                throw new DownloadException(
                        "%s: %s has only the pointer of git LFS in its place; cure: another mirror"
                                .formatted(file.name(), reply.uri().getHost()));
            }
            throw new ChangedException(
                    "%s: expected %d bytes, %s has %d"
                            .formatted(file.name(), chunks.total(), reply.uri().getHost(), total));
        }
        String linked = reply.anyHeader("X-Linked-Etag").map(t -> t.replace("\"", "")).orElse("");
        String sha256 = file.sha256();
        if (sha256 != null && linked.matches("[0-9a-f]{64}") && !linked.equals(sha256)) {
            throw new ChangedException(file.name() + ": the repository has another file by now");
        }
        if (validator != null && !validator.equals(reply.validator().orElse(null))) {
            throw new ChangedException(file.name() + ": the server has another file by now");
        }
    }

    private static boolean isPointer(InputStream body) throws IOException {
        byte[] start = body.readNBytes(POINTER.length());
        return new String(start, StandardCharsets.US_ASCII).equals(POINTER);
    }

    /** The headers by which a server sends the whole file if it is another one by now. */
    Map<String, String> conditions() {
        boolean strong = validator != null && validator.startsWith("\"");
        return strong ? Map.of("If-Range", Objects.requireNonNull(validator)) : Map.of();
    }

    /** A write that fails for want of room is no matter of the network. */
    void checkDisk(IOException e) {
        String reason = Backoff.reason(e);
        if (reason.contains("No space left") || reason.contains("not enough space")) {
            throw new DownloadException(
                    "%s: the disk is full; cure: make room, then the same command goes on"
                            .formatted(file.name()),
                    e);
        }
    }
}
