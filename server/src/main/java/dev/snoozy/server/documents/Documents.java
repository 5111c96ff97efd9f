package dev.snoozy.server.documents;

import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.DocumentJson;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.Routes;
import dev.snoozy.server.openai.OpenAiErrors;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The user's documents over HTTP: {@code GET /v1/documents} tells the collections, {@code GET
 * /v1/documents/NAME} the files of one, {@code POST /v1/documents/search} finds passages. {@code
 * POST /v1/documents} adds, {@code POST /v1/documents/NAME/update} and {@code …/remove}, and {@code
 * DELETE /v1/documents/NAME} change, where the owner allows it.
 */
public final class Documents {
    private static final String PLACE = "/v1/documents";
    private static final int USUAL_COUNT = 5;

    private final Service service;
    private final DocumentChanges changes;

    private Documents(Service service, DocumentUpdates updates) {
        this.service = service;
        changes = new DocumentChanges(service, updates);
    }

    /**
     * Adds the places.
     *
     * @param updates that programs ask for; the caller closes it
     */
    public static void addTo(Routes routes, Service service, DocumentUpdates updates) {
        Documents documents = new Documents(service, updates);
        routes.add("GET", PLACE, OpenAiErrors::of, documents::list);
        routes.add("POST", PLACE, OpenAiErrors::of, documents.changes::add);
        routes.add("POST", PLACE + "/search", OpenAiErrors::of, documents::search);
        routes.add("GET", PLACE + "/*", OpenAiErrors::of, documents::files);
        routes.add("POST", PLACE + "/*", OpenAiErrors::of, documents::post);
        routes.add(
                "DELETE",
                PLACE + "/*",
                OpenAiErrors::of,
                exchange -> documents.changes.delete(exchange, name(exchange)));
    }

    private static String name(Exchange exchange) {
        return exchange.path().substring(PLACE.length() + 1);
    }

    private void post(Exchange exchange) {
        String name = name(exchange);
        int verb = name.lastIndexOf('/');
        if (verb < 0) {
            throw new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path");
        }
        changes.post(exchange, name.substring(0, verb), name.substring(verb + 1));
    }

    private void list(Exchange exchange) {
        DocumentRoom room = DocumentFields.room(service);
        ObjectNode answer = Json.object();
        answer.put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (String name : room.library().names()) {
            data.add(DocumentJson.collection(room, name, false));
        }
        answer.set("roots", changes.told(room));
        exchange.json(answer);
    }

    private void files(Exchange exchange) {
        DocumentRoom room = DocumentFields.room(service);
        String name = name(exchange);
        room.require(name);
        ObjectNode node = DocumentJson.collection(room, name, true);
        changes.tell(name, node);
        exchange.json(node);
    }

    private void search(Exchange exchange) {
        Fields fields = exchange.fields();
        String question = fields.requiredString("query");
        List<String> collections = DocumentFields.collections(fields, "collection");
        SearchRequest request = DocumentFields.search(fields, question, USUAL_COUNT);
        ObjectNode answer = Json.object();
        answer.set("collection", fields.node().get("collection"));
        ArrayNode passages = answer.putArray("passages");
        for (Hit hit : DocumentFields.room(service).search(collections, request)) {
            passages.add(DocumentJson.hit(hit));
        }
        exchange.json(answer);
    }
}
