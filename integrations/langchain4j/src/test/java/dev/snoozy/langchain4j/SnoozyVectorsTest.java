package dev.snoozy.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.output.Response;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.EmbeddingOptions;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.TextKind;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/** Vectors and scores. */
class SnoozyVectorsTest {
    private static EmbeddingModel encoder;
    private static EmbeddingModel ranker;

    @BeforeAll
    static void load() {
        encoder = Models.loadEncoder();
        ranker = Models.loadRanker();
    }

    @AfterAll
    static void close() {
        encoder.close();
        ranker.close();
    }

    private static SnoozyEmbeddingModel.Builder builder() {
        return SnoozyEmbeddingModel.builder().model(encoder);
    }

    private static int tokens(Response<?> response) {
        return Objects.requireNonNull(response.tokenUsage()).inputTokenCount();
    }

    @Test
    void vectorsAreThoseOfTheEngineAndTokensAreCounted() {
        Response<?> response = builder().build().embed("ab cd");
        assertThat(builder().build().embed("ab cd").content().vector())
                .containsExactly(encoder.embed("ab cd"));
        assertThat(tokens(response)).isEqualTo(encoder.tokens("ab cd", TextKind.NONE).length);
    }

    @Test
    void defaultsOfTheBuilderAreUsedAndRequestsGoOverThem() {
        SnoozyEmbeddingModel model =
                builder().dimensions(8).inputType(EmbeddingInputType.QUERY).build();
        EmbeddingOptions query =
                EmbeddingOptions.defaults().withDimensions(8).withKind(TextKind.QUERY);
        assertThat(model.dimension()).isEqualTo(8);
        assertThat(model.embed("ab").content().vector())
                .containsExactly(encoder.embed(List.of("ab"), query).getFirst());
        EmbeddingRequest document =
                EmbeddingRequest.builder()
                        .input("ab")
                        .dimensions(4)
                        .inputType(EmbeddingInputType.DOCUMENT)
                        .build();
        EmbeddingOptions other =
                EmbeddingOptions.defaults().withDimensions(4).withKind(TextKind.DOCUMENT);
        assertThat(model.embed(document).embeddings().getFirst().vector())
                .containsExactly(encoder.embed(List.of("ab"), other).getFirst());
    }

    @Test
    void aModelWhoseWordsAreNotKnownRefusesTheKindOfText() {
        try (EmbeddingModel nameless =
                EmbeddingModel.of(
                        GgufFile.of(TinyModel.bert().bytes()),
                        LoadOptions.defaults().withThreads(1))) {
            SnoozyEmbeddingModel model = SnoozyEmbeddingModel.builder().model(nameless).build();
            EmbeddingRequest query =
                    EmbeddingRequest.builder()
                            .input("ab")
                            .inputType(EmbeddingInputType.QUERY)
                            .build();
            assertThatThrownBy(() -> model.embed(query))
                    .isInstanceOf(UnsupportedFeatureException.class)
                    .hasMessageContaining("input");
            assertThat(model.modelName()).isEqualTo("snoozy");
        }
    }

    @Test
    void textsAndDimensionsThatDoNotFitAreInvalidRequests() {
        assertThatThrownBy(() -> builder().build().embed("ab ".repeat(600)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("context");
        for (int dimensions : new int[] {0, -1, 33}) {
            EmbeddingRequest request =
                    EmbeddingRequest.builder().input("ab").dimensions(dimensions).build();
            assertThatThrownBy(() -> builder().build().embed(request))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("dimensions: expected 1 to 32");
        }
        assertThatThrownBy(() -> SnoozyEmbeddingModel.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found none");
    }

    @Test
    void scoresAreThoseOfTheHeadAndLieBetweenZeroAndOneUnlessLogitsAreWanted() {
        List<TextSegment> texts = List.of(TextSegment.from("ab"), TextSegment.from("cd ef"));
        float[] logits = ranker.rank("gh", List.of("ab", "cd ef"));
        Response<List<Double>> raw =
                SnoozyScoringModel.builder()
                        .model(ranker)
                        .normalize(false)
                        .build()
                        .scoreAll(texts, "gh");
        assertThat(raw.content()).containsExactly((double) logits[0], (double) logits[1]);
        assertThat(tokens(raw))
                .isEqualTo(ranker.pair("gh", "ab").length + ranker.pair("gh", "cd ef").length);
        double first =
                SnoozyScoringModel.builder().model(ranker).build().score("ab", "gh").content();
        assertThat(first).isCloseTo(1 / (1 + Math.exp(-logits[0])), within(1e-9));
    }

    @Test
    void aModelOfTheOtherKindIsRefusedAtOnce() {
        assertThatThrownBy(() -> SnoozyScoringModel.builder().model(encoder).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank");
        assertThatThrownBy(() -> SnoozyEmbeddingModel.builder().model(ranker).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found rank");
    }

    @Test
    void aClosedModelIsAnInternalError() {
        EmbeddingModel closed = Models.loadEncoder();
        closed.close();
        SnoozyEmbeddingModel model = SnoozyEmbeddingModel.builder().model(closed).build();
        assertThatThrownBy(() -> model.embed("ab")).isInstanceOf(InternalServerException.class);
    }
}
