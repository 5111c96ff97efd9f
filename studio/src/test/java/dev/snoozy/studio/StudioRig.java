package dev.snoozy.studio;

import dev.snoozy.documents.index.DocumentLibrary;
import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.server.ServedDocuments;
import dev.snoozy.server.ServerOptions;
import dev.snoozy.server.SnoozyServer;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.PoolOptions;
import dev.snoozy.testkit.TinyModel;

import tools.jackson.databind.JsonNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A studio on a free port, with models in its folder and a client. */
public final class StudioRig implements AutoCloseable {
    /** A template in the manner of ChatML. */
    public static final String TEMPLATE =
            """
            {%- for message in messages %}<s>{{ message.role }}
            {{ message.content }}</s>
            {% endfor %}{% if add_generation_prompt %}<s>assistant
            {% endif %}\
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** An answer. */
    public record Reply(int status, JsonNode json, String text) {}

    /** An event of a stream. */
    public record Event(String name, JsonNode data) {}

    private final Studio studio;
    private final SnoozyServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private StudioRig(Studio studio, SnoozyServer server) {
        this.studio = studio;
        this.server = server;
    }

    /** A studio in a folder with a random model that chats, "tiny". */
    public static StudioRig tiny(Path home) {
        return tiny(home, TinyModel.llama().with("tokenizer.chat_template", TEMPLATE));
    }

    /** A studio in a folder with this model as "tiny". */
    public static StudioRig tiny(Path home, TinyModel model) {
        try {
            Files.createDirectories(home.resolve("models"));
            Files.write(home.resolve("models/tiny.gguf"), model.bytes());
            return in(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A studio in a folder with the model that Snoozy comes with, "stories". */
    public static StudioRig stories(Path home) {
        try {
            Path model =
                    Path.of(System.getProperty("snoozy.root", ".."))
                            .resolve("models/tinystories/stories260K-f32.gguf");
            Files.createDirectories(home.resolve("models"));
            Files.copy(model, home.resolve("models/stories.gguf"));
            return in(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A studio in a folder with a model of these bytes, "knowing", and one for vectors, "bert". */
    public static StudioRig knowing(Path home, byte[] model) {
        try {
            Files.createDirectories(home.resolve("models"));
            Files.write(home.resolve("models/knowing.gguf"), model);
            Files.write(home.resolve("models/bert.gguf"), TinyModel.bert().bytes());
            return in(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A studio in a folder with the models that are there. */
    public static StudioRig in(Path home) throws IOException {
        return of(StudioOptions.in(home, files(home.resolve("models"))), 0);
    }

    /** A studio on a port; 0 for any. */
    public static StudioRig of(StudioOptions options, int port) throws IOException {
        Studio studio = Studio.open(options);
        SnoozyServer server =
                SnoozyServer.start(
                        options.files(),
                        entry -> load(entry.file(), LoadOptions.defaults().withThreads(2)),
                        options(port),
                        List.of(studio),
                        Optional.of(
                                new ServedDocuments(
                                        new DocumentLibrary(options.home().resolve("collections")),
                                        studio.documentRoots())));
        return new StudioRig(studio, server);
    }

    private static LoadedEntry load(Path file, LoadOptions options) throws IOException {
        return file.endsWith("bert.gguf")
                ? new LoadedEntry.Embedder(EmbeddingModel.load(file, options))
                : new LoadedEntry.Writer(LanguageModel.load(file, options));
    }

    /** The models of a folder, which may be removed. */
    private static ModelFiles files(Path folder) {
        return new ModelFiles() {
            @Override
            public List<Entry> all() {
                return entries(folder);
            }

            @Override
            public Runnable removal(Entry entry) {
                return () -> {
                    try {
                        Files.delete(entry.file());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
            }
        };
    }

    private static List<ModelFiles.Entry> entries(Path folder) {
        List<ModelFiles.Entry> list = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".gguf")) {
                    list.add(
                            new ModelFiles.Entry(
                                    name.replace(".gguf", ""),
                                    file,
                                    Files.size(file),
                                    Files.getLastModifiedTime(file).toMillis() / 1000));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return list;
    }

    private static ServerOptions options(int port) {
        return new ServerOptions(
                "127.0.0.1",
                port,
                List.of(),
                List.of(),
                ApiKeys.none(),
                HttpLimits.defaults(),
                new PoolOptions(LoadOptions.defaults(), 1L << 30, Duration.ofMinutes(5), 32, 512),
                GenerationOptions.defaults(),
                ContextPolicy.REFUSE,
                LlamaCppOptions.defaults(),
                Duration.ofSeconds(1));
    }

    public SnoozyServer server() {
        return server;
    }

    public String url() {
        return server.url();
    }

    /** Asks without a body. */
    public Reply get(String path) {
        return send(request(path).GET());
    }

    /** Asks with a body of JSON; single quotes stand for double ones. */
    public Reply post(String path, String body) {
        return send("POST", path, body);
    }

    /** Asks by any method. */
    public Reply send(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher =
                body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        return send(
                request(path)
                        .header("Origin", url())
                        .header("Content-Type", "application/json")
                        .method(method, publisher));
    }

    /** A request to a path of the studio. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + "/studio/api" + path)).timeout(PATIENCE);
    }

    /** Sends a request. */
    public Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean json =
                    answer.headers()
                            .firstValue("content-type")
                            .orElse("")
                            .startsWith("application/json");
            JsonNode node = json ? Json.parse(answer.body()) : Json.object().path("none");
            return new Reply(answer.statusCode(), node, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The events of a stream until one fits, which is the last. */
    public List<Event> events(String path, Predicate<Event> last) {
        List<Event> events = new ArrayList<>();
        try {
            HttpResponse<java.io.InputStream> answer =
                    client.send(
                            request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                String name = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        name = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        Event event =
                                new Event(name, Json.parse(line.substring("data: ".length())));
                        events.add(event);
                        if (last.test(event)) {
                            break;
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return events;
    }

    /** The data of the event that ends a stream. */
    public JsonNode done(String path) {
        return events(path, event -> event.name().equals("done")).getLast().data();
    }

    /** Makes a chat; returns its path. */
    public String chat(String body) {
        return "/chats/" + post("/chats", body).json().path("id").asString();
    }

    /** Says something in a chat; returns the id of the message. */
    public String say(String chat, String parent, String content) {
        String under = parent.isEmpty() ? "null" : "'" + parent + "'";
        return post(chat + "/messages", "{'parent':" + under + ",'content':'" + content + "'}")
                .json()
                .path("id")
                .asString();
    }

    @Override
    public void close() {
        client.close();
        studio.close();
        server.close();
    }
}
