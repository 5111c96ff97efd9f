package dev.snoozy.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The vocabulary of the model in the repository gives the ids of the reference engine. */
class ShippedVocabularyTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static List<JsonNode> cases() throws IOException {
        try (InputStream in =
                ShippedVocabularyTest.class.getResourceAsStream("stories260K.jsonl")) {
            assertThat(in).isNotNull();
            String lines = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return lines.lines().map(JSON::readTree).toList();
        }
    }

    private static int[] ids(JsonNode one, String column) {
        return one.get(column).valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    @Test
    void agreesWithTheReference() throws IOException {
        Tokenizer tokenizer;
        byte[] model = Data.read(Data.root().resolve("models/tinystories/stories260K-f32.gguf"));
        try (GgufFile file = GgufFile.of(model)) {
            tokenizer = Tokenizer.of(file.metadata());
        }
        assertThat(cases()).hasSize(60);
        for (JsonNode one : cases()) {
            String text = one.get("text").asString();
            assertThat(tokenizer.encode(text, false, false)).as(text).isEqualTo(ids(one, "ids"));
            assertThat(tokenizer.encode(text, true, true))
                    .as(text)
                    .isEqualTo(ids(one, "ids_add_and_parse_special"));
            JsonNode detokenized = one.get("detokenized");
            if (detokenized != null) {
                assertThat(tokenizer.decode(ids(one, "ids"), true))
                        .as(text)
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(detokenized.asString());
            }
        }
    }
}
