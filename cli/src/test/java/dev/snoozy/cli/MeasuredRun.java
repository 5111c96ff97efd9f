package dev.snoozy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.snoozy.format.GgufFile;
import dev.snoozy.text.tokenizer.Tokenizer;

import tools.jackson.databind.JsonNode;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One {@code snoozy run} in a process of its own, started as the launcher starts it, which tells
 * how much memory it took at most. Linux only.
 *
 * @param prompt tokens that it read
 * @param generated tokens that it wrote
 * @param peak bytes of its resident memory at most ({@code VmHWM})
 */
record MeasuredRun(int prompt, int generated, long peak) {
    /** Tokens that are written behind the prompt. */
    private static final int DECODED = 64;

    private static final String PEAK = "VmHWM:";

    /** Whether this system tells the peak of a process. */
    static boolean isPossible() {
        return Files.isReadable(Path.of("/proc/self/status"));
    }

    /**
     * Fills a context with a text and an answer.
     *
     * @param context tokens
     * @param more further arguments of {@code run}
     */
    static MeasuredRun of(Path model, int context, String... more)
            throws IOException, InterruptedException {
        Path prompt = Files.createTempFile("prompt", ".txt");
        try {
            Files.writeString(prompt, prompt(model, context - DECODED));
            return of(model, context, prompt, more);
        } finally {
            Files.delete(prompt);
        }
    }

    private static MeasuredRun of(Path model, int context, Path prompt, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", classPath()));
        command.addAll(List.of("-XX:+UseSerialGC", "-Xms64m", "-XX:TieredStopAtLevel=4"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", MeasuredRun.class.getName()));
        command.addAll(List.of("run", model.toString(), "--raw", "--json", "--seed", "1"));
        command.addAll(List.of("-n", "" + DECODED, "-c", "" + context));
        command.addAll(List.of(more));
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(prompt.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String out;
        try (var output = process.inputReader(UTF_8)) {
            out = output.lines().collect(Collectors.joining("\n"));
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("run ended with " + process.exitValue() + ": " + out);
        }
        int end = out.indexOf(PEAK);
        JsonNode answer = Json.mapper().readTree(out.substring(0, end)).get("usage");
        long kilobytes = Long.parseLong(out.substring(end + PEAK.length()).strip().split(" ")[0]);
        return new MeasuredRun(
                answer.get("prompt_tokens").asInt(),
                answer.get("completion_tokens").asInt(),
                kilobytes << 10);
    }

    /** What the process does: the command, and then the peak on a line. */
    public static void main(String[] arguments) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        int code =
                Main.commandLine(out, new PrintWriter(System.err, true, UTF_8)).execute(arguments);
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            lines.filter(line -> line.startsWith(PEAK)).forEach(out::println);
        }
        System.exit(code);
    }

    /** A text of so many tokens at most, and of hardly fewer; its tokens are of many kinds. */
    private static String prompt(Path model, int tokens) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4 * tokens; i++) {
            text.append(i % 5 == 4 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        try (GgufFile file = GgufFile.open(model)) {
            Tokenizer tokenizer = Tokenizer.of(file.metadata());
            int fits = 1;
            for (int step = text.length(); step > 0; step /= 2) {
                int longer = Math.min(text.length(), fits + step);
                if (tokenizer.encode(text.substring(0, longer), true, false).length <= tokens) {
                    fits = longer;
                }
            }
            return text.substring(0, fits);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** All that this process was started with, and these classes. */
    private static String classPath() {
        try {
            String here =
                    Path.of(
                                    MeasuredRun.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .toURI())
                            .toString();
            return Stream.of(
                            here,
                            System.getProperty("jdk.module.path", ""),
                            System.getProperty("java.class.path", ""))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
