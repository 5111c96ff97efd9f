package dev.snoozy.server;

import dev.snoozy.engine.Generation;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.RawClient;
import dev.snoozy.server.models.LoadedEntry;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What the server costs: decode throughput of one text by the engine's own clock, streamed through
 * HTTP and asked of the engine in the same process, in turns. One client wakes for every token, as
 * a page does, on the same processors; another looks four times a second, and then what is left is
 * the cost of the server alone. Run by hand: {@code ServerOverhead FILE [TOKENS [ROUNDS]]}.
 */
final class ServerOverhead {
    private static final String PROMPT = "Once upon a time";

    private static final int WARM_UP = 6;

    private static final int SELDOM_MILLIS = 250;

    private ServerOverhead() {}

    /** Prints the medians and their ratio. */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int tokens = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 9;
        LanguageModel model = LanguageModel.of(GgufFile.open(file), LoadOptions.defaults());
        try (Rig rig = // which closes the model
                Rig.ofBytes(
                        Map.of("model", new byte[0]),
                        entry -> new LoadedEntry.Writer(model),
                        options -> options)) {
            System.out.printf("%s, %d bytes%n", file.getFileName(), Files.size(file));
            for (int i = 0; i < WARM_UP; i++) { // Java's compiler works on the same processors
                direct(model, tokens);
                served(rig, tokens, i % 2 == 0);
            }
            double[] engine = new double[rounds];
            double[] always = new double[rounds];
            double[] seldom = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                engine[i] = direct(model, tokens);
                always[i] = served(rig, tokens, true);
                seldom[i] = served(rig, tokens, false);
            }
            System.out.printf("engine %.2f t/s%n", median(engine));
            print("a client that reads each token", always, engine);
            print("a client that looks four times a second", seldom, engine);
        }
    }

    /** The cost is that of each round: a machine that is shared is faster or slower for minutes. */
    private static void print(String client, double[] served, double[] engine) {
        double[] costs = new double[served.length];
        for (int i = 0; i < served.length; i++) {
            double around = i + 1 < engine.length ? (engine[i] + engine[i + 1]) / 2 : engine[i];
            costs[i] = 100 * (1 - served[i] / around);
        }
        System.out.printf(
                "%s: %.2f t/s, the server costs %.2f %%%n", client, median(served), median(costs));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Tokens per second after the prompt. */
    private static double direct(LanguageModel model, int tokens) {
        SamplingOptions.Builder sampling = SamplingOptions.builder().temperature(0);
        Generation result =
                model.generate(
                        PROMPT,
                        GenerationOptions.defaults()
                                .withMaxTokens(tokens)
                                .withSampling(sampling.build()),
                        text -> {});
        check(result.usage().completionTokens(), tokens);
        return result.timings().generatedPerSecond();
    }

    private static double served(Rig rig, int tokens, boolean always)
            throws IOException, InterruptedException {
        String body =
                "{\"prompt\":\""
                        + PROMPT
                        + "\",\"temperature\":0,\"stream\":true,\"max_tokens\":"
                        + tokens
                        + ",\"stream_options\":{\"include_usage\":true}}";
        String request =
                "POST /v1/completions HTTP/1.0\r\nHost: localhost\r\nContent-Type:"
                        + " application/json\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body;
        String answer = always ? RawClient.ask(rig.port(), request) : askSeldom(rig, request);
        String[] events = answer.split("\n\n");
        check(event(events, 2).at("/usage/completion_tokens").asInt(0), tokens);
        return event(events, 3).at("/timings/predicted_per_second").asDouble();
    }

    private static JsonNode event(String[] events, int fromEnd) {
        return Json.parse(events[events.length - fromEnd].substring("data: ".length()));
    }

    /** An answer that lies in the socket until somebody looks. */
    private static String askSeldom(Rig rig, String request)
            throws IOException, InterruptedException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            while (answer.indexOf("[DONE]") < 0) {
                Thread.sleep(SELDOM_MILLIS);
                byte[] there = new byte[socket.getInputStream().available()];
                int count = socket.getInputStream().read(there);
                answer.append(new String(there, 0, count, StandardCharsets.UTF_8));
            }
        }
        return answer.toString();
    }

    private static void check(int found, int expected) {
        if (found != expected) {
            throw new IllegalStateException(
                    "expected " + expected + " tokens, found " + found + "; cure: fewer tokens");
        }
    }
}
