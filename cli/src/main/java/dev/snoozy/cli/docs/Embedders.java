package dev.snoozy.cli.docs;

import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.ModelEmbedder;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The model of a collection's vectors, or none. Close it. */
final class Embedders implements AutoCloseable {
    private final @Nullable EmbeddingModel model;
    private final Optional<Embedder> embedder;

    private Embedders(@Nullable EmbeddingModel model, Optional<Embedder> embedder) {
        this.model = model;
        this.embedder = embedder;
    }

    /** Loads the model of a name; none for an empty name. */
    static Embedders load(String name, PrintWriter err) throws IOException {
        if (name.isEmpty()) {
            return new Embedders(null, Optional.empty());
        }
        Path file = Models.find(name);
        EmbeddingModel model = Loading.of(file, LoadOptions.defaults(), err, EmbeddingModel::of);
        String id = file.getFileName() + " " + Files.size(file);
        return new Embedders(model, Optional.of(new ModelEmbedder(model, id)));
    }

    Optional<Embedder> embedder() {
        return embedder;
    }

    @Override
    public void close() {
        if (model != null) {
            model.close();
        }
    }
}
