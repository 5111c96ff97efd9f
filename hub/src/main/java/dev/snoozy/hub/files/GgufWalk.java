package dev.snoozy.hub.files;

import dev.snoozy.hub.Place;
import dev.snoozy.hub.SkippedFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks through a folder for files with certain names: only so deep and so far, in the order of
 * names, past everything hidden.
 */
public final class GgufWalk {
    /** Entries that are looked at; a folder of models has far fewer. */
    private static final int MOST_ENTRIES = 20_000;

    private final Place place;
    private final boolean followsFolders;
    private final Predicate<String> names;
    private final List<Path> files = new ArrayList<>();
    private final List<SkippedFile> skipped = new ArrayList<>();
    private final Set<Path> entered = new HashSet<>();
    private int left;

    private GgufWalk(Place place, boolean followsFolders, Predicate<String> names, int most) {
        this.left = most;
        this.place = place;
        this.followsFolders = followsFolders;
        this.names = names;
    }

    /**
     * Files of a folder.
     *
     * @param root a folder, which need not exist
     * @param depth 1 for the files of the folder itself only
     * @param followsFolders whether links to folders are followed
     * @param names which files are wanted
     */
    public static GgufWalk of(
            Path root, Place place, int depth, boolean followsFolders, Predicate<String> names) {
        return of(root, place, depth, followsFolders, names, MOST_ENTRIES);
    }

    /** The same with a limit of its own. */
    public static GgufWalk of(
            Path root,
            Place place,
            int depth,
            boolean followsFolders,
            Predicate<String> names,
            int most) {
        GgufWalk walk = new GgufWalk(place, followsFolders, names, most);
        if (Files.isDirectory(root)) {
            walk.folder(root, depth);
        }
        if (walk.left < 0) {
            walk.skipped.add(
                    new SkippedFile(
                            root,
                            place,
                            "more than " + most + " entries: the rest is not looked at"));
        }
        return walk;
    }

    public List<Path> files() {
        return files;
    }

    public List<SkippedFile> skipped() {
        return skipped;
    }

    private void folder(Path folder, int depth) {
        try {
            if (!entered.add(folder.toRealPath())) {
                return; // a link to where we have been
            }
            for (Path entry : entries(folder)) {
                visit(entry, depth);
            }
        } catch (IOException | UncheckedIOException e) {
            skipped.add(new SkippedFile(folder, place, "this folder cannot be read"));
        }
    }

    private List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (--left < 0) {
                    break;
                }
                if (!FileNames.of(entry).startsWith(".")) {
                    entries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(null);
        return entries;
    }

    private void visit(Path entry, int depth) {
        if (!Files.isDirectory(entry)) {
            if (names.test(FileNames.of(entry))) {
                files.add(entry);
            }
        } else if (Files.isSymbolicLink(entry) && !followsFolders) {
            skipped.add(new SkippedFile(entry, place, "a link to another folder"));
        } else if (depth > 1) {
            folder(entry, depth - 1);
        }
    }
}
