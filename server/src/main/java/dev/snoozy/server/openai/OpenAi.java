package dev.snoozy.server.openai;

import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.models.ModelFiles;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's interface, as its clients use it. The paths stand with and without {@code /v1}, because
 * clients differ in what they take for the base.
 */
public final class OpenAi {
    /** Clients in the wild expect it to begin with a b. */
    static final String FINGERPRINT = "b-snoozy";

    private static final String MODELS = "/v1/models/";

    private OpenAi() {}

    /** Adds the places of this dialect. */
    public static void addTo(Routes routes, Service service) {
        ChatCompletions chat = new ChatCompletions(service);
        Completions completions = new Completions(service);
        Responses responses = new Responses(service);
        for (String base : new String[] {"/v1", ""}) {
            routes.add("POST", base + "/chat/completions", OpenAiErrors::of, chat::handle);
            routes.add("POST", base + "/responses", OpenAiErrors::of, responses::handle);
            routes.addOpen("GET", base + "/models", OpenAiErrors::of, x -> models(x, service));
        }
        routes.add("POST", "/v1/completions", OpenAiErrors::of, completions::handle);
        routes.addOpen("GET", MODELS + "*", OpenAiErrors::of, x -> model(x, service));
    }

    private static void models(Exchange exchange, Service service) {
        ObjectNode list = Json.object();
        list.put("object", "list");
        ArrayNode data = list.putArray("data");
        for (ModelFiles.Entry entry : service.pool().files().all()) {
            data.add(model(entry));
        }
        exchange.json(list);
    }

    private static void model(Exchange exchange, Service service) {
        String name = exchange.path().substring(MODELS.length());
        ModelFiles.Entry entry =
                service.pool()
                        .files()
                        .find(name)
                        .orElseThrow(() ->
                                new HttpProblem(
                                        Kind.MODEL_NOT_FOUND, "model '" + name + "' not found"));
        exchange.json(model(entry));
    }

    private static ObjectNode model(ModelFiles.Entry entry) {
        ObjectNode node = Json.object();
        node.put("id", entry.name());
        node.put("object", "model");
        node.put("created", entry.modified());
        node.put("owned_by", "snoozy");
        node.putObject("meta").put("size", entry.bytes());
        return node;
    }
}
