package dev.snoozy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;
import dev.snoozy.cli.Main;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code snoozy studio}: how it begins, how it is found, how it ends. */
class StudioCommandTest {
    private static final String SAYS = "studio: ";
    private static final int TERMINATED = 128 + 15;

    @TempDir private Path home;

    private Process start(String... more) throws IOException {
        return command(more).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private ProcessBuilder command(String... more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsnoozy.data=" + home,
                        "-cp",
                        // Maven tests modules, which then lie on the one path and not on the other.
                        System.getProperty("jdk.module.path", "")
                                + File.pathSeparator
                                + System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "studio",
                        "--no-browser"));
        command.addAll(List.of(more));
        return new ProcessBuilder(command);
    }

    private static String ask(String method, String address, String path, String body)
            throws IOException, InterruptedException {
        URI uri = URI.create(address);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri.resolve("api/" + path))
                        .header("Origin", "http://" + uri.getAuthority())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    /** What the studio says of itself, and its terminal, when a model was loaded. */
    private String loaded(String... more) throws IOException, InterruptedException {
        Path terminal = home.resolve("terminal.txt");
        Process process = command(more).redirectError(terminal.toFile()).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String address = address(out);
            ask("POST", address, "models/tiny/load", "{}");
            String system = ask("GET", address, "system", "");
            end(process);
            return system + Files.readString(terminal);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy(); // SIGTERM; Ctrl-C runs the same hook
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    }

    /** More threads than processors, which the terminal is told of by the model itself. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signal to end a process cleanly")
    void threadsThatWereChosenReachTheModelUnlessOthersAreGivenAtTheStart() throws Exception {
        Files.createDirectories(home.resolve("models"));
        TinyModel.llama().writeTo(home.resolve("models/tiny.gguf"));
        int processors = Runtime.getRuntime().availableProcessors();
        int chosen = processors + 1;
        int given = processors + 2;
        Process process = start("--port", "0");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            ask("PATCH", address(out), "settings", "{\"threads\":" + chosen + "}");
            end(process);
        } finally {
            process.destroyForcibly();
        }
        assertThat(loaded("--port", "0"))
                .contains(
                        "\"threads\":" + chosen + ",\"threadsGiven\":\"\"",
                        chosen + " threads, processors " + processors);
        assertThat(loaded("--port", "0", "--threads", String.valueOf(given)))
                .contains(
                        "\"threads\":" + given + ",\"threadsGiven\":\"--threads " + given + "\"",
                        given + " threads, processors " + processors);
    }

    private static String address(BufferedReader out) throws IOException {
        String line = String.valueOf(out.readLine());
        assertThat(line).startsWith(SAYS + "http://127.0.0.1:").endsWith("/studio/");
        return line.substring(SAYS.length());
    }

    private static int status(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    /** Demands a key, which who only looks whether a studio runs does not have. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signal to end a process cleanly")
    void itTellsItsAddressIsFoundByASecondOneAndEndsCleanlyWhenItIsTold() throws Exception {
        Process process = start("--port", "0", "--api-key", "secret");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String address = address(out);
            assertThat(status(address)).isEqualTo(200);
            assertThat(status(address + "api/system")).isEqualTo(401);

            String port = String.valueOf(URI.create(address).getPort());
            Cli second = Cli.run("studio", "--no-browser", "--port", port);
            assertThat(second.err()).isEmpty();
            assertThat(second.out().strip()).isEqualTo("the studio runs already: " + address);
            assertThat(second.code()).isZero();

            end(process);
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(home.resolve("snoozy.db")).exists();
            assertThat(home.resolve("snoozy.db-wal"))
                    .as("the data was closed, not left to be recovered")
                    .doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPortThatIsNoneIsWrongUse() {
        for (String port : new String[] {"70000", "-1", "many"}) {
            Cli run = Cli.run("studio", "--no-browser", "--port", port);
            assertThat(run.code()).as(port).isEqualTo(2);
            assertThat(run.err()).contains("--port").contains(port);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "two may listen to one port there")
    void aPortThatAnotherProgramHasIsSaidAndNothingIsLeftOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Process process = start("--port", String.valueOf(port));
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                assertThat(Files.exists(home.resolve("snoozy.db-wal"))).isFalse();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
