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

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * What the server costs: tokens of one text by the second, streamed through HTTP and from the
 * engine in the same process, in turns. Run by hand: {@code ServerOverhead FILE [TOKENS [ROUNDS]]}.
 */
final class ServerOverhead {
    private static final String PROMPT = "Once upon a time";

    private static final int WARM_UP = 4;

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
            double[] direct = new double[rounds];
            double[] served = new double[rounds];
            double computed = 0;
            for (int i = 0; i < WARM_UP; i++) { // Java's compiler works on the same processors
                direct(model, tokens);
                served(rig, tokens);
            }
            for (int i = 0; i < rounds; i++) {
                direct[i] = tokens / direct(model, tokens);
                double before = beside();
                served[i] = tokens / served(rig, tokens);
                computed += beside() - before;
                System.out.printf("engine %.2f t/s, server %.2f t/s%n", direct[i], served[i]);
            }
            Arrays.sort(direct);
            Arrays.sort(served);
            double engine = direct[rounds / 2];
            double server = served[rounds / 2];
            System.out.printf(
                    "medians: engine %.2f t/s, server %.2f t/s, the server costs %.2f %%%n",
                    engine, server, 100 * (1 - server / engine));
            double each = computed / rounds / tokens;
            System.out.printf(
                    "threads of the server and the client compute %.0f us a token, %.2f %% of its"
                            + " time%n",
                    1e6 * each, 100 * each * engine);
        }
    }

    /** Seconds that the threads have computed which serve and read, and the compiler for them. */
    private static double beside() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && !info.getThreadName().startsWith("snoozy-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return nanos * 1e-9;
    }

    /** Seconds for a text of so many tokens, its prompt included. */
    private static double direct(LanguageModel model, int tokens) {
        SamplingOptions.Builder sampling = SamplingOptions.builder().temperature(0);
        long start = System.nanoTime();
        Generation result =
                model.generate(
                        PROMPT,
                        GenerationOptions.defaults()
                                .withMaxTokens(tokens)
                                .withSampling(sampling.build()),
                        text -> {});
        check(result.usage().completionTokens(), tokens);
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double served(Rig rig, int tokens) {
        String body =
                "{\"prompt\":\""
                        + PROMPT
                        + "\",\"temperature\":0,\"stream\":true,\"max_tokens\":"
                        + tokens
                        + ",\"stream_options\":{\"include_usage\":true}}";
        long start = System.nanoTime();
        String answer =
                RawClient.ask(
                        rig.port(),
                        "POST /v1/completions HTTP/1.0\r\nHost: localhost\r\nContent-Type:"
                                + " application/json\r\nContent-Length: "
                                + body.length()
                                + "\r\n\r\n"
                                + body);
        double seconds = (System.nanoTime() - start) * 1e-9;
        String[] events = answer.split("\n\n");
        String last = events[events.length - 2].substring("data: ".length());
        check(Json.parse(last).at("/usage/completion_tokens").asInt(0), tokens);
        return seconds;
    }

    private static void check(int found, int expected) {
        if (found != expected) {
            throw new IllegalStateException(
                    "expected " + expected + " tokens, found " + found + "; cure: fewer tokens");
        }
    }
}
