package dev.snoozy.server.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.hub.PullProgress;
import dev.snoozy.hub.PullProgress.Phase;
import dev.snoozy.server.Rig;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What {@code /api/pull} says while a model is fetched. */
class PullsTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private final List<String> asked = new ArrayList<>();

    /** No models, and one way to fetch any. */
    private ModelFiles files(ModelFiles.Fetch fetch) {
        return new ModelFiles() {
            @Override
            public List<Entry> all() {
                return List.of();
            }

            @Override
            public Fetch fetch(String reference) {
                asked.add(reference);
                return fetch;
            }
        };
    }

    private static Rig rig(ModelFiles files) {
        return Rig.of(
                files,
                entry -> {
                    throw new AssertionError("nothing is loaded");
                });
    }

    private static PullProgress at(Phase phase, long done) {
        return new PullProgress(phase, "m.gguf", DIGEST, done, 20, done, 20, 5, 1);
    }

    private static final ModelFiles.Fetch GOOD =
            listener -> {
                listener.progress(at(Phase.RESOLVING, 0));
                listener.progress(at(Phase.DOWNLOADING, 0));
                listener.progress(at(Phase.DOWNLOADING, 0));
                listener.progress(at(Phase.DOWNLOADING, 20));
                listener.progress(at(Phase.VERIFYING, 10));
                listener.progress(at(Phase.VERIFYING, 20));
                listener.progress(at(Phase.DONE, 20));
            };

    private static List<JsonNode> lines(Rig.Reply reply) {
        return reply.http().body().lines().map(Json::parse).toList();
    }

    @Test
    void progressIsToldLineByLine() {
        try (Rig rig = rig(files(GOOD))) {
            Rig.Reply reply = rig.post("/api/pull", "{'model': 'llama3.2:3b'}");
            assertThat(lines(reply))
                    .extracting(line -> line.get("status").stringValue())
                    .containsExactly(
                            "pulling manifest",
                            "pulling 0123456789ab",
                            "pulling 0123456789ab",
                            "verifying sha256 digest",
                            "writing manifest",
                            "success");
            JsonNode half = lines(reply).get(2);
            assertThat(half.get("digest").stringValue()).isEqualTo("sha256:" + DIGEST);
            assertThat(half.get("total").intValue()).isEqualTo(20);
            assertThat(half.get("completed").intValue()).isEqualTo(20);
        }
    }

    @Test
    void withoutAStreamOnlyTheEndIsTold() {
        try (Rig rig = rig(files(GOOD))) {
            Rig.Reply reply = rig.post("/api/pull", "{'name': 'a', 'stream': false}");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().toString()).isEqualTo("{\"status\":\"success\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama3.2, ollama://llama3.2",
        "me/own:7b, ollama://me/own:7b",
        "registry.ollama.ai/library/a:b, ollama://library/a:b",
        "hf.co/user/repo:Q8_0, hf://user/repo:Q8_0",
        "HuggingFace.co/user/repo, hf://user/repo"
    })
    void aNameIsThatOfARegistry(String name, String reference) {
        try (Rig rig = rig(files(GOOD))) {
            rig.post("/api/pull", "{'model': '" + name + "', 'stream': false}");
            assertThat(asked).containsExactly(reference);
        }
    }

    @Test
    void aServerThatMayNotSaysHowItWould() {
        try (Rig rig = Rig.plain()) {
            Rig.Reply reply = rig.post("/api/pull", "{'model': 'llama3.2'}");
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.json().get("error").stringValue()).contains("--allow-pull");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "{}, model",
        "{'model': ' '}, model",
        "{'model': 'http://169.254.169.254/x.gguf'}, an address",
        "{'model': 'file:///etc/passwd'}, an address",
        "'{\"model\": \"a\", \"insecure\": true}', insecure",
        "'{\"model\": \"a\", \"username\": \"me\"}', username"
    })
    void whatIsNoRequestIsRefused(String body, String reason) {
        try (Rig rig = rig(files(GOOD))) {
            Rig.Reply reply = rig.post("/api/pull", body);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().get("error").stringValue()).contains(reason);
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void aFailureIsTheLastLine() {
        ModelFiles.Fetch bad =
                listener -> {
                    throw new HttpProblem(HttpProblem.Kind.FAILED, "arrived damaged twice");
                };
        try (Rig rig = rig(files(bad))) {
            assertThat(lines(rig.post("/api/pull", "{'model': 'a'}")).getLast().toString())
                    .isEqualTo("{\"error\":\"arrived damaged twice\"}");
            Rig.Reply reply = rig.post("/api/pull", "{'model': 'a', 'stream': false}");
            assertThat(reply.status()).isEqualTo(500);
        }
    }

    @Test
    void aClientThatLeavesEndsItsPull() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        ModelFiles.Fetch endless =
                listener -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        ended.countDown();
                    }
                };
        try (Rig rig = rig(files(endless))) {
            try (Socket client = new Socket("127.0.0.1", rig.port())) {
                send(client, "{\"model\": \"a\"}");
                assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void send(Socket client, String body) throws IOException {
        String request =
                "POST /api/pull HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
}
