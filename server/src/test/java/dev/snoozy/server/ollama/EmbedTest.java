package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.Rig;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.util.Map;

/** Embeddings as Ollama's clients ask for them. */
class EmbedTest {
    private static final String PATH = "/api/embed";

    private static Rig rig;

    @BeforeAll
    static void start() {
        byte[] bytes = TinyModel.bert().bytes();
        rig =
                Rig.ofBytes(
                        Map.of("vectors", bytes),
                        entry ->
                                new LoadedEntry.Embedder(
                                        EmbeddingModel.of(
                                                GgufFile.of(bytes),
                                                LoadOptions.defaults().withThreads(1))),
                        options -> options);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static JsonNode embed(String fields) {
        return OllamaTexts.whole(rig, PATH, "{'model': 'vectors', " + fields + "}");
    }

    private static double length(JsonNode vector) {
        double sum = 0;
        for (JsonNode each : vector) {
            sum += each.doubleValue() * each.doubleValue();
        }
        return Math.sqrt(sum);
    }

    @Test
    void oneTextOrSeveralGetVectorsOfLengthOne() {
        JsonNode one = embed("'input': 'ab cd'");
        JsonNode two = embed("'input': ['ab cd', 'ef']");
        assertThat(one.get("model").stringValue()).isEqualTo("vectors");
        assertThat(one.get("embeddings")).hasSize(1);
        assertThat(two.get("embeddings")).hasSize(2);
        assertThat(two.at("/embeddings/0")).isEqualTo(one.at("/embeddings/0"));
        assertThat(length(two.at("/embeddings/1"))).isCloseTo(1, within(1e-5));
        assertThat(two.get("prompt_eval_count").intValue())
                .isGreaterThan(one.get("prompt_eval_count").intValue());
        assertThat(one.get("total_duration").longValue()).isPositive();
        assertThat(one.get("load_duration").isIntegralNumber()).isTrue();
    }

    @Test
    void fewerDimensionsAreTheFirstOnes() {
        JsonNode whole = embed("'input': 'ab cd'").at("/embeddings/0");
        JsonNode part = embed("'input': 'ab cd', 'dimensions': 8").at("/embeddings/0");
        assertThat(part).hasSize(8);
        assertThat(length(part)).isCloseTo(1, within(1e-5));
        double ratio = whole.get(0).doubleValue() / part.get(0).doubleValue();
        assertThat(part.get(7).doubleValue() * ratio)
                .isCloseTo(whole.get(7).doubleValue(), within(1e-5));
    }

    @Test
    void aTextThatIsTooLongIsCutAndSaidToBe() {
        String text = "ab ".repeat(400);
        JsonNode cut = embed("'input': ['ab', '" + text + "']");
        assertThat(cut.get("embeddings")).hasSize(2);
        assertThat(cut.get("warning").stringValue()).contains("1 texts were cut");
        assertThat(length(cut.at("/embeddings/1"))).isCloseTo(1, within(1e-5));
        Rig.Reply refused =
                rig.post(PATH, "{'model': 'vectors', 'truncate': false, 'input': '" + text + "'}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("error").stringValue()).contains("256");
    }

    @Test
    void nothingHasNoVectors() {
        assertThat(embed("'input': ''").get("embeddings")).isEmpty();
        assertThat(embed("'input': []").get("embeddings")).isEmpty();
        assertThat(embed("'keep_alive': '1h'").get("embeddings")).isEmpty();
    }

    @Test
    void olderClientsGetTheSameVector() {
        JsonNode old =
                OllamaTexts.whole(
                        rig, "/api/embeddings", "{'model': 'vectors', 'prompt': 'ab cd'}");
        assertThat(old.get("embedding")).isEqualTo(embed("'input': 'ab cd'").at("/embeddings/0"));
        JsonNode none = OllamaTexts.whole(rig, "/api/embeddings", "{'model': 'vectors'}");
        assertThat(none.get("embedding")).isEmpty();
    }

    @Test
    void aModelThatMakesVectorsWritesNoText() {
        Rig.Reply reply = rig.post("/api/generate", "{'model': 'vectors', 'prompt': 'a'}");
        assertThat(reply.status()).isEqualTo(501);
        JsonNode shown = OllamaTexts.whole(rig, "/api/show", "{'model': 'vectors'}");
        assertThat(shown.at("/capabilities/0").stringValue()).isEqualTo("embedding");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'input': 1 | input",
                "'input': [1] | input[0]",
                "'input': {} | input",
                "'input': 'a', 'truncate': 'no' | truncate",
                "'input': 'a', 'dimensions': 0 | dimensions",
                "'input': 'a', 'dimensions': 33 | dimensions",
                "'input': 'a', 'options': {'nonsense': 1} | options.nonsense",
                "'input': 'a', 'options': 3 | options",
                "'input': 'a', 'keep_alive': 'x' | keep_alive"
            })
    void whatIsNoRequestIsRefusedByName(String field, String name) {
        Rig.Reply reply = rig.post(PATH, "{'model': 'vectors', " + field + "}");
        assertThat(reply.status()).as(reply.http().body()).isEqualTo(400);
        assertThat(reply.json().get("error").stringValue()).contains(name);
    }
}
