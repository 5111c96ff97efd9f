package dev.snoozy.hub.store;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Removes models from a store whose lock is held. */
public final class StoreRemoval {
    private final Path root;
    private final StoreScan scan;

    public StoreRemoval(Path root, StoreScan scan) {
        this.root = root;
        this.scan = scan;
    }

    /** Removes a model, or what is left of it; returns the bytes that are free. */
    public long remove(Optional<StoredModel> model, Optional<StoreScan.Found> record)
            throws IOException {
        List<Path> files =
                record.map(StoreScan.Found::paths)
                        .orElseGet(() ->
                                model.orElseThrow().files().stream()
                                        .map(StoredFile::file)
                                        .toList());
        String name =
                record.map(found -> found.record().name().toString())
                        .orElseGet(() -> model.orElseThrow().name());
        List<Path> own = unused(files, name);
        for (Path file : own) {
            refuseOutside(file);
        }
        long freed = 0;
        for (Path file : own) {
            freed += delete(file);
        }
        if (record.isPresent()) {
            Files.deleteIfExists(record.get().file());
            tidy(record.get().file());
        }
        for (Path file : own) {
            tidy(file);
        }
        for (Path file : files) {
            passOn(file, name);
        }
        return freed;
    }

    /** Removes files of a model that it no longer has. */
    void discard(List<Path> files, String name) throws IOException {
        for (Path file : unused(files, name)) {
            refuseOutside(file);
            delete(file);
            tidy(file);
        }
    }

    private List<Path> unused(List<Path> files, String name) {
        List<Path> unused = new ArrayList<>();
        for (Path file : files) {
            if (scan.otherUsers(file, name).isEmpty()) {
                unused.add(file);
            }
        }
        return unused;
    }

    /** A folder of the store may be a link to somewhere else, where nothing is ours. */
    private void refuseOutside(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null
                && Files.exists(folder)
                && !folder.toRealPath().startsWith(root.toRealPath())) {
            throw new HubException(
                    "%s lies outside of the store, in a folder that a link leads to; cure: remove"
                                    .formatted(file)
                            + " the file there, or the link");
        }
    }

    /** Deletes a file, or the link that stands for it; returns the bytes that are free. */
    private static long delete(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        long bytes = isOnlyName(file) ? Files.size(file) : 0;
        try {
            Files.delete(file);
        } catch (FileSystemException e) {
            throw new HubException(
                    "cannot remove %s; cure: stop what uses it, or check its permissions"
                            .formatted(file),
                    e);
        }
        return bytes;
    }

    /** Whether the bytes go when the name goes. */
    private static boolean isOnlyName(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return false;
        }
        try {
            return !(Files.getAttribute(file, "unix:nlink") instanceof Integer links) || links == 1;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return true; // a system that does not count names
        }
    }

    /** Removes the folders of a file that are empty now. */
    private void tidy(Path file) throws IOException {
        for (Path folder = file.getParent();
                folder != null && folder.startsWith(root) && !folder.equals(root);
                folder = folder.getParent()) {
            if (Files.isSymbolicLink(folder)) {
                return;
            }
            try {
                Files.deleteIfExists(folder);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (FileSystemException e) {
                return; // an empty folder does no harm
            }
        }
    }

    /** A file that its name leaves belongs to one of those that only used it. */
    private void passOn(Path file, String name) throws IOException {
        List<StoreScan.Found> users = scan.otherUsers(file, name);
        if (!users.isEmpty() && users.stream().allMatch(user -> user.record().shared())) {
            StoreScan.Found heir = users.getFirst();
            ModelRecord record = heir.record();
            new ModelRecord(record.name(), record.files(), record.added(), record.origin(), false)
                    .write(heir.file());
        }
    }
}
