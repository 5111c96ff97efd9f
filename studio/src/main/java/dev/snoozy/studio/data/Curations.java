package dev.snoozy.studio.data;

import dev.snoozy.curate.recipe.Recipe;
import dev.snoozy.curate.recipe.RecipeFile;
import dev.snoozy.format.AtomicFile;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.studio.api.Call;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The curations of the page, each a folder with its recipe and its results. Thread-safe. */
public final class Curations {
    static final String RECIPE = "recipe.yaml";
    static final String MARKS = "marks.json";

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final Path folder;

    /**
     * @param folder which need not exist yet
     */
    public Curations(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** The names of all, in order. */
    List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> Files.isRegularFile(path.resolve(RECIPE)))
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches(NAME))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The folder of one that is there.
     *
     * @throws HttpProblem if there is none of this name
     */
    Path find(String name) {
        if (!name.matches(NAME) || !Files.isRegularFile(folder.resolve(name).resolve(RECIPE))) {
            throw Call.missing("curation");
        }
        return folder.resolve(name);
    }

    /**
     * Makes a folder for a new one.
     *
     * @throws HttpProblem if the name is none, or taken
     */
    Path make(String name) throws IOException {
        if (!name.matches(NAME)) {
            throw HttpProblem.invalid(
                    "name", "expected letters, digits, dots, _ and -, found " + name);
        }
        Path place = folder.resolve(name);
        if (Files.exists(place)) {
            throw HttpProblem.invalid(
                    "name", "expected a name that is free, found a curation called " + name);
        }
        return Files.createDirectories(place);
    }

    /** The recipe of one. */
    static Recipe recipe(Path place) throws IOException {
        return RecipeFile.read(place.resolve(RECIPE));
    }

    /** Writes a file whole or not at all. */
    static void write(Path file, String text) throws IOException {
        AtomicFile.write(
                file,
                channel -> {
                    OutputStream out = Channels.newOutputStream(channel);
                    out.write(text.getBytes(StandardCharsets.UTF_8));
                });
    }

    /** Removes one with its results; what its recipe reads is not touched. */
    void remove(String name) throws IOException {
        Path place = find(name);
        Files.delete(place.resolve(RECIPE)); // without it, it is none any more
        List<Path> all;
        try (Stream<Path> inside = Files.walk(place)) {
            all = inside.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
