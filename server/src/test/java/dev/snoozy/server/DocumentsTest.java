package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.documents.extract.ExtractionLimits;
import dev.snoozy.documents.extract.Extractor;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.documents.index.ModelEmbedder;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.KnowingModel;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Documents over HTTP: collections, search, and the field {@code documents} of a chat. */
class DocumentsTest {
    @TempDir private static Path folder;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        Path documents = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(documents.resolve("a.md"), "# Birds\n\nThe falcon is fast <|end|>.");
        Files.writeString(documents.resolve("b.pdf"), "no pdf");
        DocumentLibrary library = new DocumentLibrary(folder.resolve("collections"));
        byte[] bert = TinyModel.bert().bytes();
        try (Extractor extractor = new Extractor(ExtractionLimits.defaults(), 1);
                DocumentCollection words = library.openOrCreate("words");
                DocumentCollection vectors = library.openOrCreate("vectors");
                EmbeddingModel model =
                        EmbeddingModel.of(GgufFile.of(bert), LoadOptions.defaults())) {
            words.add(List.of(documents));
            words.update(Optional.empty(), extractor, (done, total, file, changed) -> {});
            vectors.add(List.of(documents));
            vectors.setEmbedder("bert");
            vectors.update(
                    Optional.of(new ModelEmbedder(model, "bert " + bert.length)),
                    extractor,
                    (done, total, file, changed) -> {});
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(
                "knowing",
                new KnowingModel("I", " pass").answer("falcon", 1, "It", " is", " [1]").bytes());
        files.put("bert", bert);
        rig = Rig.withDocuments(files, ServedDocuments.of(library));
    }

    @AfterAll
    static void end() {
        rig.close();
    }

    @Test
    void collectionsTellTheirFilesAndWhatFailed() {
        JsonNode data = rig.get("/v1/documents").json().get("data");
        assertThat(data).hasSize(2);
        assertThat(data.get(1).get("name").asString()).isEqualTo("words");
        assertThat(data.get(1).get("failed").asInt()).isEqualTo(1);
        JsonNode one = rig.get("/v1/documents/words").json();
        assertThat(one.get("files")).hasSize(2);
        assertThat(one.get("files").get(1).get("message").asString())
                .contains("does not begin like one");
        assertThat(rig.get("/v1/documents/none").status()).isEqualTo(404);
    }

    @Test
    void searchFindsByWordsAndByVectors() {
        for (String collection : List.of("words", "vectors")) {
            Rig.Reply found =
                    rig.post(
                            "/v1/documents/search",
                            "{\"collection\": \"%s\", \"query\": \"falcons\"}"
                                    .formatted(collection));
            assertThat(found.status()).isEqualTo(200);
            JsonNode passage = found.json().get("passages").get(0);
            assertThat(passage.get("text").asString()).contains("The falcon is fast");
            assertThat(passage.get("line").asInt()).isEqualTo(1);
        }
        assertThat(
                        rig.post(
                                        "/v1/documents/search",
                                        "{\"collection\": \"words\", \"query\": \"x\","
                                                + " \"method\": \"vectors\"}")
                                .status())
                .isEqualTo(400);
        assertThat(
                        rig.post(
                                        "/v1/documents/search",
                                        "{\"collection\": \"none\", \"query\": \"x\"}")
                                .status())
                .isEqualTo(404);
    }

    private static String chat(String documents, String question) {
        return """
        {"model": "knowing", "temperature": 0, "max_tokens": 20, "documents": %s,
         "messages": [{"role": "user", "content": "%s"}]}\
        """
                .formatted(documents, question);
    }

    @Test
    void aChatIsAnsweredFromDocumentsWithCitations() {
        for (String documents :
                List.of("\"words\"", "{\"collection\": \"vectors\", \"count\": 3}")) {
            JsonNode answer =
                    rig.post("/v1/chat/completions", chat(documents, "how fast is it?")).json();
            assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("It is [1]");
            JsonNode citation = answer.at("/documents/citations/0");
            assertThat(citation.get("cited").asBoolean()).isTrue();
            assertThat(citation.get("file").asString()).endsWith("a.md");
            assertThat(citation.get("passage").asString()).contains("falcon");
        }
    }

    /** Of a whole answer, or of the last event or line that tells of documents. */
    private static JsonNode documents(String path, String body) {
        String text = rig.post(path, body).http().body();
        JsonNode found = Json.object().path("none");
        for (String line : text.lines().toList()) {
            String json = line.startsWith("data: ") ? line.substring("data: ".length()) : line;
            if (json.startsWith("{")) {
                JsonNode node = Json.parse(json);
                node =
                        node.has("response") && node.get("response").isObject()
                                ? node.get("response")
                                : node;
                found = node.has("documents") ? node.get("documents") : found;
            }
        }
        assertThat(found.isMissingNode()).as(text).isFalse();
        return found;
    }

    @Test
    void everyDialectAnswersFromSeveralCollections() {
        String said = "\"messages\": [{\"role\": \"user\", \"content\": \"how fast is it?\"}]";
        String prompt = "\"prompt\": \"how fast is it?\", \"options\": {\"temperature\": 0}";
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("/v1/chat/completions", said + ", \"temperature\": 0");
        asked.put("/v1/messages", said + ", \"max_tokens\": 20, \"temperature\": 0");
        asked.put("/v1/responses", "\"input\": \"how fast is it?\", \"temperature\": 0");
        asked.put("/api/chat", said + ", \"options\": {\"temperature\": 0}");
        asked.put("/api/generate", prompt);
        asked.forEach((path, fields) -> {
            for (boolean stream : new boolean[] {false, true}) {
                String body =
                        "{\"model\": \"knowing\", \"documents\": [\"words\", \"vectors\"],"
                                + " \"stream\": %s, %s}".formatted(stream, fields);
                JsonNode documents = documents(path, body);
                assertThat(documents.get("citations")).as(path).hasSize(1);
                JsonNode citation = documents.at("/citations/0");
                assertThat(citation.get("passage").asString()).as(path).contains("falcon");
                assertThat(citation.get("cited").asBoolean()).as(path).isTrue();
            }
            String gone = "{\"model\": \"knowing\", \"documents\": \"none\", %s}".formatted(fields);
            assertThat(rig.post(path, gone).status()).as(path).isEqualTo(404);
        });
        String raw = "{\"model\": \"knowing\", \"raw\": true, \"documents\": \"words\", %s}";
        assertThat(rig.post("/api/generate", raw.formatted(prompt)).status()).isEqualTo(400);
    }

    @Test
    void whatIsNotFoundIsSaidInTheAnswer() {
        JsonNode answer =
                rig.post("/v1/chat/completions", chat("\"words\"", "zygote quantum")).json();
        assertThat(answer.at("/documents/found").asBoolean()).isFalse();
        assertThat(answer.at("/documents/citations")).isEmpty();
        assertThat(rig.post("/v1/chat/completions", chat("\"none\"", "x")).status()).isEqualTo(404);
    }
}
