package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** The JDK's HTTP client, which offers to upgrade to HTTP/2 with its first request. */
class JdkClientTest {
    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = Rig.plain();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static HttpRequest post(BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(rig.url() + "/v1/completions"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(body)
                .build();
    }

    private static byte[] body(int length, boolean stream) {
        String head =
                "{\"prompt\":\"ab\",\"max_tokens\":2,\"seed\":7,\"stream\":"
                        + stream
                        + ",\"user\":\"";
        return (head + "u".repeat(length) + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20, 8 << 20})
    void sendsBodiesOfAnyLengthWithTheFirstRequest(int length) throws Exception {
        byte[] body = body(length, false);
        List<BodyPublisher> ways =
                List.of(
                        BodyPublishers.ofByteArray(body),
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        for (BodyPublisher way : ways) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                HttpResponse<String> answer = client.send(post(way), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("\"usage\"");
            }
        }
    }

    @Test
    void isToldThatAnEmptyBodyIsNone() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(post(BodyPublishers.noBody()), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(400);
            HttpRequest get = HttpRequest.newBuilder(URI.create(rig.url() + "/v1/models")).build();
            assertThat(client.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readsFiftyStreamsAtATime() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> answers =
                    IntStream.range(0, 50)
                            .mapToObj(i -> post(BodyPublishers.ofByteArray(body(i, true))))
                            .map(request -> client.sendAsync(request, BodyHandlers.ofString()))
                            .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.join().body()).endsWith("data: [DONE]\n\n");
            }
        }
    }
}
