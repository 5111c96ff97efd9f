package dev.snoozy.server.ollama;

import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Handler;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.Routes;

/** Ollama's own interface, as its clients use it. What makes models is not there. */
public final class Ollama {
    private static final String NO_STORE =
            " is not there: models are made by snoozy convert and quantize";

    private Ollama() {}

    /** Adds the places of this dialect. */
    public static void addTo(Routes routes, Service service) {
        Generate generate = new Generate(service);
        Chat chat = new Chat(service);
        Embed embed = new Embed(service);
        ModelLists lists = new ModelLists(service);
        post(routes, "/api/generate", generate::handle);
        post(routes, "/api/chat", chat::handle);
        post(routes, "/api/embed", embed::handle);
        post(routes, "/api/embeddings", embed::handleLegacy);
        post(routes, "/api/show", lists::show);
        routes.addOpen("GET", "/api/tags", OllamaErrors::of, lists::tags);
        routes.add("GET", "/api/ps", OllamaErrors::of, lists::running);
        routes.addOpen("GET", "/api/version", OllamaErrors::of, Ollama::version);
        post(routes, "/api/pull", new Pulls(service)::handle);
        for (String path : new String[] {"push", "create"}) {
            post(routes, "/api/" + path, Ollama::refuse);
        }
        ModelChanges changes = new ModelChanges(service);
        post(routes, "/api/copy", changes::copy);
        routes.add("DELETE", "/api/delete", OllamaErrors::of, changes::delete);
        for (String method : new String[] {"HEAD", "POST"}) {
            routes.add(method, "/api/blobs/*", OllamaErrors::of, Ollama::refuse);
        }
    }

    private static void post(Routes routes, String path, Handler handler) {
        routes.add("POST", path, OllamaErrors::of, handler);
    }

    /** The version of this server, not of an Ollama that it would be. */
    private static void version(Exchange exchange) {
        String own = Ollama.class.getPackage().getImplementationVersion();
        exchange.json(Json.object().put("version", own == null ? "0.0.0" : own));
    }

    private static void refuse(Exchange exchange) {
        throw new HttpProblem(Kind.NOT_SUPPORTED, exchange.path() + NO_STORE);
    }
}
