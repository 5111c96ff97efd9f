package dev.snoozy.cli;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Finds models: a file by its path, or by its name among the models that come with Snoozy and those
 * in the user's folder.
 */
public final class Models {
    private static final String GGUF = ".gguf";

    /** Of a packed file, which is unpacked in memory. */
    private static final long MOST_UNPACKED = 1L << 30;

    private Models() {}

    /**
     * The file of a model.
     *
     * @throws WrongUseException if there is none, with the names that exist
     */
    public static Path find(String name) {
        Path path = Path.of(name);
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isDirectory(path)) {
            throw new WrongUseException(name + " is a folder; expected a GGUF file in it");
        }
        for (Path folder : folders()) {
            Optional<Path> found = named(folder, name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new WrongUseException(
                "no model " + name + ": neither a file nor one of the known models " + names());
    }

    /** Opens a model, unpacked in memory if it is a {@code .gguf.gz}. */
    public static GgufFile open(String name) throws IOException {
        return open(find(name));
    }

    /** Opens a file, unpacked in memory if it is a {@code .gguf.gz}. */
    public static GgufFile open(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return GgufFile.open(file);
        }
        long limit = Math.min(MOST_UNPACKED, Runtime.getRuntime().maxMemory() / 4);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            byte[] bytes = in.readNBytes((int) limit + 1);
            if (bytes.length > limit) {
                throw new FormatException(
                        file
                                + " unpacks to more than "
                                + Printable.bytes(limit)
                                + ", which is too much for memory; cure: unpack it on disk first"
                                + " (gunzip)");
            }
            return GgufFile.of(bytes);
        } catch (ZipException | EOFException e) {
            throw new FormatException(file + " is not a sound gzip file: " + e.getMessage(), e);
        }
    }

    /** The names of the models that are found without a path. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Path folder : folders()) {
            try (Stream<Path> entries = Files.list(folder)) {
                entries.filter(e -> Files.isDirectory(e) || e.toString().endsWith(GGUF))
                        .map(e -> e.getFileName().toString().replace(GGUF, ""))
                        .sorted()
                        .forEach(names::add);
            } catch (IOException e) {
                // A folder that is missing or closed to us holds no models for us.
                continue;
            }
        }
        return names;
    }

    private static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        Home.installation().ifPresent(home -> folders.add(home.resolve("models")));
        folders.add(Home.folder().resolve("models"));
        return folders;
    }

    /** {@code NAME.gguf} in the folder, or the one GGUF file in its folder {@code NAME}. */
    private static Optional<Path> named(Path folder, String name) {
        if (name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            return Optional.empty();
        }
        Path file = folder.resolve(name + GGUF);
        if (Files.isRegularFile(file)) {
            return Optional.of(file);
        }
        try (Stream<Path> entries = Files.list(folder.resolve(name))) {
            return entries.filter(e -> e.toString().endsWith(GGUF)).sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
