package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;

/** What Ollama's clients ask about models, and what they may not do to them. */
class ModelListsTest {
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.chat();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void aListNamesModelsWithTheirTags() {
        JsonNode model = rig.get("/api/tags").json().at("/models/0");
        assertThat(model.get("name").stringValue()).isEqualTo("tiny:latest");
        assertThat(model.get("model").stringValue()).isEqualTo("tiny:latest");
        assertThat(model.get("size").longValue()).isPositive();
        assertThat(model.get("modified_at").stringValue()).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(model.get("digest").stringValue()).matches("[0-9a-f]{64}");
        assertThat(model.at("/details/format").stringValue()).isEqualTo("gguf");
    }

    @Test
    void whatRunsSaysWhenItWillGo() {
        rig.post("/api/generate", "{'model': 'tiny', 'keep_alive': -1}");
        JsonNode model = rig.get("/api/ps").json().at("/models/0");
        assertThat(model.get("name").stringValue()).isEqualTo("tiny:latest");
        assertThat(model.get("context_length").intValue()).isEqualTo(256);
        assertThat(model.get("size_vram").intValue()).isZero();
        assertThat(Integer.parseInt(model.get("expires_at").stringValue().substring(0, 4)))
                .isGreaterThan(2100);
    }

    @Test
    void aModelIsShownWithItsTemplateAndWhatItCanDo() {
        JsonNode shown = rig.post("/api/show", "{'model': 'tiny'}").json();
        assertThat(shown.get("template").stringValue()).isEqualTo(Rig.TEMPLATE);
        assertThat(shown.at("/details/family").stringValue()).isEqualTo("llama");
        assertThat(shown.get("model_info").get("llama.context_length").intValue()).isEqualTo(256);
        assertThat(shown.get("model_info").get("tokenizer.ggml.tokens").isNull()).isTrue();
        assertThat(shown.get("parameters").stringValue()).containsPattern("top_p +0\\.9");
        assertThat(shown.get("capabilities").toString()).contains("completion", "tools");
        JsonNode all = rig.post("/api/show", "{'name': 'tiny:latest', 'verbose': true}").json();
        assertThat(all.get("model_info").get("tokenizer.ggml.tokens")).hasSize(300);
    }

    @Test
    void detailsOfAFileAreReadFromIt(@TempDir Path folder) throws IOException {
        Path file =
                TinyModel.llama().with("general.file_type", 15).writeTo(folder.resolve("a.gguf"));
        ModelDetails details = ModelDetails.of(file);
        assertThat(details.family()).isEqualTo("llama");
        assertThat(details.quantization()).isEqualTo("Q4_K_M");
        assertThat(details.parameterSize()).matches("\\d+K");
        Path plain = TinyModel.llama().writeTo(folder.resolve("b.gguf"));
        assertThat(ModelDetails.of(plain).quantization()).isEqualTo("F32");
    }

    @Test
    void theVersionIsThisServersOwn() {
        assertThat(rig.get("/api/version").json().get("version").stringValue()).matches("\\d.*");
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/push", "POST, /api/create", "POST, /api/blobs/sha256:00"})
    void whatMakesModelsIsNotThere(String method, String path) {
        Rig.Reply reply =
                rig.send(
                        HttpRequest.newBuilder(URI.create(rig.url() + path))
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.json().get("error").stringValue()).contains(path, "snoozy convert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{} | model",
                "{'model': 1} | model",
                "{'name': []} | name",
                "{'model': 'tiny', 'verbose': 'x'} | verbose"
            })
    void whatIsNoRequestIsRefusedByName(String body, String name) {
        Rig.Reply reply = rig.post("/api/show", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("error").stringValue()).contains(name);
    }
}
