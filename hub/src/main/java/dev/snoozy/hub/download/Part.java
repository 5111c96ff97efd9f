package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Fetches chunk after chunk over one connection at a time. A connection that ends early, or brings
 * next to nothing, is replaced, and the chunk goes on where it is. Run by one thread; {@link
 * #watch} is called by another.
 */
final class Part implements Runnable {
    private static final int BUFFER = 1 << 16;

    private final Transfer transfer;
    private final Web web;
    private final RemoteFile file;
    private final Chunks chunks;
    private final Path data;
    private final byte[] buffer = new byte[BUFFER];

    private final Object lock = new Object();
    private @Nullable InputStream current;
    private long windowStart;
    private long windowBytes;

    Part(Transfer transfer, Web web, RemoteFile file, Chunks chunks, Path data) {
        this.transfer = transfer;
        this.web = web;
        this.file = file;
        this.chunks = chunks;
        this.data = data;
    }

    @Override
    public void run() {
        // A channel would be closed by an interrupt; this is not.
        try (RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
            Integer chunk = chunks.take();
            while (chunk != null && !transfer.isOver()) {
                fetch(chunk, out);
                chunk = chunks.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the transfer is over, and its owner knows why
        } catch (IOException | RuntimeException e) {
            transfer.fail(e);
        } finally {
            transfer.ended();
        }
    }

    private void fetch(int chunk, RandomAccessFile out) throws IOException, InterruptedException {
        Backoff backoff = new Backoff(web.limits());
        boolean alone = false;
        while (!transfer.isOver()) {
            long before = chunks.present();
            Attempt attempt = alone ? all(out) : attempt(chunk, out);
            if (attempt == Attempt.DONE) {
                return;
            }
            if (attempt == Attempt.NO_RANGES) {
                chunks.beginSequential(); // no other part has begun, see Transfer
                alone = true;
                continue;
            }
            if (chunks.present() > before) {
                backoff.reset();
            }
            var wait = attempt.reply() == null ? backoff.next() : backoff.after(attempt.reply());
            if (backoff.isOver()) {
                throw new DownloadException(
                        "%s: %d attempts in a row brought nothing new, the last: %s; what is here is"
                                        .formatted(
                                                file.name(),
                                                web.limits().attempts(),
                                                attempt.reason())
                                + " kept, and the same command goes on with it");
            }
            Thread.sleep(wait);
        }
    }

    /** How an attempt ended. */
    private record Attempt(String reason, @Nullable Reply<?> reply) {
        static final Attempt DONE = new Attempt("done", null);
        static final Attempt NO_RANGES = new Attempt("no ranges", null);
    }

    private Attempt attempt(int chunk, RandomAccessFile out) throws InterruptedException {
        long from = chunks.position(chunk);
        long end = chunks.end(chunk);
        Map<String, String> headers = new HashMap<>(transfer.conditions());
        headers.put("Range", "bytes=%d-%d".formatted(from, end - 1));
        try {
            Reply<InputStream> reply = web.stream(file.uri(), headers);
            try (InputStream body = reply.body()) {
                if (reply.status() == 200) {
                    transfer.check(reply, body);
                    return transfer.ranges()
                            ? new Attempt("a server that sent parts sends only the whole", reply)
                            : Attempt.NO_RANGES;
                }
                if (reply.status() != 206) {
                    return refused(reply);
                }
                transfer.check(reply, body);
                long found = reply.range().orElse(new Reply.ContentRange(-1, -1)).from();
                if (found != from) {
                    String where = found < 0 ? "nowhere" : "byte " + found;
                    return new Attempt(
                            "asked for byte " + from + ", the answer begins at " + where, reply);
                }
                transfer.rangesWork();
                copy(body, out, chunk);
                if (chunks.position(chunk) == end) {
                    finish(reply, body, end - from);
                    return Attempt.DONE;
                }
                return new Attempt("the connection ended early", null);
            }
        } catch (IOException e) {
            transfer.checkDisk(e);
            return new Attempt(Backoff.reason(e), null);
        }
    }

    /** Reads the end of a body that ends where it should, so that its connection can be reused. */
    private static void finish(Reply<?> reply, InputStream body, long expected) throws IOException {
        if (reply.number("Content-Length").orElse(-1) == expected) {
            int more = body.read();
            assert more == -1;
        }
    }

    private Attempt refused(Reply<?> reply) {
        if (reply.status() == 416) {
            long total = reply.range().orElse(new Reply.ContentRange(-1, -1)).total();
            if (total != -1 && total != chunks.total()) {
                throw new ChangedException(
                        "%s: expected %d bytes, the server has %d"
                                .formatted(file.name(), chunks.total(), total));
            }
            return new Attempt("status 416 to a range that the file has", reply);
        }
        if (Backoff.isTransient(reply)) {
            return new Attempt("status " + reply.status(), reply);
        }
        throw reply.problem();
    }

    /** The whole file from its beginning, where the server knows no ranges. */
    private Attempt all(RandomAccessFile out) throws InterruptedException {
        try {
            Reply<InputStream> reply = web.stream(file.uri(), Map.of());
            try (InputStream body = reply.body()) {
                if (reply.status() != 200) {
                    return refused(reply);
                }
                transfer.check(reply, body);
                watched(body);
                for (int chunk = 0; chunk < chunks.count(); chunk++) {
                    if (!skip(body, chunks.position(chunk) - chunks.start(chunk))) {
                        return new Attempt("the connection ended early", null);
                    }
                    copy(body, out, chunk);
                    if (chunks.position(chunk) < chunks.end(chunk)) {
                        return new Attempt("the connection ended early", null);
                    }
                }
                return Attempt.DONE;
            } finally {
                watched(null);
            }
        } catch (IOException e) {
            transfer.checkDisk(e);
            return new Attempt(Backoff.reason(e), null);
        }
    }

    /** Reads what is there already. */
    private boolean skip(InputStream body, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int read = body.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                return false;
            }
            count(read);
            left -= read;
        }
        return true;
    }

    /** Copies a chunk until it is whole or the body ends; never more. */
    private void copy(InputStream body, RandomAccessFile out, int chunk) throws IOException {
        watched(body);
        try {
            long at = chunks.position(chunk);
            long end = chunks.end(chunk);
            out.seek(at);
            while (at < end && !transfer.isOver()) {
                int read = body.read(buffer, 0, (int) Math.min(buffer.length, end - at));
                if (read < 0) {
                    return;
                }
                out.write(buffer, 0, read);
                at += read;
                chunks.add(chunk, read);
                count(read);
            }
        } finally {
            watched(null);
        }
    }

    private void watched(@Nullable InputStream body) {
        synchronized (lock) {
            current = body;
            windowStart = System.nanoTime();
            windowBytes = 0;
        }
    }

    private void count(int bytes) {
        synchronized (lock) {
            windowBytes += bytes;
        }
    }

    /** Whether a connection brings bytes at present. */
    boolean isConnected() {
        synchronized (lock) {
            return current != null;
        }
    }

    /** Ends a connection that has brought next to nothing for too long. */
    void watch() {
        InputStream stalled;
        synchronized (lock) {
            Limits limits = web.limits();
            long now = System.nanoTime();
            if (current == null || now - windowStart < limits.stall().toNanos()) {
                return;
            }
            stalled = windowBytes < limits.leastBytes() ? current : null;
            windowStart = now;
            windowBytes = 0;
        }
        if (stalled != null) {
            try {
                stalled.close(); // its reader sees the end
            } catch (IOException e) {
                return; // it has ended by itself
            }
        }
    }
}
