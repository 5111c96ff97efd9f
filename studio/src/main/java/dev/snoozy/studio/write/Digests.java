package dev.snoozy.studio.write;

import dev.snoozy.format.Sha256;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.store.FileDigests;
import dev.snoozy.studio.store.StoreException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The SHA-256 digests of models, by which a result can be told from that of another file of the
 * same name. A file is read once, on a thread of its own, and again when it has changed.
 * Thread-safe.
 */
public final class Digests {
    private static final System.Logger LOG = System.getLogger(Digests.class.getName());

    private final FileDigests store;
    private final Map<Path, Thread> reading = new ConcurrentHashMap<>();

    public Digests(FileDigests store) {
        this.store = store;
    }

    /** The digest if it is known, else ""; what is not known is found out meanwhile. */
    public String known(Optional<ModelFiles.Entry> entry) {
        if (entry.isEmpty()) {
            return "";
        }
        ModelFiles.Entry file = entry.get();
        Optional<String> found = store.find(file.file(), file.bytes(), file.modified());
        if (found.isEmpty()) {
            start(file);
        }
        return found.orElse("");
    }

    /** The digest; reads the file if it must. "" if it cannot be read. */
    public String of(ModelFiles.Entry file) {
        Optional<String> found = store.find(file.file(), file.bytes(), file.modified());
        if (found.isPresent()) {
            return found.get();
        }
        try {
            start(file).join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return store.find(file.file(), file.bytes(), file.modified()).orElse("");
    }

    private Thread start(ModelFiles.Entry file) {
        return reading.computeIfAbsent(
                file.file(),
                path ->
                        Thread.ofPlatform()
                                .daemon()
                                .name("snoozy-digest")
                                .start(() -> {
                                    try {
                                        store.put(
                                                path,
                                                file.bytes(),
                                                file.modified(),
                                                "sha256:" + Sha256.of(path));
                                    } catch (StoreException e) {
                                        LOG.log(
                                                System.Logger.Level.DEBUG,
                                                "a digest was not kept: {0}",
                                                e.getMessage());
                                    } catch (IOException | RuntimeException e) {
                                        LOG.log(
                                                System.Logger.Level.WARNING,
                                                "no digest of {0}: {1}",
                                                path,
                                                e.getMessage());
                                    } finally {
                                        reading.remove(path);
                                    }
                                }));
    }
}
