package dev.snoozy.cook;

import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 of all files below a folder with their names, or of a file alone. */
final class TreeDigest {
    private TreeDigest() {}

    static String of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Sha256.of(path);
        }
        StringBuilder all = new StringBuilder();
        for (Path file : files(path)) {
            all.append(path.relativize(file).toString().replace('\\', '/'))
                    .append(' ')
                    .append(Sha256.of(file))
                    .append('\n');
        }
        return Sha256.of(all.toString());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
