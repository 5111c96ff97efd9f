package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    @Test
    void aShorterVectorIsTheBeginningOfTheWholeOneAndHasLengthOne() {
        EmbeddingOptions options = EmbeddingOptions.defaults();
        float[] whole = model.embed(List.of("ab"), options.withNormalize(false)).getFirst();
        float[] cut = model.embed(List.of("ab"), options.withDimensions(8)).getFirst();
        assertThat(cut).hasSize(8);
        assertThat(dot(cut, cut)).isCloseTo(1, within(1e-6));
        for (int i = 1; i < 8; i++) {
            assertThat(cut[i] / cut[0]).isCloseTo(whole[i] / whole[0], within(1e-4f));
        }
        assertThatThrownBy(() -> model.embed(List.of("ab"), options.withDimensions(33)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("at most 32")
                .hasMessageContaining("found 33");
    }

    @Test
    void theCallersPoolingIsUsedInsteadOfTheFiles() {
        int[] tokens = {2, 5, 7, 3};
        List<float[]> rows = model.tokenEmbeddings(tokens);
        try (EmbeddingModel last = load(TinyModel.bert(), Pooling.LAST);
                EmbeddingModel none = load(TinyModel.bert(), Pooling.NONE)) {
            assertThat(last.pool(tokens)).isEqualTo(rows.getLast());
            assertThat(none.tokenEmbeddings(tokens)).hasSize(4);
            assertThatThrownBy(() -> none.pool(tokens))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("pooling none");
        }
    }

    @Test
    void wordsBeforeATextAreAddedOnlyWhereTheyAreAskedForAndKnown() {
        try (EmbeddingModel nomic =
                Models.loadEncoder(TinyModel.bert().with("general.name", "nomic embed text v1"))) {
            EmbeddingOptions query = EmbeddingOptions.defaults().withKind(TextKind.QUERY);
            assertThat(nomic.embed(List.of("ab"), query).getFirst())
                    .isEqualTo(nomic.embed("search_query: ab"))
                    .isNotEqualTo(nomic.embed("ab"));
            assertThat(nomic.prefix(TextKind.DOCUMENT)).isEqualTo("search_document: ");
        }
        assertThatThrownBy(() -> model.tokens("ab", TextKind.QUERY))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("no words are known");
    }

    @Test
    void aHeadJudgesPairsAsItsFormulaSays() {
        try (EmbeddingModel ranker = load(ranker(), Pooling.RANK);
                EmbeddingModel states = load(ranker(), Pooling.CLS)) {
            List<String> documents = List.of("ab", "cd ab", "c");
            float[] scores = ranker.rank("ab cd", documents);
            assertThat(scores).hasSize(3);
            assertThat(scores[0]).isNotEqualTo(scores[1]);
            for (int i = 0; i < scores.length; i++) {
                assertThat(ranker.rank("ab cd", List.of(documents.get(i)))[0]).isEqualTo(scores[i]);
            }
            int[] pair = ranker.pair("ab cd", "ab");
            assertThat(pair[0]).isEqualTo(2);
            assertThat(pair[pair.length - 1]).isEqualTo(3);
            assertThat((double) scores[0]).isCloseTo(formula(states.pool(pair)), within(1e-4));
            assertThatThrownBy(() -> ranker.embed("ab"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("pooling rank");
        }
    }

    @Test
    void aModelWithoutAHeadJudgesNoPairs() {
        assertThatThrownBy(() -> load(TinyModel.bert(), Pooling.RANK))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cls.weight");
        assertThatThrownBy(
                        () -> load(ranker().withTensor("token_types.weight", 32, 2), Pooling.RANK))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("one type of token");
        assertThatThrownBy(() -> model.rank("ab", List.of("c")))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("rank");
    }

    /** {@code output · tanh(dense x + bias) + bias}, from the tensors of the file. */
    private static double formula(float[] x) {
        try (GgufFile file = GgufFile.of(ranker().bytes())) {
            float[] dense = tensor(file, "cls.weight");
            float[] denseBias = tensor(file, "cls.bias");
            float[] output = tensor(file, "cls.output.weight");
            double score = tensor(file, "cls.output.bias")[0];
            for (int i = 0; i < x.length; i++) {
                double sum = denseBias[i];
                for (int j = 0; j < x.length; j++) {
                    sum += (double) dense[i * x.length + j] * x[j];
                }
                score += output[i] * Math.tanh(sum);
            }
            return score;
        }
    }

    private static float[] tensor(GgufFile file, String name) {
        TensorInfo info = Objects.requireNonNull(file.tensor(name));
        return file.data(info).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    @Test
    void whoIsInterruptedGivesHisTextsUp() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> model.embed(List.of("ab", "cd")))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(model.embed(List.of("ab", "cd"))).hasSize(2);
        assertThat(model.statistics().totals().promptTokens()).isPositive();
    }

    private static TinyModel ranker() {
        int n = TinyModel.EMBEDDING;
        return TinyModel.bert()
                .withTensor("token_types.weight", n, 1)
                .withTensor("cls.weight", n, n)
                .withTensor("cls.bias", n)
                .withTensor("cls.output.weight", n, 1)
                .withTensor("cls.output.bias", 1);
    }

    private static EmbeddingModel load(TinyModel tiny, Pooling pooling) {
        return EmbeddingModel.of(
                GgufFile.of(tiny.bytes()),
                LoadOptions.defaults().withThreads(2),
                Optional.of(pooling));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
