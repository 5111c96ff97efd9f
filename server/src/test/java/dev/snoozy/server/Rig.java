package dev.snoozy.server;

import dev.snoozy.engine.ContextPolicy;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.http.HttpLimits;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.server.models.PoolOptions;
import dev.snoozy.testkit.TinyModel;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server on a free port with models in memory, and a client. */
public final class Rig implements AutoCloseable {
    /** A template in the manner of ChatML, with reasoning and tools in the manner of Hermes. */
    public static final String TEMPLATE =
            """
            {%- if tools %}<s>system
            # Tools
            {% for tool in tools %}{{ tool | tojson }}
            {% endfor %}Answer with <tool_call>{"name": ..., "arguments": ...}</tool_call></s>
            {% endif %}{% for message in messages %}<s>{{ message.role }}
            {{ message.content }}{% for call in message.tool_calls or [] %}
            <tool_call>
            {"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
            </tool_call>{% endfor %}</s>
            {% endfor %}{% if add_generation_prompt %}<s>assistant
            {% endif %}\
            """;

    /** An answer. */
    public record Reply(int status, JsonNode json, HttpResponse<String> http) {}

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SnoozyServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Rig(SnoozyServer server) {
        this.server = server;
    }

    /** A llama of 256 tokens of context without a template, called "tiny". */
    public static Rig plain() {
        return of(Map.of("tiny", TinyModel.llama()), options -> options);
    }

    /** A llama with a chat template, called "tiny". */
    public static Rig chat() {
        return of(
                Map.of("tiny", TinyModel.llama().with("tokenizer.chat_template", TEMPLATE)),
                options -> options);
    }

    /** A llama with a chat template and much room, "tiny", and an encoder, "bert". */
    public static Rig chatAndVectors() {
        Map<String, TinyModel> models = new LinkedHashMap<>();
        models.put(
                "tiny",
                TinyModel.llama()
                        .with("tokenizer.chat_template", TEMPLATE)
                        .with("llama.context_length", 4096));
        models.put("bert", TinyModel.bert());
        return of(models, options -> options);
    }

    /** Models by their names, and changed options. */
    public static Rig of(Map<String, TinyModel> models, UnaryOperator<ServerOptions> change) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        models.forEach((name, model) -> files.put(name, model.bytes()));
        return ofBytes(files, entry -> load(GgufFile.of(files.get(entry.name()))), change);
    }

    /** What a file in memory is. */
    public static LoadedEntry load(byte[] file) {
        return load(GgufFile.of(file));
    }

    private static LoadedEntry load(GgufFile file) {
        LoadOptions options = LoadOptions.defaults().withThreads(2);
        boolean encoder = file.metadata().string("general.architecture").equals("bert");
        return encoder
                ? new LoadedEntry.Embedder(EmbeddingModel.of(file, options))
                : new LoadedEntry.Writer(LanguageModel.of(file, options));
    }

    /** Models by their names, the way to load them, and changed options. */
    public static Rig ofBytes(
            Map<String, byte[]> files,
            ModelPool.Loader loader,
            UnaryOperator<ServerOptions> change) {
        return of(list(files), loader, change);
    }

    private static ModelFiles list(Map<String, byte[]> files) {
        return () -> {
            List<ModelFiles.Entry> entries = new ArrayList<>();
            files.forEach((name, bytes) ->
                    entries.add(new ModelFiles.Entry(name, Path.of(name), bytes.length, 1)));
            return entries;
        };
    }

    /** Models by their names, and documents. */
    public static Rig withDocuments(Map<String, byte[]> files, ServedDocuments documents) {
        ModelPool.Loader loader = entry -> load(GgufFile.of(files.get(entry.name())));
        try {
            return new Rig(
                    SnoozyServer.start(
                            list(files), loader, options(), List.of(), Optional.of(documents)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Models that can be loaded, by the usual options. */
    public static Rig of(ModelFiles files, ModelPool.Loader loader) {
        return of(files, loader, options -> options);
    }

    private static Rig of(
            ModelFiles files, ModelPool.Loader loader, UnaryOperator<ServerOptions> change) {
        try {
            return new Rig(SnoozyServer.start(files, loader, change.apply(options())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A free port, room for everything, greedy. */
    public static ServerOptions options() {
        return new ServerOptions(
                "127.0.0.1",
                0,
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

    public int port() {
        return server.port();
    }

    public String url() {
        return server.url();
    }

    /** Asks without a body. */
    public Reply get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)).GET());
    }

    /** Asks with a body of JSON; single quotes stand for double ones. */
    public Reply post(String path, String body) {
        return send(postRequest(path, body));
    }

    /** The data of the server-sent events of an answer, in order. */
    public List<String> events(String path, String body) {
        String text = send(postRequest(path, body)).http().body();
        return text.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    private HttpRequest.Builder postRequest(String path, String body) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    }

    /** Sends a request; the JSON is a missing node if the answer is none. */
    public Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer =
                    client.send(
                            request.timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString());
            boolean json =
                    answer.headers()
                            .firstValue("content-type")
                            .orElse("")
                            .startsWith("application/json");
            JsonNode node = json ? Json.parse(answer.body()) : Json.object().path("none");
            return new Reply(answer.statusCode(), node, answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
