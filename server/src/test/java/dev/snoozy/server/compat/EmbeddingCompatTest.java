package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.engine.Pooling;
import dev.snoozy.server.Rig;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Optional;

/** What the reference server's tests of embeddings ask, over a random encoder. */
class EmbeddingCompatTest {
    private static final String PATH = "/v1/embeddings";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().encoder(TinyModel.bert(), Optional.of(Pooling.LAST));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void aVectorHasLengthOne() {
        JsonNode json = rig.post(PATH, "{'input': 'ab cd e'}").json();
        assertThat(json.get("object").stringValue()).isEqualTo("list");
        assertThat(json.get("data")).hasSize(1);
        assertThat(json.at("/data/0/object").stringValue()).isEqualTo("embedding");
        float[] vector = vector(json, 0);
        assertThat(vector).hasSize(TinyModel.EMBEDDING);
        assertThat(squares(vector)).isCloseTo(1, within(1e-5));
    }

    @Test
    void severalTextsGiveSeveralVectorsInTheirOrder() {
        JsonNode json = rig.post(PATH, "{'input': ['ab', 'cd e', 'f', 'gh']}").json();
        assertThat(json.get("data")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(json.at("/data/" + i + "/index").intValue()).isEqualTo(i);
        }
        JsonNode second = rig.post(PATH, "{'input': 'cd e'}").json();
        assertThat(vector(json, 1)).isEqualTo(vector(second, 0)).isNotEqualTo(vector(json, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|1",
                "'ab'|1",
                "[12, 34, 29]|1",
                "[12, 34, 'ab', 26, 28]|1",
                "['ab', 'cd']|2",
                "['ab', [12, 34, 29]]|2",
                "[[12, 34, 29], [12, 34, 29]]|2",
                "[[12, 34, 29], [12, 'ab', 34]]|2"
            },
            quoteCharacter = '`')
    void anInputMayBeTextOrTokensOrBoth(String input, int vectors) {
        Rig.Reply reply = rig.post(PATH, "{'input': " + input + "}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("data")).hasSize(vectors);
        for (int i = 0; i < vectors; i++) {
            assertThat(vector(reply.json(), i)).hasSize(TinyModel.EMBEDDING);
        }
    }

    @Test
    void withPoolingNoneEveryTokenHasAVectorAsItIs() {
        try (Rig none = new CompatRig().encoder(TinyModel.bert(), Optional.of(Pooling.NONE))) {
            JsonNode json = none.post("/embeddings", "{'input': 'a b c'}").json();
            assertThat(json.get(0).get("embedding")).hasSize(5); // three and two around them
            for (JsonNode token : json.get(0).get("embedding")) {
                assertThat(squares(floats(token))).isNotCloseTo(1, within(1e-3));
            }
            Rig.Reply openAi = none.post(PATH, "{'input': 'a b c'}");
            assertThat(openAi.status()).isEqualTo(400);
            assertThat(openAi.json().at("/error/message").stringValue()).contains("pooling none");
        }
    }

    @Test
    void theOwnShapeIsAnArrayOfVectors() {
        JsonNode json = rig.post("/embedding", "{'content': 'ab'}").json();
        assertThat(json).hasSize(1);
        assertThat(json.get(0).get("embedding")).hasSize(1);
        assertThat(floats(json.get(0).get("embedding").get(0)))
                .isEqualTo(vector(rig.post(PATH, "{'input': 'ab'}").json(), 0));
        JsonNode raw = rig.post("/embedding", "{'content': 'ab', 'embd_normalize': -1}").json();
        assertThat(squares(floats(raw.at("/0/embedding/0")))).isNotCloseTo(1, within(1e-3));
    }

    @Test
    void aTextThatIsTooLongIsRefusedWithBothNumbers() {
        Rig.Reply reply = rig.post(PATH, "{'input': ['a', '" + "a ".repeat(512) + "']}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue())
                .contains("input[1] is too large")
                .contains("514")
                .contains("256");
    }

    @Test
    void theSameTextHasTheSameVector() {
        JsonNode json = rig.post(PATH, "{'input': ['ab c', 'ab c', 'ab c', 'ab c']}").json();
        for (int i = 1; i < 4; i++) {
            assertThat(vector(json, i)).isEqualTo(vector(json, 0));
        }
    }

    @Test
    void tokensAreCounted() {
        JsonNode one = rig.post(PATH, "{'input': 'a b c d e f g'}").json().get("usage");
        assertThat(one.get("prompt_tokens").intValue()).isEqualTo(9);
        assertThat(one.get("total_tokens").intValue()).isEqualTo(9);
        JsonNode two = rig.post(PATH, "{'input': ['a b c', 'a b c']}").json().get("usage");
        assertThat(two.get("prompt_tokens").intValue()).isEqualTo(10);
    }

    @Test
    void base64IsTheSameNumbers() {
        JsonNode numbers = rig.post(PATH, "{'input': 'ab'}").json();
        JsonNode coded = rig.post(PATH, "{'input': 'ab', 'encoding_format': 'base64'}").json();
        byte[] bytes = Base64.getDecoder().decode(coded.at("/data/0/embedding").stringValue());
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        assertThat(vector).isEqualTo(vector(numbers, 0));
    }

    @Test
    void aShorterVectorHasLengthOneToo() {
        float[] whole = vector(rig.post(PATH, "{'input': 'ab'}").json(), 0);
        float[] cut = vector(rig.post(PATH, "{'input': 'ab', 'dimensions': 8}").json(), 0);
        assertThat(cut).hasSize(8);
        assertThat(squares(cut)).isCloseTo(1, within(1e-5));
        assertThat(cut[1] / cut[0]).isCloseTo(whole[1] / whole[0], within(1e-4f));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'input': []}",
                "{'input': [[]]}",
                "{'input': 5}",
                "{'input': {'a': 1}}",
                "{'input': [99999]}",
                "{'input': 'ab', 'dimensions': 33}",
                "{'input': 'ab', 'dimensions': 0}",
                "{'input': 'ab', 'encoding_format': 'int8'}",
                "{'input': 'ab', 'input_type': 'poem'}",
                "{'input': 'ab', 'input_type': 'query'}",
                "{'input': 'ab', 'truncate': true}"
            })
    void whatIsNoRequestIsRefusedWithItsReason(String body) {
        Rig.Reply reply = rig.post(PATH, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue()).isNotBlank();
    }

    @Test
    void tooManyTextsAreRefused() {
        String many = "'a', ".repeat(2048) + "'a'";
        Rig.Reply reply = rig.post(PATH, "{'input': [" + many + "]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/message").stringValue()).contains("2048", "2049");
    }

    @Test
    void aModelThatWritesMakesNoEmbeddings() {
        try (Rig writer = Rig.plain()) {
            Rig.Reply reply = writer.post(PATH, "{'input': 'ab'}");
            assertThat(reply.status()).isEqualTo(501);
            assertThat(reply.json().at("/error/message").stringValue()).contains("--embedding");
        }
    }

    private static float[] vector(JsonNode json, int index) {
        return floats(json.at("/data/" + index + "/embedding"));
    }

    private static float[] floats(JsonNode array) {
        float[] vector = new float[array.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = array.get(i).floatValue();
        }
        return vector;
    }

    private static double squares(float[] vector) {
        double sum = 0;
        for (float x : vector) {
            sum += (double) x * x;
        }
        return sum;
    }
}
