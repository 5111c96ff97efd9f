package dev.snoozy.hub.store;

import dev.snoozy.hub.HubException;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What lies in a store at one moment: records, and files that nobody has a record of. */
public final class StoreScan {
    private static final int DEPTH = 5;

    /**
     * A record that was found.
     *
     * @param file of the record
     * @param paths of the files that it names, which may be missing
     */
    public record Found(Path file, ModelRecord record, List<Path> paths) {}

    private final List<Found> records = new ArrayList<>();
    private final List<StoredModel> models = new ArrayList<>();
    private final List<SkippedFile> skipped = new ArrayList<>();

    private StoreScan() {}

    /** Looks into a folder, which need not exist. */
    public static StoreScan of(Path root) {
        StoreScan scan = new StoreScan();
        GgufWalk walk =
                GgufWalk.of(
                        root,
                        Place.STORE,
                        DEPTH,
                        true,
                        name -> FileNames.isModel(name) || ModelRecord.isRecord(name));
        scan.skipped.addAll(walk.skipped());
        Set<Path> claimed = new HashSet<>();
        List<Path> files = new ArrayList<>();
        for (Path file : walk.files()) {
            if (ModelRecord.isRecord(FileNames.of(file))) {
                scan.read(root, file);
            } else {
                files.add(file);
            }
        }
        for (Found found : scan.records) {
            if (!found.record().shared()) {
                claimed.addAll(found.paths());
            }
            scan.add(root, found);
        }
        files.removeAll(claimed);
        PlainModels plain =
                new PlainModels(
                        Place.STORE,
                        scan.records.stream().map(f -> f.record().name().toString()).toList());
        plain.addBelow(root, files);
        scan.models.addAll(plain.models());
        scan.skipped.addAll(plain.skipped());
        scan.models.sort((a, b) -> a.name().compareToIgnoreCase(b.name()));
        return scan;
    }

    private void read(Path root, Path file) {
        try {
            ModelRecord record = ModelRecord.read(file);
            List<Path> paths = new ArrayList<>();
            for (ModelRecord.Item item : record.files()) {
                paths.add(inside(root, item.path()));
            }
            String place = recordFile(root, record.name()).toString();
            if (!place.equalsIgnoreCase(file.toString())) {
                throw new HubException("the record is that of " + record.name() + ", elsewhere");
            }
            records.add(new Found(file, record, paths));
        } catch (IOException e) {
            if (Files.exists(file)) { // else it was removed meanwhile
                skipped.add(new SkippedFile(file, Place.STORE, "the record cannot be read"));
            }
        } catch (HubException e) {
            skipped.add(new SkippedFile(file, Place.STORE, String.valueOf(e.getMessage())));
        }
    }

    /** The path of a file of a record, which never leads out of the folder. */
    private static Path inside(Path root, String path) {
        Path resolved = root;
        for (String part : path.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':')) {
                throw new HubException("the record names a file outside of the store");
            }
            resolved = resolved.resolve(part);
        }
        return resolved;
    }

    /** The folder of a model. */
    public static Path folder(Path root, ModelName name) {
        Path folder = name.publisher() == null ? root : root.resolve(name.publisher());
        return folder.resolve(name.repository());
    }

    /** Where the record of a model lies. */
    static Path recordFile(Path root, ModelName name) {
        return folder(root, name).resolve(ModelRecord.fileName(name));
    }

    private void add(Path root, Found found) {
        try {
            models.add(model(found));
        } catch (IOException e) {
            String missing =
                    found.paths().stream()
                            .filter(path -> !Files.isRegularFile(path))
                            .findFirst()
                            .map(path -> root.relativize(path) + " is missing")
                            .orElse("a file of it cannot be read");
            skipped.add(
                    new SkippedFile(
                            found.file(), Place.STORE, found.record().name() + ": " + missing));
        }
    }

    /** The model of a record. A file of another size than it had is no longer the proven one. */
    private static StoredModel model(Found found) throws IOException {
        ModelRecord record = found.record();
        StoredModel now =
                PlainModels.model(
                        record.name().toString(), found.paths(), record.origin(), Place.STORE);
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < now.files().size(); i++) {
            StoredFile file = now.files().get(i);
            ModelRecord.Item item = record.files().get(i);
            boolean same = item.bytes() == file.bytes();
            files.add(new StoredFile(file.file(), file.bytes(), same ? item.sha256() : null));
        }
        return new StoredModel(
                now.name(), files, now.bytes(), now.modified(), now.origin(), now.place());
    }

    /** All models, by name. */
    public List<StoredModel> models() {
        return models;
    }

    public Listing listing() {
        return new Listing(models, skipped);
    }

    /** The record of a name, whatever became of its files. */
    public Optional<Found> record(String name) {
        return records.stream()
                .filter(found -> found.record().name().toString().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether a name is that of a model, or of a record whose files are missing. */
    public boolean isTaken(String name) {
        return record(name).isPresent()
                || models.stream().anyMatch(model -> model.name().equalsIgnoreCase(name));
    }

    /** The records other than that of a name which use a file. */
    List<Found> otherUsers(Path file, String name) {
        return records.stream()
                .filter(found -> found.paths().contains(file))
                .filter(found -> !found.record().name().toString().equalsIgnoreCase(name))
                .toList();
    }
}
