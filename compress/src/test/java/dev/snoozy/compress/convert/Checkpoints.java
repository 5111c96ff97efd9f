package dev.snoozy.compress.convert;

import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The random checkpoints in the repository. */
final class Checkpoints {
    private static final Path CASES =
            Data.root().resolve("testkit").resolve("cases").resolve("convert");

    private Checkpoints() {}

    static List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(CASES)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** A copy of one, with the tokenizer that all share. */
    static Path copy(String name, Path into) throws IOException {
        Path folder = Files.createDirectories(into.resolve(name));
        for (Path source : List.of(CASES, CASES.resolve(name))) {
            try (Stream<Path> files = Files.list(source)) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> copy(file, folder.resolve(file.getFileName())));
            }
        }
        return folder;
    }

    private static void copy(Path from, Path to) {
        try {
            Files.write(to, Files.readAllBytes(from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
