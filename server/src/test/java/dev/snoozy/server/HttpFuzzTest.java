package dev.snoozy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.OutboxLimits;
import dev.snoozy.server.http.RawClient;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sound requests with something changed. Each is answered, or refused in the shape of the dialect:
 * never a failure inside, never silence. The count is {@code snoozy.fuzz.requests}.
 */
class HttpFuzzTest {
    private static final int REQUESTS = Integer.getInteger("snoozy.fuzz.requests", 3000);
    private static final int AT_A_TIME = 16;

    private static final String[] PATHS = {
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/responses",
        "/v1/models",
        "/v1/models/tiny",
        "/v1/models/%2e%2e%2f",
        "/v1/models/%zz",
        "/chat/completions",
        "/",
        "/v1",
        "*",
        "//",
        "/%00"
    };

    private static final String[] BODIES = {
        "{'messages':[{'role':'user','content':'ab'},{'role':'assistant','content':null,"
                + "'tool_calls':[{'id':'c','type':'function','function':{'name':'f',"
                + "'arguments':'{}'}}]},{'role':'tool','tool_call_id':'c','content':'x'}],"
                + "'max_tokens':3,'seed':1,'n':1,'stop':['q'],'logprobs':true,'top_logprobs':2,"
                + "'temperature':0.5,'tools':[{'type':'function','function':{'name':'f',"
                + "'parameters':{'type':'object'}}}],'tool_choice':'auto','stream':false}",
        "{'prompt':'ab','max_tokens':3,'logprobs':2,'echo':true,'n':2,'stream':false,"
                + "'logit_bias':{'5':1},'top_k':3,'top_p':0.5,'min_p':0.1,'seed':3}",
        "{'prompt':[[5,6],[7]],'max_tokens':3,'stream':true,'stream_options':"
                + "{'include_usage':true},'dry_multiplier':1,'xtc_probability':0.5,'mirostat':2}",
        "{'input':[{'role':'user','content':[{'type':'input_text','text':'ab'}]},"
                + "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'},"
                + "{'type':'function_call_output','call_id':'c','output':'x'}],"
                + "'max_output_tokens':3,'stream':true,'reasoning':{'effort':'low'},"
                + "'truncation':'auto','tools':[{'type':'function','name':'f'}]}"
    };

    /** Where each body belongs. */
    private static final String[] OWN = {PATHS[0], PATHS[1], PATHS[1], PATHS[2]};

    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "1e400",
        "-1e400",
        "1e-400",
        "9223372036854775808",
        "2147483648",
        "0.5",
        "\"\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "[{}]",
        "{\"a\":[]}",
        "[\"\",1]",
        "99999999999999999999999999",
        "\"<s>\"",
        "[[[[[[[[]]]]]]]]"
    };

    private static final String[] HEADERS = {
        "Content-Type: application/json\r\n",
        "Content-Type: text/html\r\n",
        "Origin: null\r\n",
        "Expect: 100-continue\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Content-Length: 0\r\n",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        "Host: x\r\n",
        "Authorization: \u00ff\r\n",
        "X: " + "y".repeat(5000) + "\r\n"
    };

    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();

    @Test
    void everyRequestIsAnsweredOrRefusedInGoodForm() throws Exception {
        HttpLimits limits =
                new HttpLimits(
                        1 << 20,
                        64,
                        Duration.ofMillis(300),
                        new OutboxLimits(1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(15)));
        TinyModel model =
                TinyModel.llama()
                        .with("tokenizer.chat_template", Rig.TEMPLATE)
                        .with("llama.context_length", 1024);
        try (Rig rig = Rig.of(Map.of("tiny", model), options -> with(options, limits));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore places = new Semaphore(AT_A_TIME);
            List<Future<?>> done = new ArrayList<>();
            for (int seed = 0; seed < REQUESTS; seed++) {
                int current = seed;
                places.acquire();
                done.add(
                        clients.submit(() -> {
                            try {
                                check(rig.port(), current);
                            } finally {
                                places.release();
                            }
                        }));
            }
            for (Future<?> one : done) {
                one.get();
            }
            assertThat(rig.get("/v1/models").status()).isEqualTo(200);
        }
        System.out.printf(
                "fuzz: %d requests, %d answered, %d refused, %d closed%n",
                REQUESTS, answered.get(), refused.get(), closed.get());
        assertThat(answered.get()).isPositive();
        assertThat(refused.get()).isPositive();
    }

    private static ServerOptions with(ServerOptions options, HttpLimits limits) {
        return options.withLimits(limits);
    }

    private void check(int port, int seed) {
        Random random = new Random(seed);
        boolean bytes = random.nextInt(4) == 0;
        byte[] request = request(random);
        if (bytes) {
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                request[random.nextInt(request.length)] = (byte) random.nextInt();
            }
        }
        String what = "seed " + seed + ": " + new String(request, StandardCharsets.ISO_8859_1);
        String answer;
        try {
            answer = RawClient.answer(port, request);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        if (answer.isEmpty() && bytes) {
            closed.incrementAndGet(); // its headers never came to an end
            return;
        }
        if (!isHttp(request)) {
            closed.incrementAndGet(); // who names another protocol is told so
            assertThat(answer).as(what).containsPattern(" (400|501) ");
            return;
        }
        assertThat(answer).as(what).matches("(?s)HTTP/1\\.[01] [0-9]{3} .*");
        if (answer.startsWith("HTTP/1.1 100")) {
            answer = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(status).as("%s%nis answered by%n%s", what, answer).isLessThan(500);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        if (status >= 400) {
            refused.incrementAndGet();
            if (!body.isEmpty() || !what.contains(": HEAD")) {
                JsonNode error = Json.parse(body).path("error");
                assertThat(error.path("message").asString("")).as(what).isNotBlank();
            }
        } else {
            answered.incrementAndGet();
        }
    }

    /** Whether the request line names a protocol that there is. */
    private static boolean isHttp(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        String line = text.substring(0, Math.max(0, text.indexOf('\n'))).strip();
        String protocol = line.substring(line.lastIndexOf(' ') + 1);
        return protocol.matches("HTTP/1\\.[01]");
    }

    private static byte[] request(Random random) {
        int kind = random.nextInt(BODIES.length);
        String body = BODIES[kind].replace('\'', '"');
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            body = changed(body, random);
        }
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder();
        String[] methods = {
            "POST", "POST", "POST", "POST", "POST", "POST", "POST", "POST", "GET", "HEAD", "PUT",
            "OPTIONS", "X"
        };
        head.append(methods[random.nextInt(methods.length)])
                .append(' ')
                .append(random.nextInt(4) > 0 ? OWN[kind] : PATHS[random.nextInt(PATHS.length)])
                .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if (random.nextInt(4) == 0) {
            head.append(HEADERS[random.nextInt(HEADERS.length)]);
        } else {
            head.append(HEADERS[0]);
        }
        head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[start.length + content.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(content, 0, whole, start.length, content.length);
        return whole;
    }

    /** One value of an object replaced by another, a name by another, or a piece cut out. */
    private static String changed(String body, Random random) {
        String value = VALUES[random.nextInt(VALUES.length)];
        int colon = body.indexOf(':', random.nextInt(body.length()));
        if (colon < 0) {
            return body.substring(0, random.nextInt(body.length()));
        }
        return switch (random.nextInt(8)) {
            case 0 -> body.substring(0, colon) + body.substring(colon + 1);
            case 1 -> body.substring(0, colon - 2) + "x" + body.substring(colon - 1);
            default -> {
                int end = colon + 1;
                while (end < body.length() && ",}]".indexOf(body.charAt(end)) < 0) {
                    end++;
                }
                yield body.substring(0, colon + 1) + value + body.substring(end);
            }
        };
    }
}
