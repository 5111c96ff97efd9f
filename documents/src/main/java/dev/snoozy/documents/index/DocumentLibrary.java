package dev.snoozy.documents.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The collections in a folder, each in a folder of its own. Thread-safe. */
public final class DocumentLibrary {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} _.-]{0,63}");

    private final Path folder;

    /**
     * @param folder which need not exist yet
     */
    public DocumentLibrary(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** The names of all collections, in order. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(DocumentCollection::isCollection)
                    .map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is a collection of a name. */
    public boolean has(String name) {
        return DocumentCollection.isCollection(place(name));
    }

    /**
     * Opens a collection; close it.
     *
     * @throws DocumentsException if there is none of this name
     */
    public DocumentCollection open(String name) throws IOException {
        if (!has(name)) {
            throw new DocumentsException("no collection " + name + "; there are " + names());
        }
        return DocumentCollection.open(place(name));
    }

    /** Opens a collection, which is made if there is none of this name; close it. */
    public DocumentCollection openOrCreate(String name) throws IOException {
        return has(name)
                ? DocumentCollection.open(place(name))
                : DocumentCollection.create(place(name), name);
    }

    /**
     * Removes a collection; the documents that it is over are left alone.
     *
     * @return whether there was one
     */
    public boolean remove(String name) throws IOException {
        Path place = place(name);
        if (!DocumentCollection.isCollection(place)) {
            return false;
        }
        // What has lost its settings is no collection any more, also if the rest is not removed.
        DocumentCollection.checkUnused(place);
        List<Path> all = new ArrayList<>();
        try (Stream<Path> inside = Files.walk(place)) {
            inside.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        Files.delete(DocumentCollection.settingsFile(place));
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
        return true;
    }

    /** The name of the only collection, if there is one alone. */
    public Optional<String> only() {
        List<String> names = names();
        return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
    }

    private Path place(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new DocumentsException(
                    "a collection's name: expected up to 64 letters, digits, spaces, dots, dashes,"
                            + " beginning with a letter or digit; found "
                            + name);
        }
        return folder.resolve(name);
    }
}
