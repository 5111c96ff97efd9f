package dev.snoozy.cli.docs;

import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.documents.index.ModelReranker;
import dev.snoozy.documents.index.Reranker;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/** A model that judges the passages found. */
final class RerankerFlags {
    @Option(
            names = "--reranker",
            paramLabel = "MODEL",
            description = "a model that reads question and passages together and orders them")
    private @Nullable String name;

    /** The model, or none. Close it. */
    record Loaded(@Nullable EmbeddingModel model) implements AutoCloseable {
        Optional<Reranker> reranker() {
            return model == null ? Optional.empty() : Optional.of(new ModelReranker(model));
        }

        @Override
        public void close() {
            if (model != null) {
                model.close();
            }
        }
    }

    Loaded load(PrintWriter err) throws IOException {
        return new Loaded(
                name == null
                        ? null
                        : Loading.of(
                                Models.find(name),
                                LoadOptions.defaults(),
                                err,
                                EmbeddingModel::of));
    }
}
