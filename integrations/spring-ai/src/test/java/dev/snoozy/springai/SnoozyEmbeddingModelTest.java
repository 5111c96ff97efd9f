package dev.snoozy.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.ContextExceededException;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.TextKind;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.TokenCountBatchingStrategy;

import java.util.List;
import java.util.stream.IntStream;

/** Vectors of texts and documents. */
class SnoozyEmbeddingModelTest {
    private static EmbeddingModel encoder;
    private static SnoozyEmbeddingModel model;

    @BeforeAll
    static void load() {
        encoder = Models.loadEncoder(TinyModel.bert());
        model = SnoozyEmbeddingModel.of(encoder);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    private static double length(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void theVectorOfATextIsTheEngines() {
        float[] vector = model.embed("a small cat");
        assertThat(vector).isEqualTo(encoder.embed("a small cat"));
        assertThat(vector).hasSize(model.dimensions()).hasSize(TinyModel.EMBEDDING);
        assertThat(length(vector)).isCloseTo(1, within(1e-5));
        assertThat(model.embed(new Document("a small cat"))).isEqualTo(vector);
    }

    @Test
    void theVectorsOfManyTextsComeInTheirOrderAndAsTheyWouldAlone() {
        List<String> texts = IntStream.range(0, 50).mapToObj(i -> "cat ".repeat(i + 1)).toList();
        EmbeddingResponse response = model.embedForResponse(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(response.getResults().get(i).getIndex()).isEqualTo(i);
            assertThat(response.getResults().get(i).getOutput())
                    .isEqualTo(model.embed(texts.get(i)));
        }
    }

    @Test
    void tokensAreCounted() {
        EmbeddingResponse response = model.embedForResponse(List.of("a small cat", "a"));
        int expected =
                encoder.tokens("a small cat", TextKind.NONE).length
                        + encoder.tokens("a", TextKind.NONE).length;
        assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(expected);
        assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(expected);
        assertThat(response.getMetadata().getModel()).isEqualTo("snoozy");
    }

    @Test
    void documentsAreEmbeddedInBatches() {
        List<Document> documents =
                IntStream.range(0, 20).mapToObj(i -> new Document("cat ".repeat(i + 1))).toList();
        List<float[]> vectors = model.embed(documents, null, new TokenCountBatchingStrategy());
        assertThat(vectors).hasSize(20);
        assertThat(vectors.get(7)).isEqualTo(model.embed("cat ".repeat(8)));
    }

    @Test
    void shorterVectorsAreCutAndHaveTheLengthOne() {
        SnoozyEmbeddingModel eight = SnoozyEmbeddingModel.builder(encoder).dimensions(8).build();
        float[] cut = eight.embed("a small cat");
        assertThat(cut).hasSize(8);
        assertThat(eight.dimensions()).isEqualTo(8);
        assertThat(length(cut)).isCloseTo(1, within(1e-5));
        EmbeddingOptions four = EmbeddingOptions.builder().dimensions(4).build();
        EmbeddingRequest request = new EmbeddingRequest(List.of("a small cat"), four);
        assertThat(eight.call(request).getResult().getOutput()).hasSize(4);
    }

    @Test
    void whatIsNotPossibleIsRefused() {
        EmbeddingOptions many = EmbeddingOptions.builder().dimensions(1000).build();
        assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), many)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("dimensions: expected at most 32");
        EmbeddingOptions other = EmbeddingOptions.builder().model("other").build();
        assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), other)))
                .hasMessageContaining("model: expected snoozy");
        assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of(), null)))
                .hasMessageContaining("texts: expected at least one");
        assertThatThrownBy(() -> model.embed("cat ".repeat(1000)))
                .isInstanceOf(ContextExceededException.class);
        assertThatThrownBy(() -> SnoozyEmbeddingModel.builder(encoder).dimensions(33).build())
                .hasMessageContaining("dimensions: expected 1 to 32");
    }

    @Test
    void forRetrievalQueriesAndDocumentsGetTheWordsOfTheirFamily() {
        TinyModel nomic = TinyModel.bert().with("general.name", "nomic-embed-text-v1.5");
        try (EmbeddingModel words = Models.loadEncoder(nomic)) {
            SnoozyEmbeddingModel retrieval =
                    SnoozyEmbeddingModel.builder(words).retrieval(true).build();
            assertThat(retrieval.embed("cat")).isEqualTo(words.embed("search_query: cat"));
            float[] document = words.embed("search_document: cat");
            assertThat(retrieval.embed(new Document("cat"))).isEqualTo(document);
            List<Document> one = List.of(new Document("cat"));
            assertThat(retrieval.embed(one, null, new TokenCountBatchingStrategy()).getFirst())
                    .isEqualTo(document);
        }
    }

    @Test
    void forRetrievalAModelOfAnUnknownFamilyIsRefused() {
        SnoozyEmbeddingModel.Builder builder =
                SnoozyEmbeddingModel.builder(encoder).retrieval(true);
        assertThatThrownBy(builder::build)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no words are known");
    }
}
