package dev.snoozy.studio.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.StudioRig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

class TransferTest {
    @TempDir Path home;

    private static JsonNode only(StudioRig rig) {
        JsonNode chats = rig.get("/chats").json().path("chats");
        assertThat(chats).hasSize(1);
        return rig.get("/chats/" + chats.get(0).path("id").asString()).json();
    }

    private static StudioRig.Reply take(StudioRig rig, String format, JsonNode data) {
        var body = Json.object().put("format", format);
        body.set("data", data);
        return rig.send(
                rig.request("/import")
                        .header("Origin", rig.url())
                        .header("Content-Type", "application/json")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(Json.text(body))));
    }

    private static JsonNode fixture(String name) throws IOException {
        try (InputStream in = TransferTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatIsExportedIsImportedAsItWas() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'title':'Mine','system':'Be kind.','options':{'seed':4}}");
            String first = rig.say(chat, "", "one");
            rig.say(chat, first, "left");
            String right = rig.say(chat, first, "right");
            String answer =
                    rig.post(
                                    chat + "/generate",
                                    "{'parent':'"
                                            + right
                                            + "','tokens':true,'options':{'max_tokens':5}}")
                            .json()
                            .path("message")
                            .asString();
            rig.done(chat + "/messages/" + answer + "/events");
            JsonNode before = rig.get(chat).json();
            JsonNode export = Json.parse(rig.get("/export?format=json").text());
            rig.send("DELETE", chat, "");
            assertThat(take(rig, "snoozy", export).json().path("chats").asInt()).isEqualTo(1);
            JsonNode after = only(rig);
            assertThat(withoutIds(after)).isEqualTo(withoutIds(before));
            assertThat(after.path("messages").get(3).path("tokens")).hasSize(5);
            JsonNode again = Json.parse(rig.get("/export").text());
            assertThat(again.path("chats").get(0).path("messages").get(3).path("ids"))
                    .isEqualTo(export.path("chats").get(0).path("messages").get(3).path("ids"));
        }
    }

    private static String withoutIds(JsonNode chat) {
        return Json.text(chat).replaceAll("\"(id|parent|leaf)\":\"[^\"]*\"", "\"$1\":\"\"");
    }

    @Test
    void aChatIsReadableAsMarkdown() {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String chat = rig.chat("{'title':'Mine','system':'Be kind.'}");
            String first =
                    rig.post(
                                    chat + "/messages",
                                    "{'content':'Look at this','attachments':[{'name':'a.md',"
                                            + "'text':'```\\ncode\\n```'}]}")
                            .json()
                            .path("id")
                            .asString();
            rig.say(chat, first, "and this");
            String text =
                    rig.get("/export?format=md&chat=" + chat.substring("/chats/".length())).text();
            assertThat(text)
                    .isEqualTo(
                            """
                            # Mine

                            *System:* Be kind.

                            ## User

                            Attached: a.md

                            ````
                            ```
                            code
                            ```
                            ````

                            Look at this

                            ## User

                            and this

                            """);
        }
    }

    @Test
    void chatsOfChatGptKeepTheirBranches() throws IOException {
        try (StudioRig rig = StudioRig.tiny(home)) {
            JsonNode answer = take(rig, "chatgpt", fixture("chatgpt.json")).json();
            assertThat(answer.path("chats").asInt()).isEqualTo(1);
            assertThat(answer.path("skipped").get(0).asString()).contains("no text");
            JsonNode chat = only(rig);
            JsonNode messages = chat.path("messages");
            assertThat(chat.path("title").asString()).isEqualTo("Tea");
            assertThat(messages).hasSize(4);
            assertThat(messages.get(0).path("parent").isNull()).isTrue();
            assertThat(messages.get(2).path("parent")).isEqualTo(messages.get(0).path("id"));
            assertThat(messages.get(2).path("model").asString()).isEqualTo("gpt-x");
            assertThat(chat.path("leaf")).isEqualTo(messages.get(3).path("id"));
            assertThat(chat.path("created").asString()).isEqualTo("2024-01-01T00:00:00Z");
        }
    }

    @Test
    void chatsOfOpenWebUiKeepBranchesAndReasoning() throws IOException {
        try (StudioRig rig = StudioRig.tiny(home)) {
            assertThat(take(rig, "openwebui", fixture("openwebui.json")).status()).isEqualTo(200);
            JsonNode chat = only(rig);
            JsonNode messages = chat.path("messages");
            assertThat(messages).hasSize(3);
            assertThat(messages.get(1).path("reasoning").asString()).isEqualTo("Leaves first.");
            assertThat(messages.get(1).path("content").asString()).isEqualTo("Pour water.");
            assertThat(messages.get(2).path("parent")).isEqualTo(messages.get(0).path("id"));
            assertThat(chat.path("leaf")).isEqualTo(messages.get(1).path("id"));
        }
    }

    private static void string(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_16BE);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void item(DataOutputStream out, String label, String value, String... parts)
            throws IOException {
        string(out, label);
        string(out, value);
        out.writeInt(-1); // a string that is null
        out.write(new byte[4]);
        if (label.equals("Response: ")) {
            out.writeByte(0);
        }
        out.writeLong(0);
        out.writeLong(0);
        out.writeLong(parts.length / 2);
        for (int i = 0; i < parts.length; i += 2) {
            string(out, parts[i]);
            string(out, parts[i + 1]);
            if (parts[i].equals("Think: ")) {
                out.writeInt(1200);
            }
            out.writeLong(0);
        }
    }

    private static byte[] chatFile() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xF5D553CC);
        out.writeInt(12);
        out.writeLong(1_704_067_200);
        string(out, "abc");
        string(out, "Tea time");
        string(out, "");
        string(out, "model-id");
        out.writeInt(1);
        string(out, "documents");
        out.writeInt(4);
        item(out, "Prompt: ", "How?");
        item(
                out,
                "Response: ",
                "",
                "Think: ",
                "<think>Leaves.</think>",
                "Text: ",
                "Pour ",
                "Text: ",
                "water.");
        item(out, "Prompt: ", "Thanks");
        item(out, "Response: ", "Good \u2615");
        return bytes.toByteArray();
    }

    @Test
    void aChatFileOfGpt4AllIsRead() throws IOException {
        try (StudioRig rig = StudioRig.tiny(home)) {
            String text = Base64.getEncoder().encodeToString(chatFile());
            StudioRig.Reply reply = take(rig, "gpt4all", Json.array().add(text).get(0));
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            JsonNode chat = only(rig);
            JsonNode messages = chat.path("messages");
            assertThat(chat.path("title").asString()).isEqualTo("Tea time");
            assertThat(messages).hasSize(4);
            assertThat(messages.get(1).path("content").asString()).isEqualTo("Pour water.");
            assertThat(messages.get(1).path("reasoning").asString()).isEqualTo("Leaves.");
            assertThat(messages.get(1).path("model").asString()).isEqualTo("model-id");
            assertThat(messages.get(3).path("content").asString()).isEqualTo("Good \u2615");
            assertThat(messages.get(3).path("parent")).isEqualTo(messages.get(2).path("id"));
        }
    }

    @Test
    void damagedFilesAreRefusedWithoutAnythingKept() throws IOException {
        try (StudioRig rig = StudioRig.tiny(home)) {
            byte[] whole = chatFile();
            for (int length = 0; length < whole.length; length += 7) {
                String cut = Base64.getEncoder().encodeToString(Arrays.copyOf(whole, length));
                assertThat(take(rig, "gpt4all", Json.array().add(cut).get(0)).status())
                        .as("length " + length)
                        .isEqualTo(400);
            }
            for (String body :
                    new String[] {
                        "{'format':'snoozy','data':{}}",
                        "{'format':'snoozy','data':{'format':'snoozy','version':9}}",
                        "{'format':'chatgpt','data':[]}",
                        "{'format':'openwebui','data':'not json'}",
                        "{'format':'other','data':[]}",
                        "{'format':'snoozy','data':{'format':'snoozy','chats':[{'messages':"
                                + "[{'id':'a','parent':'b'}]}]}}",
                    }) {
                assertThat(rig.post("/import", body).status()).as(body).isEqualTo(400);
            }
            assertThat(rig.get("/chats").json().path("chats")).isEmpty();
        }
    }
}
