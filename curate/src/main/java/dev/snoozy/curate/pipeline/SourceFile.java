package dev.snoozy.curate.pipeline;

import dev.snoozy.curate.recipe.Recipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
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
    private static final int BUFFER = 1 << 20;

    /** All files of a recipe, in an order that does not depend on that in the recipe. */
    static List<SourceFile> of(Recipe recipe, LongConsumer bytes) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        long[] done = {0};
        for (Recipe.Input input : recipe.inputs()) {
            for (Path path : files(input.path())) {
                String name =
                        Files.isDirectory(input.path())
                                ? input.path().relativize(path).toString().replace('\\', '/')
                                : String.valueOf(path.getFileName());
                String source = input.source().isEmpty() ? stem(path) : input.source();
                String sum = digest(path, n -> bytes.accept(done[0] += n));
                long size = Files.size(path);
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

    static String digest(Path file, LongConsumer read) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                read.accept(n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
