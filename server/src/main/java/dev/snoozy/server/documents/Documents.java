package dev.snoozy.server.documents;

import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.FileState.Status;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.server.generate.DocumentFields;
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

import java.io.IOException;
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
            data.add(collection(room, name, false));
        }
        answer.set("roots", changes.told(room));
        exchange.json(answer);
    }

    private void files(Exchange exchange) {
        DocumentRoom room = DocumentFields.room(service);
        String name = name(exchange);
        room.require(name);
        ObjectNode node = collection(room, name, true);
        changes.tell(name, node);
        exchange.json(node);
    }

    private static ObjectNode collection(DocumentRoom room, String name, boolean withFiles) {
        ObjectNode node = Json.object();
        node.put("name", name);
        try (DocumentCollection collection = room.library().open(name)) {
            ArrayNode places = node.putArray("places");
            collection.settings().places().forEach(place -> places.add(place.toString()));
            node.put("embedder", collection.settings().embedder());
            List<FileState> files = collection.files();
            for (Status status : Status.values()) {
                long count = files.stream().filter(f -> f.status() == status).count();
                node.put(DocumentFields.word(status), count);
            }
            node.put("passages", files.stream().mapToLong(FileState::chunks).sum());
            if (withFiles) {
                ArrayNode list = node.putArray("files");
                files.forEach(file -> list.add(file(file)));
            }
        } catch (IOException e) {
            throw new HttpProblem(Kind.FAILED, "the collection cannot be read: " + e.getMessage());
        }
        return node;
    }

    private static ObjectNode file(FileState file) {
        return Json.object()
                .put("path", file.path().toString())
                .put("status", DocumentFields.word(file.status()))
                .put("message", file.message())
                .put("type", file.type())
                .put("title", file.title())
                .put("bytes", file.bytes())
                .put("passages", file.chunks());
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
            ObjectNode node = passages.addObject();
            node.put("file", hit.file().toString());
            node.put("title", hit.title());
            ArrayNode headings = node.putArray("headings");
            hit.chunk().headings().forEach(headings::add);
            node.put("page", hit.chunk().page());
            node.put("line", hit.chunk().line());
            node.put("last_line", hit.chunk().lastLine());
            node.put("score", hit.score());
            node.put("text", hit.chunk().text());
            ArrayNode highlights = node.putArray("highlights");
            hit.highlights()
                    .forEach(span ->
                            highlights
                                    .addObject()
                                    .put("start", span.start())
                                    .put("end", span.end()));
        }
        exchange.json(answer);
    }
}
