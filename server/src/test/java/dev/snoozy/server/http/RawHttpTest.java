package dev.snoozy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What stands on the wire, byte for byte, and what becomes of requests that are none. */
class RawHttpTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String CLOSE = "Connection: close\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    private static WebServer server;
    private static WebServer locked;

    @BeforeAll
    static void start() throws IOException {
        server = server(ApiKeys.none(), List.of("https://good.example"));
        locked = server(ApiKeys.of(List.of("secret")), List.of());
    }

    private static WebServer server(ApiKeys keys, List<String> origins) throws IOException {
        ErrorShape shape = problem -> Json.object().put("error", problem.text());
        Routes routes = new Routes(shape);
        routes.add("GET", "/one", shape, x -> x.json(Json.object().put("one", 1)));
        routes.add("POST", "/echo", shape, x -> x.json(x.fieldsIfAny().node()));
        routes.add(
                "GET",
                "/name/*",
                shape,
                x -> x.json(Json.object().put("path", x.path()).put("q", x.query("q"))));
        routes.add("GET", "/events", shape, RawHttpTest::events);
        routes.add(
                "GET",
                "/broken",
                shape,
                x -> {
                    x.events().data(Json.object());
                    throw new IllegalStateException("meant to fail");
                });
        HttpLimits limits =
                new HttpLimits(
                        1000,
                        64,
                        Duration.ofMillis(500),
                        new OutboxLimits(1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(15)));
        return new WebServer(
                "127.0.0.1",
                0,
                routes,
                new Guard(false, List.of("box.example"), origins, keys),
                new RequestLog(),
                limits,
                Duration.ofSeconds(1));
    }

    private static void events(Exchange exchange) {
        EventStream events = exchange.events();
        events.data(Json.object().put("a", "ü\n"));
        events.event("name", Json.object());
        events.done();
        events.end();
    }

    @AfterAll
    static void stop() {
        server.close();
        locked.close();
    }

    private static String ask(String request) {
        return RawClient.ask(server.port(), request);
    }

    private static String status(String answer) {
        return answer.isEmpty() ? "" : answer.split("[ \r]")[1];
    }

    @Test
    void eventsAreFramedToTheByte() {
        String answer = ask("GET /events HTTP/1.0\r\n" + HOST + "\r\n");
        assertThat(answer).contains("text/event-stream").doesNotContain("chunked");
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .isEqualTo(
                        "data: {\"a\":\"Ã¼\\n\"}\n\nevent: name\ndata: {}\n\n"
                                + "data: [DONE]\n\n");
        assertThat(ask("GET /events HTTP/1.1\r\n" + HOST + CLOSE + "\r\n"))
                .contains("transfer-encoding: chunked")
                .endsWith("0\r\n\r\n");
    }

    @Test
    void anAnswerThatBreaksOffIsNotEndedAsIfItWereWhole() {
        String answer = ask("GET /broken HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(answer).contains("data: {}").doesNotContain("0\r\n\r\n");
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() {
        String answer =
                ask(
                        "POST /echo HTTP/1.1\r\n"
                                + HOST
                                + JSON
                                + "Content-Length: 7\r\n\r\n{\"a\":1}"
                                + "GET /one HTTP/1.1\r\n"
                                + HOST
                                + "\r\n"
                                + "GET /two HTTP/1.1\r\n"
                                + HOST
                                + CLOSE
                                + "\r\n");
        assertThat(answer).containsSubsequence("{\"a\":1}", "{\"one\":1}", "404");
    }

    @Test
    void aHeadHasNoBody() {
        String answer = ask("HEAD /one HTTP/1.1\r\n" + HOST + CLOSE + "\r\n");
        assertThat(status(answer)).isEqualTo("200");
        assertThat(answer).endsWith("\r\n\r\n").doesNotContain("{");
    }

    @Test
    void aMethodThatIsNotKnownIsToldWhichAre() {
        String answer = ask("DELETE /one HTTP/1.1\r\n" + HOST + CLOSE + "\r\n");
        assertThat(status(answer)).isEqualTo("405");
        assertThat(answer).containsIgnoringCase("allow: GET\r\n").contains("{\"error\"");
    }

    @Test
    void aClientThatAsksBeforeItSendsIsToldToGoOn() {
        try (RawClient client = new RawClient(server.port())) {
            client.send(
                    "POST /echo HTTP/1.1\r\n"
                            + HOST
                            + JSON
                            + CLOSE
                            + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.until("\r\n\r\n")).startsWith("HTTP/1.1 100");
            assertThat(client.send("{}").rest()).startsWith("HTTP/1.1 200").endsWith("{}");
        }
    }

    @Test
    void aClientThatAsksFirstAndIsTooLargeIsRefusedAtOnce() {
        String answer =
                ask(
                        "POST /echo HTTP/1.1\r\n"
                                + HOST
                                + JSON
                                + "Content-Length: 999999\r\nExpect: 100-continue\r\n\r\n");
        assertThat(status(answer)).isEqualTo("413");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length:"
                        + " 2\r\n\r\n{}",
                "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length:"
                        + " 99999999999999999999999\r\n\r\n",
                "GET /name/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /name/a?q=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            })
    void whatIsNoSoundRequestIsRefused(String request) {
        String answer = ask(request);
        assertThat(status(answer)).isEqualTo("400");
        assertThat(answer).contains("{\"error\":");
    }

    @Test
    void tooMuchBeforeTheBodyIsRefusedForWhatItIs() {
        String filler = "a".repeat(40_000);
        assertThat(status(ask("GET /" + filler + " HTTP/1.1\r\n" + HOST + "\r\n")))
                .isEqualTo("414");
        assertThat(status(ask("GET /one HTTP/1.1\r\n" + HOST + "X: " + filler + "\r\n\r\n")))
                .isEqualTo("431");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForEver() {
        String head = "POST /echo HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 9\r\n\r\n{";
        assertThat(status(ask(head))).isEqualTo("408");
        assertThat(server.inProgress()).isZero();
    }

    @Test
    void aClientThatNeverFinishesItsHeadersIsLetGo() {
        assertThat(ask("GET /one HTTP/1.1\r\nHost: lo")).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedHoweverItComes() {
        String large = "1".repeat(1001);
        assertThat(
                        status(
                                ask(
                                        "POST /echo HTTP/1.1\r\n"
                                                + HOST
                                                + JSON
                                                + "Content-Length: 1001\r\n\r\n"
                                                + large)))
                .isEqualTo("413");
        assertThat(
                        status(
                                ask(
                                        "POST /echo HTTP/1.1\r\n"
                                                + HOST
                                                + JSON
                                                + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
                                                + large
                                                + "\r\n0\r\n\r\n")))
                .isEqualTo("413");
    }

    @Test
    void aBodyThatDoesNotSayItIsJsonIsRefused() {
        for (String type : List.of("", "Content-Type: text/plain\r\n")) {
            String answer =
                    ask("POST /echo HTTP/1.1\r\n" + HOST + type + "Content-Length: 2\r\n\r\n{}");
            assertThat(status(answer)).isEqualTo("415");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "127.0.0.1:4891, 200",
        "[::1]:4891, 200",
        "a.localhost, 200",
        "BOX.example:80, 200",
        "evil.example, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "'', 403"
    })
    void onlyNamesOfThisMachineAreAnswered(String host, String status) {
        String answer = ask("GET /one HTTP/1.1\r\nHost: " + host + "\r\n" + CLOSE + "\r\n");
        assertThat(status(answer)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000, 200",
        "https://good.example, 200",
        "https://evil.example, 403",
        "http://localhost.evil.example, 403",
        "null, 403",
        "file://, 403",
        "://, 403"
    })
    void onlyPagesOfThisMachineAreAnswered(String origin, String status) {
        String answer =
                ask("GET /one HTTP/1.1\r\n" + HOST + CLOSE + "Origin: " + origin + "\r\n\r\n");
        assertThat(status(answer)).isEqualTo(status);
        assertThat(
                        answer.contains("access-control-allow-origin")
                                || answer.contains("Access-Control-Allow-Origin: " + origin))
                .isEqualTo(status.equals("200"));
        assertThat(answer.toLowerCase()).doesNotContain("allow-credentials");
    }

    @Test
    void aBrowserMayAskBeforeItAsks() {
        String answer =
                ask(
                        "OPTIONS /echo HTTP/1.1\r\n"
                                + HOST
                                + CLOSE
                                + "Origin: http://localhost:3000\r\n"
                                + "Access-Control-Request-Method: POST\r\n\r\n");
        assertThat(status(answer)).isEqualTo("204");
        assertThat(answer).contains("Access-Control-Allow-Methods: POST");
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization: Bearer secret, 200",
        "authorization: bearer  secret, 200",
        "X-Api-Key: secret, 200",
        "api-key: secret, 200",
        "Authorization: Basic secret, 401",
        "Authorization: Bearer, 401",
        "Authorization: Bearer other, 401",
        "X-Api-Key: , 401",
        "X-Nothing: secret, 401"
    })
    void aKeyIsAskedForInEveryForm(String header, String status) {
        String answer =
                RawClient.ask(
                        locked.port(),
                        "GET /one HTTP/1.1\r\n" + HOST + CLOSE + header + "\r\n\r\n");
        assertThat(status(answer)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"a\":\u00ff}', 400",
        "'{\"a\":\"\u00c3\"}', 400",
        "'{\"a\":\"\u0000\"}', 400",
        "'{\"a\":1} x', 400",
        "'', 200",
        "'{\"a\":1,\"a\":2}', 200",
        "'{\"a\":1e999999999}', 200",
        "'{', 400",
        "'[1]', 400"
    })
    void bodiesAreReadStrictly(String body, String status) {
        String answer =
                ask(
                        "POST /echo HTTP/1.1\r\n"
                                + HOST
                                + JSON
                                + CLOSE
                                + "Content-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body);
        assertThat(status(answer)).isEqualTo(status);
    }

    @Test
    void deepJsonIsRefused() {
        String deep = "[".repeat(400) + "]".repeat(400);
        String answer =
                ask(
                        "POST /echo HTTP/1.1\r\n"
                                + HOST
                                + JSON
                                + CLOSE
                                + "Content-Length: "
                                + deep.length()
                                + "\r\n\r\n"
                                + deep);
        assertThat(status(answer)).isEqualTo("400");
    }

    @Test
    void aPathIsDecoded() {
        String answer = ask("GET /name/a%2Fb+c?q=%C3%BC HTTP/1.1\r\n" + HOST + CLOSE + "\r\n");
        assertThat(answer).contains("\"/name/a/b+c\"").contains("Ã¼");
    }
}
