package dev.snoozy.documents.bench;

import dev.snoozy.documents.index.Embedder;
import dev.snoozy.documents.index.ModelEmbedder;
import dev.snoozy.documents.index.ModelReranker;
import dev.snoozy.documents.index.Reranker;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What turns texts into vectors and judges passages in the benchmark: the model files named by
 * {@code snoozy.documents.embedder} and {@code snoozy.documents.reranker}, else what the texts
 * themselves give.
 */
record BenchmarkModels(Embedder embedder, Reranker reranker, List<EmbeddingModel> loaded)
        implements AutoCloseable {
    static BenchmarkModels of(List<String> texts) throws IOException {
        List<EmbeddingModel> loaded = new ArrayList<>();
        Optional<EmbeddingModel> embedder = model("snoozy.documents.embedder");
        embedder.ifPresent(loaded::add);
        Optional<EmbeddingModel> reranker = model("snoozy.documents.reranker");
        reranker.ifPresent(loaded::add);
        StaticEmbedder made = new StaticEmbedder(StaticVectors.of(texts));
        return new BenchmarkModels(
                embedder.<Embedder>map(model -> new ModelEmbedder(model, "embedder")).orElse(made),
                reranker.<Reranker>map(ModelReranker::new).orElse(made),
                loaded);
    }

    private static Optional<EmbeddingModel> model(String property) throws IOException {
        @Nullable String file = System.getProperty(property);
        if (file == null) {
            return Optional.empty();
        }
        return Optional.of(EmbeddingModel.load(Path.of(file), LoadOptions.defaults()));
    }

    @Override
    public void close() {
        loaded.forEach(EmbeddingModel::close);
    }
}
