package dev.snoozy.documents.index;

import dev.snoozy.documents.extract.FileKinds;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The files of a collection's places. A file that was added by itself is always one; of folders,
 * those whose names say that they can be read. Hidden files and folders are left out, and links are
 * not followed.
 */
final class PlaceWalk {
    /** A file as the file system knows it. */
    record Seen(Path path, long bytes, long modified) {}

    private final TreeMap<String, Seen> files = new TreeMap<>();
    private final List<Path> missing = new ArrayList<>();
    private final List<Path> unreadable = new ArrayList<>();

    PlaceWalk(List<Path> places) throws IOException {
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                see(place, Files.readAttributes(place, BasicFileAttributes.class));
            } else if (Files.isDirectory(place)) {
                Files.walkFileTree(place, new Visitor(place));
            } else {
                missing.add(place);
            }
        }
    }

    private void see(Path file, BasicFileAttributes of) {
        files.put(file.toString(), new Seen(file, of.size(), of.lastModifiedTime().toMillis()));
    }

    /** In the order of their paths. */
    List<Seen> files() {
        return List.copyOf(files.values());
    }

    boolean has(Path file) {
        return files.containsKey(file.toString());
    }

    /** Places that are not there, as when a disk is not mounted. */
    List<Path> missing() {
        return missing;
    }

    /** Whether a file may still be there though it was not seen. */
    boolean isHidden(Path file) {
        return missing.stream().anyMatch(file::startsWith)
                || unreadable.stream().anyMatch(file::startsWith);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;

        Visitor(Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of) {
            return !folder.equals(root) && isHiddenName(folder)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes of) {
            String name = String.valueOf(file.getFileName());
            if (of.isRegularFile() && !isHiddenName(file) && FileKinds.isReadable(name)) {
                see(file, of);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            unreadable.add(file);
            return FileVisitResult.CONTINUE;
        }

        private static boolean isHiddenName(Path path) {
            return String.valueOf(path.getFileName()).startsWith(".");
        }
    }
}
