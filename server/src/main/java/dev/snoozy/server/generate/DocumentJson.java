package dev.snoozy.server.generate;

import dev.snoozy.documents.index.Chunk;
import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.FileState.Status;
import dev.snoozy.documents.index.Hit;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;

/** Documents as JSON: collections, their files, passages. */
public final class DocumentJson {
    private DocumentJson() {}

    /**
     * A collection: its places, its embedder, and how many files became what.
     *
     * @param withFiles whether each file is told too
     * @throws HttpProblem if it cannot be read
     */
    public static ObjectNode collection(DocumentRoom room, String name, boolean withFiles) {
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

    /** A file and what became of it. */
    public static ObjectNode file(FileState file) {
        return Json.object()
                .put("path", file.path().toString())
                .put("status", DocumentFields.word(file.status()))
                .put("message", file.message())
                .put("type", file.type())
                .put("title", file.title())
                .put("bytes", file.bytes())
                .put("passages", file.chunks());
    }

    /** A passage that was found, with the words of the question in it. */
    public static ObjectNode hit(Hit hit) {
        ObjectNode node = Json.object();
        node.put("file", hit.file().toString());
        node.put("title", hit.title());
        chunk(node, hit.chunk());
        node.put("score", hit.score());
        ArrayNode highlights = node.putArray("highlights");
        hit.highlights()
                .forEach(span ->
                        highlights.addObject().put("start", span.start()).put("end", span.end()));
        return node;
    }

    /** A passage, into an object. */
    public static void chunk(ObjectNode node, Chunk chunk) {
        ArrayNode headings = node.putArray("headings");
        chunk.headings().forEach(headings::add);
        node.put("page", chunk.page());
        node.put("line", chunk.line());
        node.put("last_line", chunk.lastLine());
        node.put("text", chunk.text());
    }
}
