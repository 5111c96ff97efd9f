package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.format.Sha256;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A file to read.
 *
 * @param name by which rows say where they come from: of a file in a folder, the path within it
 * @param sha256 of its bytes, in hexadecimal digits
 */
record SourceFile(
        Path path,
        String name,
        String source,
        String licence,
        double weight,
        long bytes,
        String sha256) {

    /** All files of a recipe, in an order that does not depend on that in the recipe. */
    static List<SourceFile> of(Recipe recipe, LongConsumer bytes) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        long done = 0;
        for (Recipe.Input input : recipe.inputs()) {
            for (Path path : files(input.path())) {
                String name =
                        Files.isDirectory(input.path())
                                ? input.path().relativize(path).toString().replace('\\', '/')
                                : String.valueOf(path.getFileName());
                String source = input.source().isEmpty() ? stem(path) : input.source();
                long before = done;
                String sum = Sha256.of(path, read -> bytes.accept(before + read));
                long size = Files.size(path);
                done += size;
                files.add(
                        new SourceFile(
                                path, name, source, input.licence(), input.weight(), size, sum));
            }
        }
        files.sort(
                Comparator.comparing(SourceFile::sha256)
                        .thenComparing(SourceFile::name)
                        .thenComparing(SourceFile::source)
                        .thenComparing(SourceFile::licence)
                        .thenComparingDouble(SourceFile::weight));
        return files;
    }

    /** The files of a path, those of a folder in the order of their names. */
    static List<Path> files(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new NoSuchFileException(path.toString());
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !String.valueOf(f.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static String stem(Path path) {
        return String.valueOf(path.getFileName())
                .replaceAll(
                        "(?i)(?:\\.(?:gz|jsonl|ndjson|json|csv|tsv|parquet|zip|tar|tgz))+$", "");
    }
}
