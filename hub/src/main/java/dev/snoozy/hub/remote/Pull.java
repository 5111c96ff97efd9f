package dev.snoozy.hub.remote;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.Sha256;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.PullListener;
import dev.snoozy.hub.PullProgress;
import dev.snoozy.hub.PullProgress.Phase;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.hub.download.DiskSpace;
import dev.snoozy.hub.download.DownloadException;
import dev.snoozy.hub.download.FileDownload;
import dev.snoozy.hub.download.FolderLock;
import dev.snoozy.hub.download.RemoteFile;
import dev.snoozy.hub.download.StatusException;
import dev.snoozy.hub.download.Web;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One pull of one model. Used by one thread. */
public final class Pull {
    private final Web web;
    private final DiskSpace space;
    private final Finding model;
    private final PullListener listener;
    private final Speed speed = new Speed();

    /** Bytes of the files that are done. */
    private long before;

    public Pull(Web web, DiskSpace space, Finding model, PullListener listener) {
        this.web = web;
        this.space = space;
        this.model = model;
        this.listener = listener;
    }

    /** Refuses a file that is not what it should be. */
    @FunctionalInterface
    public interface Check {
        void check(Path file) throws IOException;
    }

    /** Pulls the model into a store. */
    public StoredModel into(ModelStore store, Check check) throws InterruptedException {
        Path folder = store.partial().resolve(key(model.origin()));
        return done(() -> {
            try (FolderLock lock = FolderLock.take(folder, this::waiting)) {
                Optional<StoredModel> there = present(store);
                if (there.isPresent()) {
                    lock.removeFolder();
                    report(Phase.DONE, "", "", total(), 0, 0);
                    return there.get();
                }
                model.notes().forEach(listener::note);
                List<FileDownload.Fetched> fetched = fetchAll(folder);
                checked(check, fetched);
                List<StoredFile> files =
                        fetched.stream()
                                .map(f -> new StoredFile(f.file(), f.bytes(), f.sha256()))
                                .toList();
                StoredModel stored = store.add(model.name(), files, model.origin());
                lock.removeFolder();
                report(Phase.DONE, "", "", total(), 0, 0);
                return stored;
            }
        });
    }

    private static void checked(Check check, List<FileDownload.Fetched> fetched)
            throws IOException {
        try {
            check.check(fetched.getFirst().file());
        } catch (FormatException e) {
            for (FileDownload.Fetched each : fetched) {
                Files.deleteIfExists(each.file());
            }
            throw new HubException(
                    "what arrived is not a model that can be used, and was deleted: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Pulls the files into a folder of the cache. */
    public Path intoFolder(Path cache) throws InterruptedException {
        String revision = String.valueOf(model.origin().revision());
        Path target = cache.resolve(model.name().toString().replace("/", "--")).resolve(revision);
        Path folder = cache.resolve(".partial").resolve(key(model.origin()));
        return done(() -> {
            try (FolderLock lock = FolderLock.take(folder, this::waiting)) {
                if (!Files.isDirectory(target)) {
                    fetchAll(folder.resolve("files"));
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.move(folder.resolve("files"), target, StandardCopyOption.ATOMIC_MOVE);
                }
                lock.removeFolder();
                report(Phase.DONE, "", "", total(), 0, 0);
                return target;
            }
        });
    }

    /** What works on the disk and the network. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T done(Work<T> work) throws InterruptedException {
        try {
            return work.run();
        } catch (StatusException e) {
            throw model.source().explain(e);
        } catch (DownloadException e) {
            throw new HubException(String.valueOf(e.getMessage()), e);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted");
        } catch (IOException e) {
            throw new HubException(
                    "%s: %s: %s"
                            .formatted(model.name(), e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    private void waiting() {
        report(Phase.WAITING, "", "", 0, 0, 0);
    }

    /** The model, if it is in the store with the very files that would be fetched. */
    private Optional<StoredModel> present(ModelStore store) {
        String name = model.name().toString();
        return store.list().stream()
                .filter(stored -> stored.place() == Place.STORE && stored.name().equals(name))
                .filter(this::hasSameFiles)
                .findFirst();
    }

    private boolean hasSameFiles(StoredModel stored) {
        List<RemoteFile> files = model.files();
        if (stored.files().size() != files.size()) {
            return false;
        }
        for (int i = 0; i < files.size(); i++) {
            StoredFile here = stored.files().get(i);
            String expected = files.get(i).sha256();
            boolean same =
                    expected != null
                            && expected.equals(here.sha256())
                            && files.get(i).bytes() == here.bytes()
                            && Files.isRegularFile(here.file());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private List<FileDownload.Fetched> fetchAll(Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        space.check(folder, Math.max(0, total() - bytesIn(folder)));
        FileDownload download = new FileDownload(web, space);
        List<FileDownload.Fetched> fetched = new ArrayList<>();
        for (RemoteFile file : model.files()) {
            fetched.add(download.fetch(file, folder, new Reports(file)));
            before += fetched.getLast().bytes();
        }
        return fetched;
    }

    /** What earlier pulls have left, at most: files that grow are as long as they will be. */
    private static long bytesIn(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            long bytes = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    private long total() {
        return Math.max(0, model.bytes());
    }

    private final class Reports implements FileDownload.Listener {
        private final RemoteFile file;

        Reports(RemoteFile file) {
            this.file = file;
        }

        @Override
        public void received(long bytes, long total, int connections) {
            report(Phase.DOWNLOADING, file.name(), digest(), bytes, total, connections);
        }

        @Override
        public void verified(long bytes, long total) {
            report(Phase.VERIFYING, file.name(), digest(), bytes, total, 0);
        }

        @Override
        public void note(String what) {
            listener.note(what);
        }

        private String digest() {
            return Objects.requireNonNullElse(file.sha256(), "");
        }
    }

    private void report(
            Phase phase, String file, String sha256, long bytes, long fileTotal, int connections) {
        boolean growing = phase == Phase.DOWNLOADING;
        double rate = growing ? speed.at(System.nanoTime(), before + bytes) : 0;
        long total = model.bytes() >= 0 ? model.bytes() : before + fileTotal;
        long all =
                switch (phase) {
                    case VERIFYING -> before + fileTotal;
                    case DONE -> total;
                    default -> before + bytes;
                };
        listener.progress(
                new PullProgress(
                        phase, file, sha256, all, total, bytes, fileTotal, rate, connections));
    }

    /** The folder of an unfinished pull: the same for the same model, whatever its state there. */
    public static String key(Origin origin) {
        String text = origin.source() + " " + origin.reference();
        String readable = origin.reference().replaceAll("[^A-Za-z0-9._-]+", "-");
        int from = Math.max(0, readable.length() - 60);
        return Sha256.of(text).substring(0, 16)
                + readable.substring(from).replaceFirst("^[.-]*", "-");
    }
}
