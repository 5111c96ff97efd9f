package dev.snoozy.cli;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.hub.Environment;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.StoredModel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Finds models: a file by its path, or by its name among the models that come with Snoozy, those in
 * the user's folder and those of other programs.
 */
public final class Models {
    private static final String FOLDER = "models";

    /** More names than these are not told in one line. */
    private static final int MOST_NAMES = 12;

    /** Of a packed file, which is unpacked in memory. */
    private static final long MOST_UNPACKED = 1L << 30;

    private Models() {}

    /** All models that can be used, those of other programs as SNOOZY_FOREIGN says. */
    public static ModelLibrary library() {
        Environment environment = Environment.here();
        return library(environment, environment.foreign());
    }

    /** All models that can be used, with those of some other programs. */
    public static ModelLibrary library(Environment environment, Set<Place> foreign) {
        Path installation = Home.installation().map(home -> home.resolve(FOLDER)).orElse(null);
        ModelStore store = ModelStore.open(Home.folder().resolve(FOLDER));
        return ModelLibrary.of(installation, store, environment, foreign, MemoryReckoning::usual);
    }

    /**
     * The file of a model.
     *
     * @throws WrongUseException if there is none, with the names that exist, or several are meant
     */
    public static Path find(String name) {
        Optional<Path> path = path(name);
        if (path.filter(Files::isRegularFile).isPresent()) {
            return path.get();
        }
        try {
            Optional<StoredModel> model = library().find(name);
            if (model.isPresent()) {
                return model.get().file();
            }
        } catch (HubException e) {
            throw new WrongUseException(String.valueOf(e.getMessage()));
        }
        if (path.filter(Files::isDirectory).isPresent()) {
            throw new WrongUseException(name + " is a folder; expected a GGUF file in it");
        }
        throw new WrongUseException("no model " + name + ": neither a file nor " + known(name));
    }

    /** The path that a name may be; some systems have none with a colon in it. */
    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String known(String name) {
        List<String> names = names();
        return names.size() > MOST_NAMES
                ? "one of the %d known models; near names: %s; cure: snoozy list shows all"
                        .formatted(names.size(), String.join(", ", NearNames.of(name, names)))
                : "one of the known models " + names;
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
        return library().listing().models().stream().map(StoredModel::name).toList();
    }
}
