package dev.snoozy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Events that are long in coming. */
class SilenceTest {
    @Test
    void asLongAsNothingIsSaidThereAreSignsOfLife() throws IOException {
        CountDownLatch enough = new CountDownLatch(1);
        ErrorShape shape = problem -> Json.object().put("error", problem.text());
        Routes routes = new Routes(shape);
        routes.add(
                "GET",
                "/slow",
                shape,
                exchange -> {
                    EventStream events = exchange.events();
                    awaited(enough);
                    events.done();
                    events.end();
                });
        HttpLimits limits =
                new HttpLimits(
                        1000,
                        8,
                        Duration.ofSeconds(5),
                        new OutboxLimits(1 << 20, Duration.ofSeconds(5), Duration.ofMillis(10)));
        Guard guard = new Guard(false, List.of(), List.of(), ApiKeys.none());
        Duration drain = Duration.ofSeconds(1);
        try (WebServer server =
                        new WebServer(
                                "127.0.0.1", 0, routes, guard, new RequestLog(), limits, drain);
                RawClient client = new RawClient(server.port())) {
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.until(": ping\n\n")).contains("text/event-stream");
            assertThat(client.until(": ping\n\n")).doesNotContain("data:");
            enough.countDown();
            assertThat(client.rest()).contains("data: [DONE]");
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
