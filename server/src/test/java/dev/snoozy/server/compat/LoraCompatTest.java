package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.server.Rig;
import dev.snoozy.server.http.Json;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Adapters that are loaded with a model, and the scales that requests want of them. */
class LoraCompatTest {
    private static final String ASK =
            "{'prompt': 'Once upon a time', 'n_predict': 24, 'temperature': 0, 'cache_prompt': true%s}";

    private static Path adapter;

    @BeforeAll
    static void find() {
        adapter = Data.shared().resolve("models/lora/stories260K-lora-shared-r4.gguf");
        assumeTrue(Files.exists(adapter), "no reference data at " + adapter);
    }

    private static String write(Rig rig, String more) {
        Rig.Reply reply = rig.post("/completion", ASK.formatted(more));
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(200);
        return reply.json().at("/content").stringValue();
    }

    private static void set(Rig rig, String scales) {
        Rig.Reply reply = rig.post("/lora-adapters", scales);
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(200);
        assertThat(reply.json().at("/success").booleanValue()).isTrue();
    }

    @Test
    void usualScalesAreToldAndSet() {
        try (Rig plain = new CompatRig().stories();
                Rig rig = new CompatRig().lora(adapter, 1).stories()) {
            String bare = write(plain, "");
            JsonNode list = rig.get("/lora-adapters").json();
            assertThat(list.size()).isEqualTo(1);
            assertThat(list.at("/0/id").intValue()).isZero();
            assertThat(list.at("/0/path").stringValue()).contains("lora-shared");
            assertThat(list.at("/0/scale").doubleValue()).isEqualTo(1);
            String adapted = write(rig, "");
            assertThat(adapted).isNotEqualTo(bare);
            set(rig, "[{'id': 0, 'scale': 0}]");
            assertThat(rig.get("/lora-adapters").json().at("/0/scale").doubleValue()).isZero();
            assertThat(write(rig, "")).isEqualTo(bare);
            set(rig, "[{'id': 0, 'scale': 1.0}]");
            assertThat(write(rig, "")).isEqualTo(adapted);
            set(rig, "[]");
            assertThat(write(rig, "")).isEqualTo(bare);
        }
    }

    @Test
    void eachRequestHasItsOwnScaleAlsoBesideOthers() {
        try (Rig rig = new CompatRig().slots(4).lora(adapter, 1).stories()) {
            List<String> scales = List.of("0.0", "0.3", "0.7", "1.0");
            List<String> alone = scales.stream().map(scale -> write(rig, lora(scale))).toList();
            assertThat(alone.getFirst()).isNotEqualTo(alone.getLast());
            List<CompletableFuture<String>> together =
                    IntStream.range(0, 12)
                            .mapToObj(i ->
                                    CompletableFuture.supplyAsync(
                                            () -> write(rig, lora(scales.get(i % 4)))))
                            .toList();
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).join()).isEqualTo(alone.get(i % 4));
            }
            assertThat(write(rig, "")).isEqualTo(alone.getLast());
            assertThat(write(rig, ", 'lora': []")).isEqualTo(alone.getFirst());
        }
    }

    private static String lora(String scale) {
        return ", 'lora': [{'id': 0, 'scale': " + scale + "}]";
    }

    @Test
    void chatsHaveThemToo() {
        try (Rig rig = new CompatRig().lora(adapter, 1).stories()) {
            String ask =
                    "{'max_tokens': 24, 'temperature': 0, 'messages':"
                            + " [{'role': 'user', 'content': 'Once'}]%s}";
            String path = "/v1/chat/completions";
            String usual = rig.post(path, ask.formatted("")).json().toString();
            String same = rig.post(path, ask.formatted(lora("1.0"))).json().toString();
            String bare = rig.post(path, ask.formatted(lora("0"))).json().toString();
            assertThat(content(same)).isEqualTo(content(usual)).isNotEqualTo(content(bare));
        }
    }

    private static String content(String answer) {
        return Json.parse(answer).at("/choices/0/message/content").stringValue();
    }

    @Test
    void whatIsNoAdapterIsRefusedByName() {
        try (Rig rig = new CompatRig().lora(adapter, 1).stories()) {
            for (String body : List.of("[{'id': 1}]", "[{}]", "{}", "[1]", "[{'id': -1}]")) {
                assertThat(rig.post("/lora-adapters", body).status()).as(body).isEqualTo(400);
            }
            Rig.Reply reply = rig.post("/completion", ASK.formatted(", 'lora': [{'id': 3}]"));
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().at("/error/message").stringValue()).contains("lora[0].id");
            assertThat(rig.get("/lora-adapters").json().at("/0/scale").doubleValue()).isEqualTo(1);
        }
    }
}
