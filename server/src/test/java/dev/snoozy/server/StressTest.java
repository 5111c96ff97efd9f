package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.OutboxLimits;
import dev.snoozy.server.http.RawClient;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.PoolOptions;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Too many clients, clients that leave, clients that do not read, and the end. */
class StressTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONTEXT = 1 << 16;
    private static final String ENDLESS =
            "'prompt': 'ab cd', 'max_tokens': 60000, 'ignore_eos': true, 'seed': 7";

    private static Rig rig(PoolOptions pool, HttpLimits limits, Duration drain) {
        TinyModel model = TinyModel.llama().with("llama.context_length", CONTEXT);
        Rig rig =
                Rig.of(
                        Map.of("tiny", model),
                        options -> options.withLimits(limits).withPool(pool).withDrainTime(drain));
        rig.post("/v1/completions", "{'prompt': 'ab', 'max_tokens': 1}"); // loads the model
        return rig;
    }

    private static Rig rig() {
        return rig(pool(32, 512), HttpLimits.defaults(), Duration.ofSeconds(1));
    }

    private static PoolOptions pool(int parallel, int waiting) {
        return new PoolOptions(
                LoadOptions.defaults(), 1L << 30, Duration.ofMinutes(5), parallel, waiting);
    }

    private static SchedulerStatistics statistics(Rig rig) {
        LoadedEntry entry = rig.server().models().loaded().getFirst().model();
        LanguageModel model = ((LoadedEntry.Writer) entry).model();
        return model.statistics();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.yield();
        }
    }

    private static RawClient begin(Rig rig, String fields) {
        String body = ("{" + fields + "}").replace('\'', '"');
        return new RawClient(rig.port())
                .send(
                        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body);
    }

    private static void awaitNothingLeft(Rig rig) {
        await("active texts end", () -> statistics(rig).active() == 0);
        await("waiting texts end", () -> statistics(rig).waiting() == 0);
        await(
                "pages come back",
                () -> statistics(rig).cacheBytes() == statistics(rig).prefixBytes());
    }

    @Test
    void whoComesWhenTheQueueIsFullIsToldToComeAgain() {
        try (Rig rig = rig(pool(1, 1), HttpLimits.defaults(), Duration.ofSeconds(1));
                RawClient working = begin(rig, ENDLESS + ", 'stream': true")) {
            working.until("data:");
            try (RawClient waiting = begin(rig, ENDLESS + ", 'stream': true")) {
                await("the second waits", () -> rig.server().models().waiting() == 1);
                Rig.Reply third = rig.post("/v1/completions", "{'prompt': 'ab'}");
                assertThat(third.status()).isEqualTo(429);
                assertThat(third.http().headers().firstValue("Retry-After")).hasValue("1");
                assertThat(third.json().at("/error/code").stringValue())
                        .isEqualTo("rate_limit_exceeded");
                working.close();
                waiting.until("data:"); // its turn has come
            }
            awaitNothingLeft(rig);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesEndsItsWork(boolean stream) {
        try (Rig rig = rig()) {
            try (RawClient client = begin(rig, ENDLESS + ", 'stream': " + stream)) {
                await("the work begins", () -> statistics(rig).active() == 1);
                assertThat(client).isNotNull();
            }
            awaitNothingLeft(rig);
        }
    }

    @Test
    void aClientThatLeavesDuringALongPromptEndsItsWork() {
        try (Rig rig = rig()) {
            String prompt = "'prompt': '" + "ab cd ".repeat(8000) + "', 'max_tokens': 1";
            try (RawClient client = begin(rig, prompt)) {
                await("the work begins", () -> statistics(rig).active() == 1);
                assertThat(client).isNotNull();
            }
            awaitNothingLeft(rig);
        }
    }

    @Test
    void aClientThatDoesNotReadIsDroppedAndNobodyWaitsForIt() {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        Handler handler = handler(log);
        Logger logger = Logger.getLogger("dev.snoozy.server.http.Outbox");
        logger.addHandler(handler);
        HttpLimits limits =
                new HttpLimits(
                        1 << 20,
                        64,
                        PATIENCE,
                        new OutboxLimits(64 << 10, Duration.ofMillis(200), Duration.ofSeconds(15)));
        try (Rig rig = rig(pool(8, 8), limits, Duration.ofSeconds(1));
                RawClient sleeper = begin(rig, ENDLESS + ", 'stream': true, 'logprobs': 20")) {
            await("the work begins", () -> statistics(rig).active() == 1);
            Rig.Reply other = rig.post("/v1/completions", "{'prompt': 'ab', 'max_tokens': 20}");
            assertThat(other.status()).isEqualTo(200);
            awaitNothingLeft(rig);
            assertThat(log).anyMatch(line -> line.contains("dropped"));
            assertThat(sleeper.rest()).doesNotContain("[DONE]");
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static Handler handler(Queue<String> log) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                log.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void aServerThatClosesEndsWhatItHasBegunAndTakesNothingNew() throws Exception {
        Rig rig = rig(pool(8, 8), HttpLimits.defaults(), PATIENCE);
        String ask = ENDLESS.replace("60000", "3000") + ", 'stream': true";
        try (RawClient working = begin(rig, ask)) {
            working.until("data:");
            Thread closing = Thread.ofPlatform().start(() -> rig.server().close());
            await(
                    "new ones are refused",
                    () ->
                            rig.post("/v1/completions", "{'prompt': 'a', 'max_tokens': 1}").status()
                                    == 503);
            working.until("data: [DONE]");
            closing.join(PATIENCE);
            assertThat(closing.isAlive()).isFalse();
        }
    }

    @Test
    void aServerThatClosesWaitsNoLongerThanItsDeadline() {
        Rig rig = rig(pool(8, 8), HttpLimits.defaults(), Duration.ofMillis(100));
        try (RawClient working = begin(rig, ENDLESS + ", 'stream': true")) {
            working.until("data:");
            rig.close();
            assertThat(working.rest()).doesNotContain("[DONE]");
        }
    }
}
