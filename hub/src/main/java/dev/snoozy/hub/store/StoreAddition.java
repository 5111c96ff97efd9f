package dev.snoozy.hub.store;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Origin;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.SafeName;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts models into a store whose lock is held. */
public final class StoreAddition {
    private final Path root;
    private final StoreScan scan;

    public StoreAddition(Path root, StoreScan scan) {
        this.root = root;
        this.scan = scan;
    }

    /**
     * A file on its way.
     *
     * @param from where it lies
     * @param to where it belongs; the same if it lies there
     */
    private record Way(Path from, Path to) {}

    public StoredModel add(ModelName name, List<StoredFile> files, Origin origin)
            throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException(name + ": expected a file at least, found none");
        }
        Path folder = StoreScan.folder(root, name);
        List<Way> ways = new ArrayList<>();
        List<ModelRecord.Item> items = new ArrayList<>();
        for (StoredFile file : files) {
            Way way = way(name, folder, file);
            ways.add(way);
            items.add(item(way.to(), file));
        }
        Optional<StoreScan.Found> old = scan.record(name.toString());
        Files.createDirectories(folder);
        // The record comes first: until its files are there the model is not, and none of them is
        // taken for a model without a record.
        ModelRecord record = new ModelRecord(name, items, now(), origin, false);
        Path file = StoreScan.recordFile(root, name);
        record.write(file);
        for (Way way : ways) {
            if (!way.from().equals(way.to())) {
                Files.move(way.from(), way.to(), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (old.isPresent()) {
            List<Path> gone = new ArrayList<>(old.get().paths());
            gone.removeAll(ways.stream().map(Way::to).toList());
            new StoreRemoval(root, scan).discard(gone, name.toString());
            if (!isSame(old.get().file(), file)) {
                Files.deleteIfExists(old.get().file()); // the name was in other capitals
            }
        }
        return added(name);
    }

    /** Some systems take names in capitals and small letters for the same. */
    private static boolean isSame(Path a, Path b) throws IOException {
        return a.equals(b) || (Files.exists(a) && Files.isSameFile(a, b));
    }

    private Way way(ModelName name, Path folder, StoredFile file) throws IOException {
        Path from = file.file().toAbsolutePath().normalize();
        if (file.sha256() != null && !ModelRecord.isDigest(file.sha256())) {
            throw new IllegalArgumentException(
                    from + ": expected a SHA-256 of 64 small hexadecimal digits");
        }
        if (ModelRecord.isRecord(FileNames.of(from))) {
            throw new HubException(from + ": expected a file of the model, found a record");
        }
        if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
            throw new HubException("expected the file " + from + ", found none");
        }
        long bytes = Files.size(from);
        if (bytes != file.bytes()) {
            throw new HubException(
                    "%s: expected %d bytes, found %d".formatted(from, file.bytes(), bytes));
        }
        if (from.startsWith(folder)) {
            return new Way(from, from);
        }
        if (!from.startsWith(root.resolve(".partial"))) {
            throw new HubException(
                    "%s: expected it in %s, where the files of %s lie"
                            .formatted(from, folder, name));
        }
        Path to = folder.resolve(FileNames.of(from));
        refuseToReplace(to, name, bytes);
        return new Way(from, to);
    }

    /** A file that is there may be replaced by its successor, not by a stranger. */
    private void refuseToReplace(Path to, ModelName name, long bytes) throws IOException {
        List<StoreScan.Found> users = scan.otherUsers(to, name.toString());
        if (!users.isEmpty()) {
            throw new HubException(
                    "%s is also that of %s; cure: snoozy rm %2$s"
                            .formatted(to, users.getFirst().record().name()));
        }
        boolean own = scan.record(name.toString()).filter(f -> f.paths().contains(to)).isPresent();
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS) && !own && Files.size(to) != bytes) {
            throw new HubException(to + " is there already and differs; cure: rename or remove it");
        }
    }

    public static HubException taken(ModelName name) {
        return new HubException(
                "the name %s is taken; cure: another name, or snoozy rm %1$s first"
                        .formatted(name));
    }

    /** Gives the files of a model another name. */
    public StoredModel link(StoredModel from, ModelName to) throws IOException {
        if (scan.isTaken(to.toString())) {
            throw taken(to);
        }
        Path folder = StoreScan.folder(root, to);
        Files.createDirectories(folder);
        List<Path> made = new ArrayList<>();
        boolean written = false;
        try {
            Optional<List<ModelRecord.Item>> links = links(from, to, folder, made);
            Origin origin =
                    from.origin() != null ? from.origin() : new Origin("copy", from.name(), null);
            List<ModelRecord.Item> items = new ArrayList<>();
            if (links.isPresent()) {
                items.addAll(links.get());
            } else {
                for (StoredFile file : from.files()) {
                    items.add(item(file.file(), file));
                }
            }
            new ModelRecord(to, items, now(), origin, links.isEmpty())
                    .write(StoreScan.recordFile(root, to));
            written = true;
        } finally {
            if (!written) {
                for (Path link : made) {
                    Files.deleteIfExists(link);
                }
            }
        }
        return added(to);
    }

    /** Makes links to all files; nothing if the store can only use them where they lie. */
    private Optional<List<ModelRecord.Item>> links(
            StoredModel from, ModelName to, Path folder, List<Path> made) throws IOException {
        List<ModelRecord.Item> items = new ArrayList<>();
        for (StoredFile file : from.files()) {
            Path link = folder.resolve(linkName(from, file, to));
            boolean own = from.place() == Place.STORE;
            if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                if (own) {
                    return noLinks(made);
                }
                throw new HubException(link + " is there already; cure: another name");
            }
            if (!linked(link, file.file(), own)) {
                return noLinks(made);
            }
            made.add(link);
            items.add(item(link, file));
        }
        return Optional.of(items);
    }

    private static Optional<List<ModelRecord.Item>> noLinks(List<Path> made) throws IOException {
        for (Path link : made) {
            Files.deleteIfExists(link);
        }
        made.clear();
        return Optional.empty();
    }

    /** A file that is called by its digest, or strangely, gets the model's name. */
    public static String linkName(StoredModel from, StoredFile file, ModelName to) {
        String name = FileNames.of(file.file());
        boolean sound = FileNames.isModel(name) && SafeName.isFile(name);
        if (sound || from.files().size() > 1) {
            return name;
        }
        return to.repository() + (to.tag() == null ? "" : "-" + to.tag()) + ".gguf";
    }

    private static boolean linked(Path link, Path file, boolean own) throws IOException {
        Path real = file.toRealPath();
        try {
            Files.createLink(link, real);
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            if (own) {
                return false; // the record can say where the file lies
            }
        }
        try {
            Files.createSymbolicLink(link, real);
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            throw new HubException(
                    "no link from %s to %s can be made here; cure: use the model by its own name"
                            .formatted(link, real),
                    e);
        }
    }

    private ModelRecord.Item item(Path path, StoredFile file) {
        String relative = root.relativize(path).toString().replace('\\', '/');
        return new ModelRecord.Item(relative, file.bytes(), digest(file));
    }

    private static @Nullable String digest(StoredFile file) {
        return file.sha256() != null && ModelRecord.isDigest(file.sha256()) ? file.sha256() : null;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private StoredModel added(ModelName name) {
        return StoreScan.of(root).models().stream()
                .filter(model -> model.name().equals(name.toString()))
                .findFirst()
                .orElseThrow(
                        () -> new HubException(name + " was put into the store and is not there"));
    }
}
