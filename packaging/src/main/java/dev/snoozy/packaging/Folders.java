package dev.snoozy.packaging;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class Folders {
    private Folders() {}

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            for (Path path : all(folder).reversed()) {
                Files.delete(path);
            }
        }
    }

    /** Copies the folder's content into a folder that may be there already. */
    static void copy(Path from, Path to) throws IOException {
        for (Path path : all(from)) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.copy(path, target, COPY_ATTRIBUTES);
            }
        }
    }

    /** The same files once more, which take no room. */
    static void link(Path from, Path to) throws IOException {
        for (Path path : all(from)) {
            Path target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(target);
            } else {
                Files.createLink(target, path);
            }
        }
    }

    /** Gives all the same time, and all may read. What could be run before can be run by all. */
    static void normalise(Path folder, FileTime time) throws IOException {
        for (Path path : all(folder).reversed()) {
            if (Files.isSymbolicLink(path)) {
                continue;
            }
            PosixFileAttributeView posix =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (posix != null) {
                boolean runs = Files.isDirectory(path) || Files.isExecutable(path);
                posix.setPermissions(
                        PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
            }
            Files.setLastModifiedTime(path, time);
        }
    }

    /** Bytes of all files. */
    static long size(Path folder) throws IOException {
        long size = 0;
        for (Path path : all(folder)) {
            size += Files.isRegularFile(path) ? Files.size(path) : 0;
        }
        return size;
    }

    /** The folder and what is below it, a folder before its content. */
    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
