package dev.snoozy.studio.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.server.http.Json;
import dev.snoozy.studio.store.Chats;
import dev.snoozy.studio.store.Database;
import dev.snoozy.studio.store.Message;
import dev.snoozy.studio.store.Messages;
import dev.snoozy.studio.store.Writings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The process is killed while a model writes, twenty times, each after another number of pieces.
 */
class KilledStudioTest {
    private static final int TRIES = 20;
    private static final int MOST_PIECES = 250;

    @TempDir Path home;
    @TempDir Path spares;

    /** Starts a process that opens the studio when it is told to. */
    private Process prepare(int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StudioProcess.class.getName(),
                        spares.resolve("spare" + number).toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void whatWasShownIsThereWheneverTheProcessIsKilled() throws Exception {
        Files.createDirectories(home.resolve("models"));
        Files.copy(
                Path.of(System.getProperty("snoozy.root", ".."))
                        .resolve("models/tinystories/stories260K-f32.gguf"),
                home.resolve("models/stories.gguf"));
        SplittableRandom random = new SplittableRandom(20);
        Deque<Process> prepared = new ArrayDeque<>(List.of(prepare(0)));
        try {
            for (int i = 1; i <= TRIES; i++) {
                if (i < TRIES) {
                    prepared.add(prepare(i)); // starts while the one before it writes
                }
                Process process = prepared.element();
                try (HttpClient client = HttpClient.newHttpClient();
                        Writer in = process.outputWriter(StandardCharsets.UTF_8);
                        BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                    in.write(home + "\n");
                    in.flush();
                    Shown shown = new Shown(client, String.valueOf(out.readLine()));
                    shown.read(
                            1 + random.nextInt(MOST_PIECES),
                            process::destroyForcibly); // as kill -9 does
                    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                    check(shown);
                }
                prepared.remove();
            }
        } finally {
            prepared.forEach(Process::destroyForcibly);
        }
    }

    private void check(Shown shown) {
        try (Database database = Database.open(home.resolve("snoozy.db"))) {
            assertThat(database.notice()).isEmpty();
            assertThat(new Writings(database).interruptAll()).isEqualTo(1);
            Message kept = new Messages(database).find(shown.chat, shown.message).orElseThrow();
            assertThat(kept.content()).startsWith(shown.text);
            assertThat(kept.answer().finish()).isEqualTo("interrupted");
            assertThat(kept.ids()).isNotEmpty();
            assertThat(new Chats(database).find(shown.chat).orElseThrow().title())
                    .isEqualTo("Once upon a time");
        }
    }

    /** What a page has seen of an answer. */
    private static final class Shown {
        private final HttpClient client;
        private final String url;
        private final String chat;
        private final String message;
        private String text = "";

        Shown(HttpClient client, String url) throws Exception {
            this.client = client;
            this.url = url;
            chat = post("/chats", "{}").path("id").asString();
            String question =
                    post("/chats/" + chat + "/messages", "{\"content\":\"Once upon a time\"}")
                            .path("id")
                            .asString();
            message =
                    post(
                                    "/chats/" + chat + "/generate",
                                    "{\"parent\":\""
                                            + question
                                            + "\",\"options\":{\"ignore_eos\":true,"
                                            + "\"context_policy\":\"shift\"}}")
                            .path("message")
                            .asString();
        }

        private JsonNode post(String path, String body) throws Exception {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + "/studio/api" + path))
                            .header("Origin", url)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            return Json.parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }

        /** Reads some events, and then does something. */
        void read(int count, Runnable whileOpen) throws Exception {
            URI uri =
                    URI.create(
                            url + "/studio/api/chats/" + chat + "/messages/" + message + "/events");
            HttpResponse<InputStream> answer =
                    client.send(
                            HttpRequest.newBuilder(uri).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (int events = 0; events < count; ) {
                    String line = String.valueOf(lines.readLine());
                    if (line.startsWith("data: ")) {
                        JsonNode data = Json.parse(line.substring("data: ".length()));
                        text += data.path("content").asString("");
                        events += text.isEmpty() ? 0 : 1;
                    }
                    assertThat(line).as("after " + events + " events").isNotEqualTo("null");
                }
                whileOpen.run(); // closing would tell the server that nobody reads any more
            }
        }
    }
}
