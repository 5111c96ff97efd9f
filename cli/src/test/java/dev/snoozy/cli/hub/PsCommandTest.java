package dev.snoozy.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.cli.Cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** {@code ps} asks whatever listens on a port of this machine. */
class PsCommandTest {
    private static final String MODELS =
            """
            {"models": [{"name": "tiny:latest", "size": 2048, "context_length": 256,
              "expires_at": "2126-01-01T00:00:00Z"}]}
            """;

    /** What a command says to one answer, and what it asked. */
    private record Talk(Cli run, String asked) {}

    private static Talk talk(String status, String body, String... more) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> asked =
                    CompletableFuture.supplyAsync(() -> answer(server, status, body));
            String[] command = new String[more.length + 3];
            command[0] = "ps";
            command[1] = "--port";
            command[2] = Integer.toString(server.getLocalPort());
            System.arraycopy(more, 0, command, 3, more.length);
            return new Talk(Cli.run(command), asked.join());
        }
    }

    private static String answer(ServerSocket server, String status, String body) {
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII))) {
            StringBuilder asked = new StringBuilder();
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                asked.append(line).append('\n');
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(status, bytes.length);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            return asked.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void modelsInMemoryAreListed() throws IOException {
        Talk talk = talk("200 OK", MODELS);
        assertThat(talk.run().code()).as(talk.run().err()).isZero();
        assertThat(talk.run().out())
                .containsPattern("tiny:latest +2.00 KiB +256 +2126-01-01T00:00:00Z");
        assertThat(talk.asked()).startsWith("GET /api/ps HTTP/1.1");
        assertThat(talk("200 OK", MODELS, "--json").run().out())
                .contains("\"context_length\" : 256");
        assertThat(talk("200 OK", "{\"models\": []}").run().out()).contains("no model is loaded");
    }

    @Test
    void aKeyIsReadFromItsFile(@TempDir Path folder) throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "sk-1234\n");
        Talk talk = talk("200 OK", MODELS, "--api-key-file", key.toString());
        assertThat(talk.asked()).contains("Authorization: Bearer sk-1234");
        assertThat(talk("401 Unauthorized", "{}").run().err()).contains("--api-key-file");
    }

    @Test
    void whereNoServerRunsOneLineSaysSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Cli run = Cli.run("ps", "--port", Integer.toString(port));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no server runs on 127.0.0.1:" + port, "snoozy serve");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(Cli.run("ps", "--port", "0").code()).isEqualTo(2);
    }

    @Test
    void whatIsNoServerOfModelsIsSaidToBeNone() throws IOException {
        for (String body : new String[] {"<html>", "{}", "[]", "{\"models\": 5}", ""}) {
            Cli run = talk("200 OK", body).run();
            assertThat(run.code()).as(body).isEqualTo(1);
            assertThat(run.err()).as(body).contains("no snoozy server");
        }
        assertThat(talk("404 Not Found", "").run().err()).contains("status 404");
    }
}
