package dev.snoozy.cli.hub;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.Json;
import dev.snoozy.cli.Printable;
import dev.snoozy.cli.TextTable;
import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy ps}: the models that a running server has in memory. */
@Command(
        name = "ps",
        description = "List the models that a running snoozy serve has in memory.",
        footer = {"", "Example:", "  snoozy ps", "  snoozy ps --port 8080 --json"},
        mixinStandardHelpOptions = true)
public final class PsCommand implements Callable<Integer> {
    private static final int PORT = 4891;
    private static final int MOST_PORT = 65_535;
    private static final int MOST_BYTES = 4 << 20;
    private static final int UNAUTHENTICATED = 401;
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + PORT,
            description = "the port of the server on this machine (default: ${DEFAULT-VALUE})")
    private int port = PORT;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "a file with a key for the server, if it demands one, on its first line")
    private @Nullable Path keyFile;

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    /** A model in memory. */
    record Loaded(
            String name,
            long bytes,
            @JsonProperty("context_length") int contextLength,
            @JsonProperty("expires_at") String expires) {}

    /** What {@code --json} prints. */
    record Result(List<Loaded> models) {}

    @Override
    public Integer call() throws IOException {
        if (port < 1 || port > MOST_PORT) {
            throw new WrongUseException("--port: expected 1 to 65535, found " + port);
        }
        List<Loaded> models = models(ask());
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            out.println(Json.write(new Result(models)));
        } else if (models.isEmpty()) {
            out.println("no model is loaded");
        } else {
            TextTable table = new TextTable("NAME", "SIZE", "CONTEXT", "UNTIL");
            for (Loaded model : models) {
                table.row(
                        Printable.text(model.name(), 60),
                        Printable.bytes(model.bytes()),
                        Integer.toString(model.contextLength()),
                        Printable.text(model.expires(), 40));
            }
            table.print(out);
        }
        out.flush();
        return 0;
    }

    /** What the server says. Loopback is asked without any proxy. */
    private byte[] ask() throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/ps"))
                        .timeout(PATIENCE);
        if (keyFile != null) {
            String key = Files.readAllLines(keyFile).stream().findFirst().orElse("").strip();
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient client =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .proxy(ProxySelector.of(null))
                                .connectTimeout(PATIENCE)
                                .build();
                InputStream body = answer(client, request.build())) {
            return body.readNBytes(MOST_BYTES);
        } catch (ConnectException e) {
            throw new IOException(
                    "no server runs on 127.0.0.1:%d; cure: snoozy serve, or --port".formatted(port),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server was asked", e);
        }
    }

    private InputStream answer(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == OK) {
            return response.body();
        }
        response.body().close();
        throw new IOException(
                response.statusCode() == UNAUTHENTICATED
                        ? "the server demands a key; cure: --api-key-file"
                        : "what answers on 127.0.0.1:%d is no snoozy server: status %d"
                                .formatted(port, response.statusCode()));
    }

    private List<Loaded> models(byte[] body) throws IOException {
        try {
            JsonNode list = Json.mapper().readTree(body).path("models");
            if (!list.isArray()) {
                throw new IOException(
                        "what answers on 127.0.0.1:%d is no snoozy server".formatted(port));
            }
            List<Loaded> models = new ArrayList<>();
            for (JsonNode model : list) {
                models.add(
                        new Loaded(
                                model.path("name").asString(""),
                                model.path("size").asLong(0),
                                model.path("context_length").asInt(0),
                                model.path("expires_at").asString("")));
            }
            return models;
        } catch (JacksonException e) {
            throw new IOException(
                    "what answers on 127.0.0.1:%d is no snoozy server".formatted(port), e);
        }
    }
}
