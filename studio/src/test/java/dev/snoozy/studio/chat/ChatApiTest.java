package dev.snoozy.studio.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.studio.StudioRig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;

class ChatApiTest {
    @TempDir Path home;

    @Test
    void anotherSiteChangesNothing() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'title':'mine'}");
            for (String origin : new String[] {"http://127.0.0.1:1", "http://localhost:3000", ""}) {
                var request = rig.request(chat).header("Content-Type", "application/json").DELETE();
                if (!origin.isEmpty()) {
                    request.header("Origin", origin);
                }
                assertThat(rig.send(request).status()).as(origin).isEqualTo(403);
            }
            var text =
                    rig.request("/chats")
                            .header("Origin", rig.url())
                            .header("Content-Type", "text/plain")
                            .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"));
            assertThat(rig.send(text).status()).isEqualTo(415);
            assertThat(rig.get("/chats").json().path("chats")).hasSize(1);
        }
    }

    @Test
    void chatsAreChangedAndCopiedAndRemoved() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{}");
            String first = rig.say(chat, "", "one");
            rig.say(chat, first, "left");
            String right = rig.say(chat, first, "right");
            String folder = rig.post("/folders", "{'name':'work'}").json().path("id").asString();
            JsonNode changed =
                    rig.send(
                                    "PATCH",
                                    chat,
                                    "{'title':'new','folder':'"
                                            + folder
                                            + "','pinned':true,'leaf':'"
                                            + first
                                            + "'}")
                            .json();
            assertThat(changed.path("title").asString()).isEqualTo("new");
            assertThat(changed.path("pinned").asBoolean()).isTrue();
            assertThat(rig.get("/chats?folder=" + folder).json().path("chats")).hasSize(1);
            assertThat(rig.get("/chats?pinned=false").json().path("chats")).isEmpty();
            JsonNode copy = rig.post(chat + "/copy", "{'upTo':'" + right + "'}").json();
            assertThat(copy.path("messages")).hasSize(2);
            assertThat(rig.send("DELETE", chat, "").status()).isEqualTo(204);
            assertThat(rig.get(chat).status()).isEqualTo(404);
            assertThat(rig.get("/chats/" + copy.path("id").asString()).json().path("messages"))
                    .hasSize(2);
        }
    }

    @Test
    void whatIsNotAsItShouldBeIsRefusedByName() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{}");
            StudioRig.Reply unknown = rig.post("/chats", "{'options':{'temprature':1}}");
            assertThat(unknown.status()).isEqualTo(400);
            assertThat(unknown.json().path("error").path("field").asString())
                    .isEqualTo("options.temprature");
            assertThat(rig.send("PATCH", chat, "{'leaf':'nothing'}").status()).isEqualTo(400);
            assertThat(rig.send("PATCH", chat, "{'folder':'nothing'}").status()).isEqualTo(400);
            assertThat(rig.post(chat + "/messages", "{'role':'robot','content':''}").status())
                    .isEqualTo(400);
            assertThat(rig.post(chat + "/messages", "{'parent':'x','content':''}").status())
                    .isEqualTo(400);
            assertThat(rig.post(chat + "/generate", "{'parent':'x'}").status()).isEqualTo(400);
            assertThat(rig.send("PATCH", "/settings", "{'colour':'red'}").status()).isEqualTo(400);
            assertThat(rig.get("/chats/nothing").status()).isEqualTo(404);
            assertThat(rig.get("/nothing").status()).isEqualTo(404);
            assertThat(rig.send("PATCH", "/search", "{}").status()).isEqualTo(405);
        }
    }

    @Test
    void settingsPresetsAndFoldersAreKept() throws Exception {
        String preset;
        try (StudioRig rig = StudioRig.tiny(home)) {
            rig.send("PATCH", "/settings", "{'theme':'dark','fontSize':18}");
            rig.send("PATCH", "/settings", "{'fontSize':null}");
            preset =
                    rig.post("/presets", "{'name':'Poet','system':'Rhyme.','options':{'top_k':5}}")
                            .json()
                            .path("id")
                            .asString();
            rig.send("PATCH", "/presets/" + preset, "{'name':'Bard'}");
        }
        try (StudioRig rig = StudioRig.in(home)) {
            assertThat(rig.get("/settings").json().toString()).isEqualTo("{\"theme\":\"dark\"}");
            JsonNode found = rig.get("/presets").json().path("presets").get(0);
            assertThat(found.path("name").asString()).isEqualTo("Bard");
            assertThat(found.path("options").path("top_k").asInt()).isEqualTo(5);
            assertThat(rig.send("DELETE", "/presets/" + preset, "").status()).isEqualTo(204);
            assertThat(rig.send("DELETE", "/presets/" + preset, "").status()).isEqualTo(404);
        }
    }

    @Test
    void theContextMeterSaysWhatIsLeftOut() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'model':'tiny','system':'short','options':{'max_tokens':8}}");
            assertThat(rig.get(chat + "/context").json().path("loaded").asBoolean()).isFalse();
            assertThat(rig.post("/models/tiny/load", "{}").json().path("contextLength").asInt())
                    .isEqualTo(256);
            assertThat(rig.get(chat + "/context").json().path("limit").asInt()).isEqualTo(256);
            String last = "";
            for (int i = 0; i < 12; i++) {
                last = rig.say(chat, last, "a message of some length, number " + i);
            }
            JsonNode meter = rig.get(chat + "/context?leaf=" + last).json();
            int dropped = meter.path("dropped").size();
            assertThat(dropped).isBetween(1, 11);
            assertThat(meter.path("tokens").asInt()).isLessThan(248);
            assertThat(meter.path("perMessage")).hasSize(12);
            assertThat(meter.path("perMessage").get(0).path("sent").asBoolean()).isFalse();
            assertThat(meter.path("perMessage").get(11).path("sent").asBoolean()).isTrue();
            String answer =
                    chat
                            + "/messages/"
                            + rig.post(chat + "/generate", "{'parent':'" + last + "'}")
                                    .json()
                                    .path("message")
                                    .asString();
            JsonNode stats = rig.done(answer + "/events").path("stats");
            assertThat(stats.path("dropped").asInt()).isEqualTo(dropped);
            assertThat(stats.path("promptTokens").asInt()).isEqualTo(meter.path("tokens").asInt());
            rig.send("PATCH", chat, "{'options':{'context_policy':'refuse'}}");
            JsonNode refused = rig.get(chat + "/context?leaf=" + last).json();
            assertThat(refused.path("tokens").asInt()).isGreaterThan(256);
            assertThat(refused.path("dropped")).isEmpty();
        }
    }

    @Test
    void messagesAreFoundEverywhere() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'title':'Harbour'}");
            String message = rig.say(chat, "", "the lighthouse is dark tonight");
            JsonNode hit = rig.get("/search?q=light").json().path("hits").get(0);
            assertThat(hit.path("message").asString()).isEqualTo(message);
            assertThat(hit.path("marks").toString()).isEqualTo("[4,9]");
            assertThat(rig.get("/search?q=harb").json().path("hits")).hasSize(1);
            assertThat(rig.get("/search?q=%E4%BD%A0").json().path("hits")).isEmpty();
        }
    }

    @Test
    void modelsAreListedLoadedAndRemoved() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            JsonNode model = rig.get("/models").json().path("models").get(0);
            assertThat(model.path("name").asString()).isEqualTo("tiny");
            assertThat(model.path("architecture").asString()).isEqualTo("llama");
            assertThat(model.path("parameters").asLong()).isPositive();
            assertThat(model.path("loaded").asBoolean()).isFalse();
            rig.post("/models/tiny/load", "{}");
            assertThat(rig.get("/models").json().path("models").get(0).path("loaded").asBoolean())
                    .isTrue();
            assertThat(rig.get("/server").json().path("requests")).hasSize(1);
            assertThat(rig.get("/system").json().path("notices")).isEmpty();
            assertThat(rig.post("/models/tiny/unload", "{}").json().path("loaded").asBoolean())
                    .isFalse();
            assertThat(rig.send("DELETE", "/models/tiny", "").status()).isEqualTo(204);
            assertThat(rig.get("/models").json().path("models")).isEmpty();
            assertThat(home.resolve("models/tiny.gguf")).doesNotExist();
        }
    }
}
