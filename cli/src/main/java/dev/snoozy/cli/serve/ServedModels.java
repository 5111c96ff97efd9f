package dev.snoozy.cli.serve;

import dev.snoozy.cli.Models;
import dev.snoozy.server.models.ModelFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The models of a server: one that was named, which then answers to every name as such servers do,
 * or all that are known.
 */
final class ServedModels implements ModelFiles {
    private static final String GGUF = ".gguf";

    private final @Nullable Entry only;

    private ServedModels(@Nullable Entry only) {
        this.only = only;
    }

    /** All models that are known by a name. */
    static ServedModels known() {
        return new ServedModels(null);
    }

    /** One model, by its name or its file. */
    static ServedModels only(String model, @Nullable String alias) {
        Path file = Models.find(model);
        String name = alias != null ? alias : name(model);
        return new ServedModels(entry(name, file));
    }

    private static String name(String model) {
        String name = String.valueOf(Path.of(model).getFileName());
        return name.replace(".gz", "").replace(GGUF, "");
    }

    private static Entry entry(String name, Path file) {
        try {
            long modified = Files.getLastModifiedTime(file).toMillis() / 1000;
            return new Entry(name, file, Files.size(file), modified);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Entry> all() {
        if (only != null) {
            return List.of(only);
        }
        List<Entry> entries = new ArrayList<>();
        for (String name : Models.names()) {
            entries.add(entry(name, Models.find(name)));
        }
        return entries;
    }

    @Override
    public Optional<Entry> find(String name) {
        return only != null ? Optional.of(only) : ModelFiles.super.find(name);
    }
}
