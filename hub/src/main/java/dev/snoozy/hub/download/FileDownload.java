package dev.snoozy.hub.download;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Brings one file into a folder of unfinished downloads: {@code NAME.part} with {@code
 * NAME.journal} while it grows, {@code NAME} once its digest is proven. Whoever calls holds the
 * {@link FolderLock} of the folder.
 */
public final class FileDownload {
    private static final int MOST_RESTARTS = 2;

    private final Web web;
    private final DiskSpace space;

    public FileDownload(Web web, DiskSpace space) {
        this.web = web;
        this.space = space;
    }

    /** Is told what happens, by the thread that fetches. */
    public interface Listener {
        /** The bytes of the file that are there; those of earlier attempts too. */
        void received(long bytes, long total, int connections);

        /** The bytes of the file whose digest is being computed. */
        void verified(long bytes, long total);

        /** Something that whoever waits should know. */
        void note(String what);
    }

    /**
     * A file that is whole.
     *
     * @param isProven whether its digest is the one that its source tells
     */
    public record Fetched(Path file, long bytes, String sha256, boolean isProven) {}

    /** What the server tells before the first byte. */
    private record Facts(long bytes, @Nullable String validator) {}

    /**
     * Fetches a file, or goes on where an earlier call stopped.
     *
     * @throws InterruptedException if the thread was interrupted; what is there is kept
     * @throws DownloadException if it cannot be had
     */
    public Fetched fetch(RemoteFile file, Path folder, Listener listener)
            throws IOException, InterruptedException {
        Path target = folder.resolve(file.name());
        Files.createDirectories(parent(target));
        Optional<Fetched> there = whole(file, target, listener);
        if (there.isPresent()) {
            return there.get();
        }
        boolean wasWrong = false;
        int restarts = 0;
        while (true) {
            Facts facts = isPinned(file) ? known(file) : ask(file);
            try {
                bring(file, facts, target, listener);
            } catch (ChangedException e) {
                forget(target);
                boolean isPinned = isPinned(file);
                if (isPinned || ++restarts > MOST_RESTARTS) {
                    throw new DownloadException(
                            String.valueOf(e.getMessage())
                                    + (isPinned ? "; cure: try again, from the beginning" : ""),
                            e);
                }
                listener.note(e.getMessage() + "; it is fetched from its beginning");
                continue;
            }
            Digests found =
                    Digests.of(
                            data(target),
                            file.gitId() != null,
                            bytes -> listener.verified(bytes, facts.bytes()));
            if (isRight(file, found)) {
                Files.move(data(target), target, StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(journal(target));
                return new Fetched(target, facts.bytes(), found.sha256(), isPinned(file));
            }
            forget(target);
            if (wasWrong) {
                throw new DownloadException(
                        "%s: arrived damaged twice: expected the digest %s, found %s; it was deleted"
                                .formatted(file.name(), expected(file), found.sha256()));
            }
            wasWrong = true;
            listener.note(file.name() + " arrived damaged; it is fetched once more");
        }
    }

    /** The file, if an earlier call has proven it and ended before its next step. */
    private static Optional<Fetched> whole(RemoteFile file, Path target, Listener listener)
            throws IOException, InterruptedException {
        if (!Files.isRegularFile(target)) {
            return Optional.empty();
        }
        long bytes = Files.size(target);
        if (isPinned(file) && bytes == file.bytes()) {
            Digests found =
                    Digests.of(
                            target, file.gitId() != null, done -> listener.verified(done, bytes));
            if (isRight(file, found)) {
                return Optional.of(new Fetched(target, bytes, found.sha256(), true));
            }
        }
        Files.delete(target);
        return Optional.empty();
    }

    /** Whether a trusted side tells what the content is. */
    private static boolean isPinned(RemoteFile file) {
        return file.sha256() != null || file.gitId() != null;
    }

    private static boolean isRight(RemoteFile file, Digests found) {
        if (file.sha256() != null) {
            return file.sha256().equals(found.sha256());
        }
        return file.gitId() == null || file.gitId().equals(found.git());
    }

    private static String expected(RemoteFile file) {
        return file.sha256() != null ? file.sha256() : String.valueOf(file.gitId());
    }

    private static Facts known(RemoteFile file) {
        return new Facts(file.bytes(), null);
    }

    /** Asks for the first byte, to learn how many there are and what tells them from others. */
    private Facts ask(RemoteFile file) throws InterruptedException {
        Backoff backoff = new Backoff(web.limits());
        while (true) {
            DownloadException failure;
            try {
                Reply<InputStream> reply = web.stream(file.uri(), Map.of("Range", "bytes=0-0"));
                reply.body().close();
                if (reply.status() == 206 || reply.status() == 200) {
                    return facts(file, reply);
                }
                failure = reply.problem();
                if (!Backoff.isTransient(reply)) {
                    throw failure;
                }
                Thread.sleep(backoff.after(reply));
            } catch (IOException e) {
                failure = new DownloadException(file.name() + ": " + Backoff.reason(e), e);
                Thread.sleep(backoff.next());
            }
            if (backoff.isOver()) {
                throw failure;
            }
        }
    }

    private static Facts facts(RemoteFile file, Reply<?> reply) {
        long bytes =
                reply.status() == 206
                        ? reply.range().map(Reply.ContentRange::total).orElse(-1L)
                        : reply.number("Content-Length").orElse(-1);
        if (bytes < 1) {
            throw new DownloadException(
                    "%s: %s does not say how large it is, so that nobody could tell whether it is"
                                    .formatted(file.name(), reply.uri().getHost())
                            + " whole; cure: another server");
        }
        return new Facts(bytes, reply.validator().orElse(null));
    }

    private void bring(RemoteFile file, Facts facts, Path target, Listener listener)
            throws IOException, InterruptedException {
        Path data = data(target);
        if (facts.bytes() == 0) {
            Files.deleteIfExists(data);
            Files.createFile(data);
            return;
        }
        Optional<Chunks> begun = Optional.empty();
        if (Files.isRegularFile(data)) {
            long present = Files.size(data);
            Optional<Journal> journal = Journal.read(journal(target));
            begun =
                    journal.filter(j -> j.isOf(file, facts.bytes(), facts.validator()))
                            .flatMap(j -> j.chunks(present));
        }
        if (begun.isEmpty()) {
            forget(target);
        }
        Chunks chunks = begun.orElseGet(() -> Chunks.of(facts.bytes(), web.limits().chunk()));
        try (RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
            space.check(data, chunks.total() - chunks.present());
            out.setLength(facts.bytes()); // takes no room yet on most file systems
        }
        listener.received(chunks.present(), chunks.total(), 0);
        String validator = isPinned(file) ? null : facts.validator();
        new Transfer(web, file, chunks, validator, data, journal(target), space)
                .run((bytes, connections) -> listener.received(bytes, chunks.total(), connections));
    }

    private static void forget(Path target) throws IOException {
        Files.deleteIfExists(journal(target));
        Files.deleteIfExists(data(target));
    }

    private static Path data(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    private static Path journal(Path target) {
        return target.resolveSibling(target.getFileName() + ".journal");
    }

    private static Path parent(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException(target + ": expected a file in a folder");
        }
        return parent;
    }
}
