package dev.snoozy.studio.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.StudioRig;
import dev.snoozy.studio.StudioRig.Reply;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Who may ask the server beside its page, and what is seen of those who do. */
class ServerApiTest {
    private static final String CHAT =
            "{\"model\":\"tiny\",\"max_tokens\":%d,\"temperature\":0,\"logit_bias\":{\"2\":-100},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir private Path home;

    private HttpRequest.Builder program(StudioRig studio, String path, String key) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(studio.url() + path))
                        .timeout(Duration.ofSeconds(60));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    private int status(StudioRig studio, String key) throws IOException, InterruptedException {
        return status(studio, "/api/ps", key);
    }

    private int status(StudioRig studio, String path, String key)
            throws IOException, InterruptedException {
        return client.send(program(studio, path, key).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private HttpRequest chat(StudioRig studio, int tokens) {
        return program(studio, "/v1/chat/completions", "")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(CHAT.formatted(tokens)))
                .build();
    }

    private static void choose(StudioRig studio, String access) {
        Reply reply = studio.send("PATCH", "/server", "{'access':'" + access + "'}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("access").asString()).isEqualTo(access);
    }

    @Test
    void programsAreLetInAsChosenAndThePageAlways() throws Exception {
        try (StudioRig studio = StudioRig.tiny(home)) {
            assertThat(studio.get("/server").json().path("access").asString()).isEqualTo("machine");
            assertThat(status(studio, "")).isEqualTo(200);
            choose(studio, "page");
            assertThat(status(studio, "")).isEqualTo(403);
            assertThat(status(studio, "/v1/models", "")).isEqualTo(403);
            assertThat(status(studio, "/health", "")).isEqualTo(200);
            assertThat(studio.get("/models").status()).isEqualTo(200);
            choose(studio, "key");
            assertThat(status(studio, "")).isEqualTo(401);
            assertThat(status(studio, "sk-wrong")).isEqualTo(401);
            assertThat(studio.get("/models").status()).isEqualTo(200);
            assertThat(studio.send("PATCH", "/server", "{'access':'all'}").status()).isEqualTo(400);
        }
        try (StudioRig again = StudioRig.in(home)) {
            assertThat(again.get("/server").json().path("access").asString()).isEqualTo("key");
            assertThat(status(again, "")).isEqualTo(401);
        }
    }

    @Test
    void aKeyIsToldOnceAndLetsInUntilItIsTakenBack() throws Exception {
        String secret;
        try (StudioRig studio = StudioRig.tiny(home)) {
            choose(studio, "key");
            Reply made = studio.post("/server/keys", "{'name':' editor '}");
            assertThat(made.status()).isEqualTo(201);
            secret = made.json().path("key").asString();
            assertThat(secret).startsWith("sk-").hasSizeGreaterThan(40);
            Reply seen = studio.get("/server");
            assertThat(seen.json().path("keys").get(0).path("name").asString()).isEqualTo("editor");
            assertThat(seen.text()).doesNotContain(secret);
            assertThat(status(studio, secret)).isEqualTo(200);
            await(studio, server -> server.path("keys").get(0).has("lastUsed"));
        }
        try (StudioRig again = StudioRig.in(home)) {
            assertThat(status(again, secret)).isEqualTo(200);
            String id = again.get("/server").json().path("keys").get(0).path("id").asString();
            assertThat(again.send("DELETE", "/server/keys/" + id, "").status()).isEqualTo(204);
            assertThat(status(again, secret)).isEqualTo(401);
            assertThat(again.send("DELETE", "/server/keys/" + id, "").status()).isEqualTo(404);
            assertThat(again.post("/server/keys", "{'name':'  '}").status()).isEqualTo(400);
        }
    }

    @Test
    void whatProgramsAskIsSeenWithItsTokensAndNothingOfItsText() throws Exception {
        try (StudioRig studio = StudioRig.tiny(home)) {
            HttpResponse<String> answer =
                    client.send(chat(studio, 12), HttpResponse.BodyHandlers.ofString());
            JsonNode usage = Json.parse(answer.body()).path("usage");
            client.send(
                    program(studio, "/v1/nothing", "").build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode server = await(studio, s -> !state(s).equals("running"));
            JsonNode entry = server.path("log").get(0);
            assertThat(entry.path("path").asString()).isEqualTo("/v1/chat/completions");
            assertThat(entry.path("model").asString()).isEqualTo("tiny");
            assertThat(entry.path("state").asString()).isEqualTo("done");
            assertThat(entry.path("status").asInt()).isEqualTo(200);
            assertThat(entry.path("promptTokens").asInt())
                    .isEqualTo(usage.path("prompt_tokens").asInt());
            assertThat(entry.path("generatedTokens").asInt()).isEqualTo(12);
            assertThat(entry.path("tokensPerSecond").asDouble()).isPositive();
            assertThat(server.path("log").size()).isEqualTo(1); // none of the page, none unknown
        }
    }

    @Test
    void aRequestInProgressCanBeEnded() throws Exception {
        try (StudioRig studio = StudioRig.tiny(home)) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(chat(studio, 100_000), HttpResponse.BodyHandlers.ofString());
            JsonNode server = await(studio, s -> state(s).equals("running"));
            String id = server.path("log").get(0).path("id").asString();
            assertThat(studio.send("DELETE", "/server/requests/" + id, "").status()).isEqualTo(204);
            assertThat(answer)
                    .failsWithin(60, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class);
            await(studio, s -> state(s).equals("cancelled"));
            await(studio, s -> s.path("requests").path(0).path("texts").asInt() == 0);
            assertThat(studio.send("DELETE", "/server/requests/" + id, "").status()).isEqualTo(404);
            assertThat(studio.send("DELETE", "/server/requests/x", "").status()).isEqualTo(404);
        }
    }

    private static String state(JsonNode server) {
        return server.path("log").path(0).path("state").asString("none");
    }

    private static JsonNode await(StudioRig studio, Predicate<JsonNode> fits)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            JsonNode server = studio.get("/server").json();
            if (fits.test(server)) {
                return server;
            }
            assertThat(System.nanoTime()).as("time for %s", server).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
