package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class EmbeddingModelTest {
    private static EmbeddingModel model;

    @BeforeAll
    static void load() {
        model = Models.loadEncoder(TinyModel.bert());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void aVectorHasLengthOne() {
        float[] vector = model.embed("ab cd");
        assertThat(vector).hasSize(TinyModel.EMBEDDING);
        assertThat(model.dimensions()).isEqualTo(TinyModel.EMBEDDING);
        assertThat(dot(vector, vector)).isCloseTo(1, within(1e-6));
    }

    @Test
    void theMeanOfTheTokensIsTheVector() {
        int[] tokens = model.tokenizer().encode("ab cd", true, false);
        List<float[]> rows = model.tokenEmbeddings(tokens);
        float[] pooled = model.pool(tokens);
        assertThat(rows).hasSize(tokens.length);
        for (int i = 0; i < pooled.length; i++) {
            double sum = 0;
            for (float[] row : rows) {
                sum += row[i];
            }
            assertThat((double) pooled[i]).isCloseTo(sum / rows.size(), within(1e-6));
        }
    }

    @Test
    void everyTokenSeesTheWholeText() {
        float[] first = model.tokenEmbeddings(new int[] {2, 5, 7, 3}).getFirst();
        float[] other = model.tokenEmbeddings(new int[] {2, 5, 9, 3}).getFirst();
        assertThat(first).isNotEqualTo(other);
    }

    @Test
    void aTextHasTheSameVectorInAnyCompany() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            texts.add("ab c ".repeat(1 + i * 2) + (char) ('a' + i));
        }
        List<float[]> alone = texts.stream().map(model::embed).toList();
        assertThat(model.embed(texts)).usingRecursiveComparison().isEqualTo(alone);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<float[]>> together = new ArrayList<>();
            texts.forEach(text -> together.add(callers.submit(() -> model.embed(text))));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void firstAndLastTokenArePooledWhereTheFileSaysSo() {
        int[] tokens = {2, 5, 7, 3};
        List<float[]> rows = model.tokenEmbeddings(tokens);
        try (EmbeddingModel first = Models.loadEncoder(TinyModel.bert().with(POOLING, 2));
                EmbeddingModel last = Models.loadEncoder(TinyModel.bert().with(POOLING, 3))) {
            assertThat(first.pool(tokens)).isEqualTo(rows.getFirst());
            assertThat(last.pool(tokens)).isEqualTo(rows.getLast());
        }
    }

    private static final String POOLING = "bert.pooling_type";

    @Test
    void anUnknownPoolingIsRefused() {
        assertThatThrownBy(() -> Models.loadEncoder(TinyModel.bert().with(POOLING, 9)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("found 9");
    }

    @Test
    void aTextLongerThanTheContextIsRefused() {
        assertThatThrownBy(() -> model.embed("a ".repeat(300)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("302 tokens")
                .hasMessageContaining("256");
    }

    @Test
    void aDecoderGivesVectorsToo() {
        try (EmbeddingModel decoder = Models.loadEncoder(TinyModel.llama())) {
            assertThat(dot(decoder.embed("ab"), decoder.embed("ab"))).isCloseTo(1, within(1e-6));
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
