package dev.snoozy.server;

import dev.snoozy.server.anthropic.Anthropic;
import dev.snoozy.server.documents.DocumentUpdates;
import dev.snoozy.server.documents.Documents;
import dev.snoozy.server.embed.Embeddings;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Door;
import dev.snoozy.server.http.Guard;
import dev.snoozy.server.http.RequestLog;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.http.WebServer;
import dev.snoozy.server.llamacpp.LlamaCpp;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.server.ollama.Ollama;
import dev.snoozy.server.openai.OpenAi;
import dev.snoozy.server.openai.OpenAiErrors;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** The server: models behind the interfaces that clients know. Closing it drains it first. */
public final class SnoozyServer implements AutoCloseable {
    private final ModelPool pool;
    private final WebServer web;
    private final DocumentUpdates updates;
    private final String host;

    private SnoozyServer(ModelPool pool, WebServer web, DocumentUpdates updates, String host) {
        this.pool = pool;
        this.web = web;
        this.updates = updates;
        this.host = host;
    }

    /**
     * Starts a server.
     *
     * @throws IOException if the address cannot be used
     * @throws IllegalArgumentException if the address is not loopback and there are no keys
     */
    public static SnoozyServer start(
            ModelFiles files, ModelPool.Loader loader, ServerOptions options) throws IOException {
        return start(files, loader, options, List.of(), Optional.empty());
    }

    /** As below, without documents. */
    public static SnoozyServer start(
            ModelFiles files,
            ModelPool.Loader loader,
            ServerOptions options,
            List<RouteSource> sources)
            throws IOException {
        return start(files, loader, options, sources, Optional.empty());
    }

    /**
     * Starts a server with places to ask beside those of the dialects.
     *
     * @param documents the user's documents, if requests may name them
     * @throws IOException if the address cannot be used
     * @throws IllegalArgumentException if the address is not loopback and there are no keys
     */
    public static SnoozyServer start(
            ModelFiles files,
            ModelPool.Loader loader,
            ServerOptions options,
            List<RouteSource> sources,
            Optional<ServedDocuments> documents)
            throws IOException {
        boolean loopback = InetAddress.getByName(options.host()).isLoopbackAddress();
        if (!loopback && options.keys().isEmpty()) {
            throw new IllegalArgumentException(
                    "host "
                            + options.host()
                            + " can be reached from other machines: expected an API key, found none;"
                            + " cure: --api-key-file, or --host 127.0.0.1");
        }
        ModelPool pool = new ModelPool(files, loader, options.pool());
        RequestLog log = new RequestLog();
        Service service =
                new Service(
                        pool,
                        options.generation(),
                        options.contextPolicy(),
                        options.llamaCpp(),
                        log,
                        !options.keys().isEmpty(),
                        documents.map(served ->
                                new DocumentRoom(served.library(), served.roots(), pool)));
        Routes routes = new Routes(OpenAiErrors::of);
        OpenAi.addTo(routes, service);
        Anthropic.addTo(routes, service);
        Ollama.addTo(routes, service);
        Embeddings.addTo(routes, service);
        LlamaCpp.addTo(routes, service);
        DocumentUpdates updates = new DocumentUpdates();
        Documents.addTo(routes, service, updates);
        sources.forEach(source -> source.addTo(routes, service));
        Guard guard =
                new Guard(
                        !loopback,
                        options.allowedHosts(),
                        options.allowedOrigins(),
                        options.keys(),
                        door(sources));
        try {
            WebServer web =
                    new WebServer(
                            options.host(),
                            options.port(),
                            routes,
                            guard,
                            log,
                            options.limits(),
                            options.drainTime());
            return new SnoozyServer(pool, web, updates, options.host());
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** The first part that says something of the door has its say. */
    private static Door door(List<RouteSource> sources) {
        return sources.stream()
                .map(RouteSource::door)
                .filter(door -> door != Door.OPEN)
                .findFirst()
                .orElse(Door.OPEN);
    }

    /** The port it listens on. */
    public int port() {
        return web.port();
    }

    /** The address to give to clients. */
    public String url() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + port();
    }

    /** The models. */
    public ModelPool models() {
        return pool;
    }

    @Override
    public void close() {
        web.close();
        updates.close();
        pool.close();
    }
}
