package dev.snoozy.cli.serve;

import dev.snoozy.cli.Models;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one model of a server that was told to serve it: it answers to every name. */
final class OneModel implements ModelFiles {
    private static final String GGUF = ".gguf";

    private final Entry entry;

    private OneModel(Entry entry) {
        this.entry = entry;
    }

    /**
     * A model by its name or its file.
     *
     * @param alias what it is called, if not as it is
     */
    static OneModel of(String model, @Nullable String alias) {
        Path file = Models.find(model);
        String name = alias != null ? alias : name(model);
        try {
            long modified = Files.getLastModifiedTime(file).toMillis() / 1000;
            return new OneModel(new Entry(name, file, Files.size(file), modified));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(String model) {
        int slash = Math.max(model.lastIndexOf('/'), model.lastIndexOf(File.separatorChar));
        return model.substring(slash + 1).replace(".gz", "").replace(GGUF, "");
    }

    @Override
    public List<Entry> all() {
        return List.of(entry);
    }

    @Override
    public Optional<Entry> find(String name) {
        return Optional.of(entry);
    }

    @Override
    public Runnable removal(Entry unused) {
        throw refusal();
    }

    @Override
    public Entry copy(Entry from, String to) {
        throw refusal();
    }

    private static HttpProblem refusal() {
        return new HttpProblem(
                Kind.FORBIDDEN,
                "this server serves one model that was named at its start; cure: start it without"
                        + " --model, and with --allow-changes");
    }
}
