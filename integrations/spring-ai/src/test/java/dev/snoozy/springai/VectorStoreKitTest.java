package dev.snoozy.springai;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.ai.test.vectorstore.BaseVectorStoreTests;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.VectorStore;

import java.util.function.Consumer;

/** Spring AI's own tests of a store of vectors, over vectors of this provider. */
class VectorStoreKitTest extends BaseVectorStoreTests {
    private static EmbeddingModel encoder;

    @BeforeAll
    static void load() {
        encoder = Models.loadEncoder(TinyModel.bert());
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Override
    protected void executeTest(Consumer<VectorStore> test) {
        test.accept(SimpleVectorStore.builder(SnoozyEmbeddingModel.of(encoder)).build());
    }
}
