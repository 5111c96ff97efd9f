package dev.snoozy.hub.files;

import dev.snoozy.hub.Origin;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;
import dev.snoozy.hub.StoredFile;
import dev.snoozy.hub.StoredModel;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Models that are nothing but files: parts of a split model belong together, and the names come
 * from those of folders and files. Used by one thread.
 */
public final class PlainModels {
    private final Place place;
    private final List<StoredModel> models = new ArrayList<>();
    private final List<SkippedFile> skipped = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    /**
     * No models.
     *
     * @param place in whose folder they will lie
     * @param taken names that are not free
     */
    public PlainModels(Place place, List<String> taken) {
        this.place = place;
        taken.forEach(name -> this.taken.add(lower(name)));
    }

    /** A model without a name yet. */
    private record Unit(String stem, List<Path> files) {}

    /** Adds files below a folder; where they lie in it tells their names. */
    public void addBelow(Path root, List<Path> files) {
        Map<String, List<Path>> folders = new TreeMap<>();
        for (Path file : files) {
            Path folder = root.relativize(file).getParent();
            String name = folder == null ? "" : folder.toString().replace('\\', '/');
            folders.computeIfAbsent(name, n -> new ArrayList<>()).add(file);
        }
        folders.forEach(this::add);
    }

    /**
     * Adds the files of one folder.
     *
     * @param folder what their names begin with; "" if they are called by their own names alone
     */
    public void add(String folder, List<Path> files) {
        List<Unit> units = units(files);
        Map<String, Integer> quantizations = new HashMap<>();
        for (Unit unit : units) {
            FileNames.quantization(unit.stem())
                    .ifPresent(q -> quantizations.merge(q, 1, (a, b) -> a + b));
        }
        for (Unit unit : units) {
            String tag =
                    FileNames.quantization(unit.stem())
                            .filter(q -> quantizations.getOrDefault(q, 0) == 1)
                            .orElse(unit.stem());
            String name =
                    folder.isEmpty()
                            ? unit.stem()
                            : units.size() == 1 ? folder : folder + ":" + tag;
            if (!taken.add(lower(name))) {
                name = (folder.isEmpty() ? unit.stem() : folder) + ":" + unit.stem();
                if (!taken.add(lower(name))) {
                    skip(unit.files().getFirst(), "another model has its name, " + name);
                    continue;
                }
            }
            model(name, unit.files());
        }
    }

    /** Puts the parts of split models together. */
    private List<Unit> units(List<Path> files) {
        List<Unit> units = new ArrayList<>();
        Map<String, List<Path>> splits = new LinkedHashMap<>();
        for (Path file : files) {
            String name = FileNames.of(file);
            FileNames.part(name)
                    .ifPresentOrElse(
                            part ->
                                    splits.computeIfAbsent(
                                                    part.stem() + "\n" + part.count(),
                                                    s -> new ArrayList<>())
                                            .add(file),
                            () -> units.add(new Unit(FileNames.stem(name), List.of(file))));
        }
        for (List<Path> parts : splits.values()) {
            FileNames.Part first = FileNames.part(FileNames.of(parts.getFirst())).orElseThrow();
            if (isWhole(parts)) {
                units.add(new Unit(first.stem(), parts));
            } else {
                skip(
                        parts.getFirst(),
                        "expected %d parts beside each other, found %d"
                                .formatted(first.count(), parts.size()));
            }
        }
        return units;
    }

    /** Parts come in the order of their names, which is that of their numbers. */
    private static boolean isWhole(List<Path> parts) {
        for (int i = 0; i < parts.size(); i++) {
            FileNames.Part part = FileNames.part(FileNames.of(parts.get(i))).orElseThrow();
            if (part.number() != i + 1 || part.count() != parts.size()) {
                return false;
            }
        }
        return true;
    }

    private void model(String name, List<Path> files) {
        try {
            models.add(model(name, files, null, place));
        } catch (IOException e) {
            skip(files.getFirst(), "it cannot be read, or the link leads nowhere");
        }
    }

    /** The model of files as they are now. */
    public static StoredModel model(
            String name, List<Path> files, @Nullable Origin origin, Place place)
            throws IOException {
        List<StoredFile> stored = new ArrayList<>();
        long bytes = 0;
        Instant modified = Instant.EPOCH;
        for (Path file : files) {
            long size = Files.size(file);
            Instant time = Files.getLastModifiedTime(file).toInstant();
            stored.add(new StoredFile(file, size, null));
            bytes += size;
            modified = time.isAfter(modified) ? time : modified;
        }
        return new StoredModel(name, stored, bytes, modified, origin, place);
    }

    private void skip(Path file, String reason) {
        skipped.add(new SkippedFile(file, place, reason));
    }

    public List<StoredModel> models() {
        return models;
    }

    public List<SkippedFile> skipped() {
        return skipped;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
