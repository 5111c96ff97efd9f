package dev.snoozy.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpRequest;

/** What the reference server's tests of keys ask; its open doors for all sites are left out. */
class SecurityCompatTest {
    private static final String KEY = "sk-this-is-the-secret-key";
    private static final String BODY = "{\"prompt\": \"I believe\", \"n_predict\": 2}";

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = new CompatRig().key(KEY).stories();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1/health", "/models", "/v1/models", "/"})
    void somePlacesNeedNoKey(String path) {
        assertThat(rig.get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/props", "/slots", "/metrics", "/lora-adapters"})
    void whatTellsOfTheServerNeedsAKey(String path) {
        assertThat(rig.get(path).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer invalid-key"})
    void withoutTheKeyNothingIsWritten(String authorization) {
        Rig.Reply reply = ask(authorization);
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("authentication_error");
    }

    @Test
    void withTheKeyTextIsWritten() {
        Rig.Reply reply = ask("Bearer " + KEY);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().get("content").stringValue()).isNotEmpty();
    }

    @Test
    void aForeignSiteIsNotLetIn() {
        Rig.Reply reply =
                rig.send(
                        HttpRequest.newBuilder(URI.create(rig.url() + "/completions"))
                                .header("Origin", "https://web.mydomain.fr")
                                .header("Access-Control-Request-Method", "POST")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(reply.http().headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(reply.http().headers().firstValue("access-control-allow-credentials")).isEmpty();
    }

    private static Rig.Reply ask(String authorization) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(rig.url() + "/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(BODY));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return rig.send(request);
    }
}
