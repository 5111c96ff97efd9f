package dev.snoozy.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Tools of the JDK, and programs of the system. */
final class Tool {
    private Tool() {}

    /** Runs a tool of the JDK in this process; its output, or a failure that holds it. */
    static String jdk(String name, String... arguments) {
        ToolProvider tool =
                ToolProvider.findFirst(name)
                        .orElseThrow(() ->
                                new PackagingException(
                                        "this Java has no " + name + "; cure: a full JDK"));
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int code = tool.run(writer, writer, arguments);
        writer.flush();
        if (code != 0) {
            throw new PackagingException(name + " ended with " + code + ":\n" + output);
        }
        return output.toString();
    }

    /** Runs a program with this environment beside our own; a failure holds its output. */
    static void run(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new PackagingException(
                        String.join(" ", command) + " ended with " + code + ":\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new PackagingException("interrupted", e);
        }
    }

    /** Whether the system has a program of this name. */
    static boolean exists(String program) {
        String folders = System.getenv().getOrDefault("PATH", "");
        return Stream.of(folders.split(System.getProperty("path.separator")))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
