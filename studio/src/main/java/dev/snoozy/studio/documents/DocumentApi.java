package dev.snoozy.studio.documents;

import dev.snoozy.documents.index.Chunk;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentsException;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.documents.index.SearchRequest;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.DocumentJson;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.jobs.JobRecord;
import dev.snoozy.server.jobs.JobRecord.State;
import dev.snoozy.server.jobs.Jobs;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the page asks about documents: collections, their files, search, the stored text of a file.
 * Reading is a job. Thread-safe.
 */
public final class DocumentApi {
    /** The kind of jobs that bring a collection up to date. */
    private static final String JOB = "documents";

    private static final int MOST_COLLECTIONS = 16;
    private static final int MOST_FILES = 500;
    private static final int USUAL_HITS = 20;

    private final Service service;
    private final Jobs jobs;

    public DocumentApi(Service service, Jobs jobs) {
        this.service = service;
        this.jobs = jobs;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/documents", this::list);
        routes.on("POST", "/documents", this::add);
        routes.on("POST", "/documents/search", this::search);
        routes.on("POST", "/documents/open", this::open);
        routes.on("GET", "/documents/{collection}", call -> call.json(whole(call)));
        routes.on("PATCH", "/documents/{collection}", this::choose);
        routes.on("DELETE", "/documents/{collection}", this::forget);
        routes.on("GET", "/documents/{collection}/files", this::files);
        routes.on("POST", "/documents/{collection}/remove", this::remove);
        routes.on("POST", "/documents/{collection}/update", this::update);
    }

    private DocumentRoom room() {
        return DocumentFields.room(service);
    }

    /** The collection that a path names, which is there. */
    private String name(Call call) {
        String name = call.part("collection");
        room().require(name);
        return name;
    }

    private void list(Call call) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("collections");
        if (service.documents().isPresent()) {
            DocumentRoom room = room();
            for (String name : room.library().names()) {
                list.add(DocumentJson.collection(room, name, false));
            }
        }
        call.json(node);
    }

    private ObjectNode whole(Call call) {
        return DocumentJson.collection(room(), name(call), false);
    }

    private void add(Call call) {
        Fields fields = call.fields();
        String name = fields.requiredString("name").strip();
        Path place = path(fields);
        if (!Files.exists(place)) {
            throw fields.invalid("path", "expected a file or folder, found none: " + place);
        }
        String embedder = fields.string("embedder").orElse("");
        requireModel(fields, embedder);
        change(
                fields,
                () -> {
                    try (DocumentCollection collection = room().library().openOrCreate(name)) {
                        collection.add(List.of(place));
                        if (fields.has("embedder")) {
                            collection.setEmbedder(embedder);
                        }
                    }
                });
        call.created(begun(name));
    }

    private void choose(Call call) {
        String name = name(call);
        Fields fields = call.fields();
        String embedder = fields.requiredString("embedder");
        requireModel(fields, embedder);
        change(
                fields,
                () -> {
                    try (DocumentCollection collection = room().library().open(name)) {
                        collection.setEmbedder(embedder);
                    }
                });
        call.json(begun(name));
    }

    private void remove(Call call) {
        String name = name(call);
        Fields fields = call.fields();
        Path place = path(fields);
        change(
                fields,
                () -> {
                    try (DocumentCollection collection = room().library().open(name)) {
                        collection.remove(List.of(place));
                    }
                });
        call.json(begun(name));
    }

    private void update(Call call) {
        call.json(begun(name(call)));
    }

    private void forget(Call call) {
        String name = name(call);
        change(call.fields(), () -> room().library().remove(name));
        call.done();
    }

    /** What is done with a collection. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private static void change(Fields fields, Change change) {
        try {
            change.make();
        } catch (DocumentsException e) {
            String message = String.valueOf(e.getMessage());
            boolean byName = message.startsWith("a collection's name");
            throw byName
                    ? fields.invalid("name", message)
                    : new HttpProblem(Kind.INVALID_REQUEST, message);
        } catch (IOException e) {
            throw new HttpProblem(
                    Kind.FAILED, "the collection cannot be changed: " + e.getMessage());
        }
    }

    private static Path path(Fields fields) {
        String text = fields.requiredString("path").strip();
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw fields.invalid("path", "expected the whole path of a file or folder, found " + text);
    }

    private void requireModel(Fields fields, String model) {
        if (!model.isEmpty() && service.pool().files().find(model).isEmpty()) {
            throw fields.invalid("embedder", "expected a known model, found " + model);
        }
    }

    /**
     * The collection with the job that brings it up to date. One that waits will see what was just
     * changed; one that runs may have looked already.
     */
    private ObjectNode begun(String name) {
        ObjectNode node = DocumentJson.collection(room(), name, false);
        for (JobRecord job : jobs.all()) {
            boolean same = job.request().path("collection").asString("").equals(name);
            if (same && job.kind().equals(JOB) && job.state() == State.QUEUED) {
                return node.put("job", job.id());
            }
        }
        ObjectNode request = Json.object().put("collection", name);
        return node.put("job", jobs.submit(JOB, request).id());
    }

    private void files(Call call) {
        String name = name(call);
        String status = call.query("status");
        int from = call.query("from", 0, Integer.MAX_VALUE, 0);
        int limit = call.query("limit", 1, MOST_FILES, MOST_FILES);
        ObjectNode node = Json.object();
        change(
                call.fields(),
                () -> {
                    try (DocumentCollection collection = room().library().open(name)) {
                        List<FileState> files =
                                collection.files().stream()
                                        .filter(file ->
                                                status.isEmpty()
                                                        || DocumentFields.word(file.status())
                                                                .equals(status))
                                        .toList();
                        node.put("total", files.size());
                        ArrayNode list = node.putArray("files");
                        files.stream()
                                .skip(from)
                                .limit(limit)
                                .forEach(file -> list.add(DocumentJson.file(file)));
                    }
                });
        call.json(node);
    }

    private void search(Call call) {
        Fields fields = call.fields();
        List<String> names = DocumentFields.collections(fields, "collections");
        SearchRequest request =
                DocumentFields.search(fields, fields.requiredString("query"), USUAL_HITS);
        ObjectNode node = Json.object();
        ArrayNode passages = node.putArray("passages");
        for (Hit hit : room().search(names, request)) {
            passages.add(DocumentJson.hit(hit));
        }
        call.json(node);
    }

    /**
     * The stored text of a file, around a passage: never the file itself, so that nothing can be
     * read that was not indexed.
     */
    private void open(Call call) {
        Fields fields = call.fields();
        Path file = path(fields);
        List<String> names = fields.strings("collections", MOST_COLLECTIONS);
        for (String name : names.isEmpty() ? room().library().names() : names) {
            room().require(name);
            try (DocumentCollection collection = room().library().open(name)) {
                List<Chunk> chunks = collection.passages(file);
                if (!chunks.isEmpty()) {
                    call.json(StoredText.around(chunks, fields).put("collection", name));
                    return;
                }
            } catch (IOException e) {
                throw new HttpProblem(
                        Kind.FAILED, "the collection cannot be read: " + e.getMessage());
            }
        }
        throw Call.missing("text of this file");
    }
}
