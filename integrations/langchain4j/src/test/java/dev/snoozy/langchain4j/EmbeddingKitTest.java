package dev.snoozy.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;

import org.junit.jupiter.api.AfterAll;

import java.util.List;

/** LangChain4j's own tests of embedding models. */
class EmbeddingKitTest extends AbstractEmbeddingModelIT {
    private final dev.snoozy.engine.EmbeddingModel model = Models.loadEncoder();

    @AfterAll
    void close() {
        model.close();
    }

    @Override
    protected List<EmbeddingModel> models() {
        return List.of(SnoozyEmbeddingModel.builder().model(model).build());
    }

    @Override
    protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
        return SnoozyEmbeddingModel.builder().model(model).listeners(List.of(listener)).build();
    }

    @Override
    protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
        dev.snoozy.engine.EmbeddingModel closed = Models.loadEncoder();
        closed.close();
        return SnoozyEmbeddingModel.builder().model(closed).listeners(List.of(listener)).build();
    }

    @Override
    protected int dimensionsParameter() {
        return 16;
    }

    @Override
    protected boolean supportsImageInput() {
        return false;
    }
}
