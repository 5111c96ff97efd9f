package dev.snoozy.studio.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.KnowingModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Documents over the page's interface, with real files of the reference data. */
class DocumentApiTest {
    private static final List<String> FILES =
            List.of("faq.md", "localdocs.md", "testPDF.pdf", "broken-not-a-pdf.pdf", "testRTF.rtf");

    @TempDir private Path home;

    private Path folder;
    private StudioRig rig;

    @BeforeEach
    void start() throws Exception {
        folder = Files.createDirectories(home.resolve("texts"));
        for (String name : FILES) {
            Files.copy(Data.shared().resolve("docs").resolve(name), folder.resolve(name));
        }
        byte[] model =
                new KnowingModel("I", " pass").answer("LocalDocs", 1, "It", " is", " [1]").bytes();
        rig = StudioRig.knowing(home, model);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    /** Adds the folder and waits until it is read. */
    private JsonNode added(String name, String more) {
        Reply reply =
                rig.post(
                        "/documents",
                        "{'name':'%s','path':'%s'%s}"
                                .formatted(name, folder.toString().replace("\\", "\\\\"), more));
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return done(reply);
    }

    private JsonNode done(Reply reply) {
        JsonNode job = rig.done("/jobs/" + reply.json().path("job").asString() + "/events");
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("done");
        return job;
    }

    @Test
    void aFolderIsAddedAndEachFileIsToldWithItsReason() {
        JsonNode job = added("mine", "");
        assertThat(job.path("result").path("files").asInt()).isEqualTo(FILES.size());
        assertThat(job.path("rows")).hasSize(FILES.size());
        assertThat(job.path("progress").path("unit").asString()).isEqualTo("files");
        JsonNode one = rig.get("/documents").json().path("collections").get(0);
        assertThat(one.path("indexed").asInt()).isEqualTo(4);
        assertThat(one.path("failed").asInt()).isEqualTo(1);
        assertThat(one.path("embedder").asString()).isEmpty();
        JsonNode failed = rig.get("/documents/mine/files?status=failed").json();
        assertThat(failed.path("total").asInt()).isEqualTo(1);
        assertThat(failed.path("files").get(0).path("message").asString()).isNotBlank();
        JsonNode later = rig.get("/documents/mine/files?from=3&limit=1").json();
        assertThat(later.path("total").asInt()).isEqualTo(FILES.size());
        assertThat(later.path("files")).hasSize(1);
    }

    @Test
    void whatIsFoundIsOpenedAtItsPlace() {
        added("mine", "");
        JsonNode hit =
                rig.post(
                                "/documents/search",
                                "{'collections':['mine'],'query':'monitor a deployment'}")
                        .json()
                        .path("passages")
                        .get(0);
        assertThat(hit.path("file").asString()).endsWith("faq.md");
        assertThat(hit.path("line").asInt()).isPositive();
        assertThat(hit.path("highlights")).isNotEmpty();
        JsonNode opened =
                rig.send(
                                "POST",
                                "/documents/open",
                                dev.snoozy.server.http.Json.object()
                                        .put("path", hit.path("file").asString())
                                        .put("passage", hit.path("text").asString())
                                        .toString())
                        .json();
        int target = opened.path("target").asInt();
        JsonNode passage = opened.path("passages").get(target - opened.path("from").asInt());
        assertThat(passage.path("text")).isEqualTo(hit.path("text"));
        Path secret = home.resolve("snoozy.db");
        assertThat(rig.post("/documents/open", "{'path':'" + secret + "'}").status())
                .as("a file that was not indexed")
                .isEqualTo(404);
    }

    @Test
    void whatChangesIsReadAgainAndWhatIsTakenOutIsForgotten() throws Exception {
        added("mine", "");
        Files.writeString(folder.resolve("new.txt"), "The otter swims in the river.");
        JsonNode job = done(rig.post("/documents/mine/update", "{}"));
        assertThat(job.path("result").path("read").asInt()).isEqualTo(1);
        assertThat(found("otter")).isEqualTo(1);
        done(rig.post("/documents/mine/remove", "{'path':'" + folder + "'}"));
        assertThat(found("otter")).isZero();
        assertThat(rig.send("DELETE", "/documents/mine", "").status()).isEqualTo(204);
        assertThat(rig.get("/documents").json().path("collections")).isEmpty();
        assertThat(folder.resolve("new.txt")).exists();
        assertThat(rig.get("/documents/mine").status()).isEqualTo(404);
    }

    private int found(String words) {
        String body = "{'collections':['mine'],'query':'" + words + "'}";
        return rig.post("/documents/search", body).json().path("passages").size();
    }

    @Test
    void vectorsAreMadeIfAModelIsChosen() {
        added("mine", ",'embedder':'bert'");
        String body = "{'collections':['mine'],'query':'zygote','method':'vectors'}";
        assertThat(rig.post("/documents/search", body).json().path("passages")).isNotEmpty();
        JsonNode job = done(rig.send("PATCH", "/documents/mine", "{'embedder':''}"));
        assertThat(job.path("result").path("read").asInt()).isZero();
        assertThat(rig.post("/documents/search", body).status()).isEqualTo(400);
    }

    @Test
    void whatIsWrongIsRefusedByName() {
        for (String body :
                List.of(
                        "{'name':'mine','path':'relative'}",
                        "{'name':'../mine','path':'/tmp'}",
                        "{'name':'mine','path':'/tmp','embedder':'none'}",
                        "{'name':'mine','path':'/no/such/place'}",
                        "{'path':'/tmp'}")) {
            assertThat(rig.post("/documents", body).status()).as(body).isEqualTo(400);
        }
        assertThat(rig.send("PATCH", "/settings", "{'documentRoots':['relative']}").status())
                .isEqualTo(400);
        String foreign = "{\"name\":\"mine\",\"path\":\"" + folder + "\"}";
        assertThat(
                        rig.send(
                                        rig.request("/documents")
                                                .header("Origin", "http://localhost:1")
                                                .header("Content-Type", "application/json")
                                                .POST(
                                                        java.net.http.HttpRequest.BodyPublishers
                                                                .ofString(foreign)))
                                .status())
                .as("a page of another server on this machine")
                .isEqualTo(403);
    }

    private JsonNode answer(String documents, String question) {
        String chat =
                rig.chat(
                        "{'model':'knowing','options':{'temperature':0,'max_tokens':8,'documents':"
                                + documents
                                + "}}");
        return answered(chat, rig.say(chat, "", question));
    }

    private JsonNode answered(String chat, String parent) {
        String message =
                rig.post(chat + "/generate", "{'parent':'" + parent + "'}")
                        .json()
                        .path("message")
                        .asString();
        return rig.done(chat + "/messages/" + message + "/events");
    }

    @Test
    void theContextMeterCountsThePassagesOfTheLastAnswer() {
        added("mine", "");
        String chat =
                rig.chat(
                        "{'model':'knowing','options':{'temperature':0,'max_tokens':8,"
                                + "'documents':['mine']}}");
        String question = rig.say(chat, "", "how do I use LocalDocs?");
        JsonNode answer = answered(chat, question);
        int prompt = answer.at("/stats/promptTokens").asInt();
        JsonNode asked = rig.get(chat + "/context?leaf=" + question).json();
        assertThat(asked.path("passageTokens").asInt()).isZero();
        String leaf = answer.path("id").asString();
        JsonNode meter = rig.get(chat + "/context?leaf=" + leaf).json();
        int passages = meter.path("passageTokens").asInt();
        assertThat(passages).isGreaterThan(1000).isLessThan(4096);
        assertThat(asked.path("tokens").asInt() + passages).isEqualTo(prompt);
        int said = meter.at("/perMessage/1/tokens").asInt();
        assertThat(meter.path("tokens").asInt())
                .as("the prompt of the answer, the answer, and two control tokens around it")
                .isEqualTo(prompt + said + 2);
        String next = rig.say(chat, leaf, "and what is a zygote?");
        JsonNode later = rig.get(chat + "/context?leaf=" + next).json();
        assertThat(later.path("passageTokens").asInt())
                .as("those of earlier turns are not sent")
                .isZero();
    }

    @Test
    void aChatOverCollectionsIsAnsweredWithCitations() {
        added("mine", "");
        added("twice", "");
        JsonNode answer = answer("['mine','twice']", "how do I use LocalDocs?");
        assertThat(answer.path("content").asString()).as(answer.toString()).isEqualTo("It is [1]");
        JsonNode citations = answer.at("/stats/documents/citations");
        assertThat(citations.get(0).path("cited").asBoolean()).isTrue();
        assertThat(citations.findValuesAsString("passage"))
                .anyMatch(passage -> passage.contains("LocalDocs"));
        assertThat(citations.findValuesAsString("passage")).doesNotHaveDuplicates();
        JsonNode nothing = answer("['mine']", "zygote quantum");
        assertThat(nothing.path("content").asString()).isEqualTo("That is not in the documents.");
        assertThat(nothing.at("/stats/documents/found").asBoolean()).isFalse();
        assertThat(nothing.path("finish").asString()).isEqualTo("stop");
        JsonNode gone = answer("['none']", "anything");
        assertThat(gone.path("error").asString()).contains("no collection none");
        assertThat(rig.post("/chats", "{'options':{'documents':[7]}}").status()).isEqualTo(400);
    }
}
