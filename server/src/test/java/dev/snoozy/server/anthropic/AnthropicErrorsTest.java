package dev.snoozy.server.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.Rig;
import dev.snoozy.server.ServerOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;

/** Errors as Anthropic's clients know them, and keys. */
class AnthropicErrorsTest {
    private static final String BODY =
            """
            {"max_tokens": 1, "messages": [{"role": "user", "content": "a"}]}\
            """;

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, invalid_request_error",
        "CONTEXT_EXCEEDED, invalid_request_error",
        "UNAUTHENTICATED, authentication_error",
        "FORBIDDEN, permission_error",
        "NOT_FOUND, not_found_error",
        "MODEL_NOT_FOUND, not_found_error",
        "TOO_LARGE, request_too_large",
        "BUSY, rate_limit_error",
        "FAILED, api_error",
        "UNAVAILABLE, overloaded_error"
    })
    void everyKindHasItsType(HttpProblem.Kind kind, String type) {
        JsonNode node = AnthropicErrors.of(new HttpProblem(kind, "why"));
        assertThat(node.get("type").stringValue()).isEqualTo("error");
        assertThat(node.at("/error/type").stringValue()).isEqualTo(type);
        assertThat(node.at("/error/message").stringValue()).isEqualTo("why");
    }

    @Test
    void aKeyIsAskedForAndTakenFromItsHeader() {
        try (Rig rig = Rig.of(Map.of("tiny", TinyModel.llama()), AnthropicErrorsTest::withKey)) {
            Rig.Reply none = rig.send(request(rig));
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.json().at("/error/type").stringValue())
                    .isEqualTo("authentication_error");
            assertThat(rig.send(request(rig).header("x-api-key", "secret")).status())
                    .isEqualTo(200);
        }
    }

    private static HttpRequest.Builder request(Rig rig) {
        return HttpRequest.newBuilder(URI.create(rig.url() + "/v1/messages"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY));
    }

    private static ServerOptions withKey(ServerOptions options) {
        return options.withKeys(ApiKeys.of(List.of("secret")));
    }
}
