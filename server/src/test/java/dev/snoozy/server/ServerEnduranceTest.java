package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.RawClient;
import dev.snoozy.server.models.LoadedEntry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients for a long time, some of which leave, read slowly or talk nonsense. Runs for {@code
 * snoozy.endurance.seconds}; the figures it prints stand in {@code docs/reliability.md}.
 */
class ServerEnduranceTest {
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("snoozy.endurance.seconds", 20));
    private static final int CLIENTS = 64;
    private static final int ASKS = 8;

    /** What may be left over after a collection: caches of the JVM and of the network library. */
    private static final long LEFT_OVER = 32L << 20;

    private final AtomicLong whole = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    @Test
    void manyClientsForALongTimeGetTheSameTextsAndLeaveNothingBehind() throws Exception {
        try (Rig rig = Rig.plain()) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < ASKS; i++) {
                expected.add(text(RawClient.ask(rig.port(), ask(i))));
            }
            assertThat(expected).doesNotContain("");
            talk(rig, expected, TIME.dividedBy(4));
            long early = heap();
            talk(rig, expected, TIME.multipliedBy(3).dividedBy(4));
            long late = heap();
            System.out.printf(
                    "endurance: %d s, %d clients, %d whole answers, %d read slowly, %d left, %d"
                            + " refused, heap %d KiB, then %d KiB%n",
                    TIME.toSeconds(),
                    CLIENTS,
                    whole.get(),
                    slow.get(),
                    left.get(),
                    refused.get(),
                    early >> 10,
                    late >> 10);
            assertThat(late).isLessThan(early + LEFT_OVER);
            assertThat(List.of(whole.get(), slow.get(), left.get(), refused.get()))
                    .doesNotContain(0L);
        }
    }

    private void talk(Rig rig, List<String> expected, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                Random random = new Random(client);
                done.add(
                        clients.submit(
                                (Callable<Void>)
                                        () -> {
                                            do {
                                                act(rig, expected, random);
                                            } while (System.nanoTime() < end);
                                            return null;
                                        }));
            }
            for (Future<?> client : done) {
                client.get();
            }
        }
        awaitNothingLeft(rig);
    }

    private void act(Rig rig, List<String> expected, Random random) {
        int i = random.nextInt(ASKS);
        switch (random.nextInt(5)) {
            case 0 -> {
                try (RawClient client = new RawClient(rig.port()).send(ask(i))) {
                    for (int events = random.nextInt(4); events > 0; events--) {
                        client.until("\n\n");
                    }
                }
                left.incrementAndGet();
            }
            case 1 -> {
                StringBuilder answer = new StringBuilder();
                try (RawClient client = new RawClient(rig.port()).send(ask(i))) {
                    while (answer.indexOf("[DONE]") < 0) {
                        answer.append(client.until("\n"));
                        for (int turns = random.nextInt(20); turns > 0; turns--) {
                            Thread.yield();
                        }
                    }
                }
                assertThat(text(answer.toString())).isEqualTo(expected.get(i));
                slow.incrementAndGet();
            }
            case 2 -> {
                String broken = ask(i).replace("\"prompt\":", "\"prompt\";");
                assertThat(RawClient.ask(rig.port(), broken)).startsWith("HTTP/1.0 400");
                refused.incrementAndGet();
            }
            default -> {
                assertThat(text(RawClient.ask(rig.port(), ask(i)))).isEqualTo(expected.get(i));
                whole.incrementAndGet();
            }
        }
    }

    /** A request in the older HTTP, whose answer is not chunked. */
    private static String ask(int i) {
        String body =
                "{\"prompt\":\""
                        + "ab cd ".repeat(1 + i)
                        + "\",\"max_tokens\":30,\"seed\":"
                        + i
                        + ",\"stream\":true}";
        return "POST /v1/completions HTTP/1.0\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static String text(String answer) {
        StringBuilder text = new StringBuilder();
        for (String line : answer.split("\n")) {
            if (line.startsWith("data: {")) {
                text.append(
                        Json.parse(line.substring("data: ".length()))
                                .at("/choices/0/text")
                                .asString(""));
            }
        }
        return text.toString();
    }

    private static void awaitNothingLeft(Rig rig) {
        LoadedEntry entry = rig.server().models().loaded().getFirst().model();
        LanguageModel model = ((LoadedEntry.Writer) entry).model();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        SchedulerStatistics now = model.statistics();
        while (now.active() + now.waiting() > 0 || now.cacheBytes() != now.prefixBytes()) {
            assertThat(System.nanoTime()).as("%s", now).isLessThan(end);
            Thread.yield();
            now = model.statistics();
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
