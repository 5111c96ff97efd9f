package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.Pooling;
import dev.snoozy.server.Rig;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the reference server's tests of reranking ask, over a random judge. Which document is best
 * says nothing here; that the best one is first does.
 */
class RerankCompatTest {
    private static final String DOCUMENTS = "['ab', 'cd ef', 'g h i', 'k']";

    private static Rig rig;

    @BeforeAll
    static void start() {
        int n = TinyModel.EMBEDDING;
        TinyModel judge =
                TinyModel.bert()
                        .withTensor("token_types.weight", n, 1)
                        .withTensor("cls.weight", n, n)
                        .withTensor("cls.bias", n)
                        .withTensor("cls.output.weight", n, 1)
                        .withTensor("cls.output.bias", 1);
        rig = new CompatRig().encoder(judge, Optional.of(Pooling.RANK));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void jinasShapeHasTheBestFirst() {
        for (String path : new String[] {"/v1/rerank", "/rerank", "/reranking", "/v1/reranking"}) {
            JsonNode json =
                    rig.post(path, "{'query': 'ab cd', 'documents': " + DOCUMENTS + "}").json();
            assertThat(json.has("warning")).isFalse();
            assertThat(json.get("results")).hasSize(4);
            assertFalling(json.get("results"), "relevance_score");
        }
    }

    @Test
    void theOtherShapeIsABareArrayOfTheSameOrder() {
        JsonNode jina =
                rig.post("/rerank", "{'query': 'ab cd', 'documents': " + DOCUMENTS + "}").json();
        JsonNode bare =
                rig.post(
                                "/rerank",
                                "{'query': 'ab cd', 'return_text': true, 'texts': "
                                        + DOCUMENTS
                                        + "}")
                        .json();
        assertThat(bare.isArray()).isTrue();
        assertThat(bare).hasSize(4);
        assertFalling(bare, "score");
        assertThat(indices(bare)).isEqualTo(indices(jina.get("results")));
        assertThat(bare.get(0).get("score").doubleValue()).isBetween(0.0, 1.0);
        assertThat(bare.get(0).get("text").isString()).isTrue();
        JsonNode raw =
                rig.post(
                                "/rerank",
                                "{'query': 'ab cd', 'raw_scores': true, 'texts': "
                                        + DOCUMENTS
                                        + "}")
                        .json();
        assertThat(raw.get(0).get("score")).isEqualTo(jina.at("/results/0/relevance_score"));
    }

    @Test
    void onlyTheBestAreShownWhereThatIsAskedFor() {
        JsonNode json =
                rig.post(
                                "/v1/rerank",
                                "{'query': 'ab', 'top_n': 2, 'return_documents': true,"
                                        + " 'documents': ['ab', {'text': 'cd'}, 'e']}")
                        .json();
        assertThat(json.get("results")).hasSize(2);
        assertThat(json.at("/results/0/document/text").isString()).isTrue();
    }

    @Test
    void tokensOfAllPairsAreCounted() {
        JsonNode usage =
                rig.post("/v1/rerank", "{'query': 'a b', 'documents': ['c', 'd e']}")
                        .json()
                        .get("usage");
        assertThat(usage.get("prompt_tokens").intValue()).isEqualTo(7 + 8);
        assertThat(usage.get("total_tokens")).isEqualTo(usage.get("prompt_tokens"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'query': 'ab'}",
                "{'documents': ['ab']}",
                "{'query': 5, 'documents': ['ab']}",
                "{'query': '', 'documents': ['ab']}",
                "{'query': 'ab', 'documents': 'ab'}",
                "{'query': 'ab', 'documents': []}",
                "{'query': 'ab', 'documents': [5]}",
                "{'query': 'ab', 'documents': [{'body': 'ab'}]}",
                "{'query': 'ab', 'documents': ['ab'], 'texts': ['ab']}",
                "{'query': 'ab', 'documents': ['ab'], 'top_n': 0}",
                "{'query': 'ab', 'documents': ['ab'], 'truncate': true}"
            })
    void whatIsNoRequestIsRefusedWithItsReason(String body) {
        Rig.Reply reply = rig.post("/v1/rerank", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue()).isNotBlank();
    }

    @Test
    void aModelOfEmbeddingsComparesAndSaysSo() {
        try (Rig encoder = new CompatRig().encoder(TinyModel.bert(), Optional.empty())) {
            JsonNode json =
                    encoder.post("/v1/rerank", "{'query': 'ab cd', 'documents': " + DOCUMENTS + "}")
                            .json();
            assertThat(json.get("warning").stringValue()).contains("cosines");
            assertFalling(json.get("results"), "relevance_score");
            JsonNode same =
                    encoder.post("/v1/rerank", "{'query': 'cd ef', 'documents': " + DOCUMENTS + "}")
                            .json();
            assertThat(same.at("/results/0/index").intValue()).isEqualTo(1);
            assertThat(same.at("/results/0/relevance_score").doubleValue())
                    .isBetween(0.9999, 1.0001);
        }
    }

    @Test
    void aModelThatWritesOrMakesNoVectorRanksNothing() {
        String body = "{'query': 'ab', 'documents': ['ab']}";
        try (Rig writer = Rig.plain();
                Rig none = new CompatRig().encoder(TinyModel.bert(), Optional.of(Pooling.NONE))) {
            assertThat(writer.post("/v1/rerank", body).status()).isEqualTo(501);
            assertThat(none.post("/v1/rerank", body).status()).isEqualTo(501);
        }
        assertThat(rig.post("/v1/embeddings", "{'input': 'ab'}").status()).isEqualTo(501);
    }

    private static void assertFalling(JsonNode results, String score) {
        for (int i = 1; i < results.size(); i++) {
            assertThat(results.get(i).get(score).doubleValue())
                    .isLessThanOrEqualTo(results.get(i - 1).get(score).doubleValue());
        }
        assertThat(results.get(results.size() - 1).get(score).doubleValue())
                .isLessThan(results.get(0).get(score).doubleValue());
    }

    private static List<Integer> indices(JsonNode results) {
        List<Integer> indices = new ArrayList<>();
        results.forEach(result -> indices.add(result.get("index").intValue()));
        return indices;
    }
}
