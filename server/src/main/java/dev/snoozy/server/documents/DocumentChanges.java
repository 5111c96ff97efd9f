package dev.snoozy.server.documents;

import dev.snoozy.documents.index.DocumentCollection;
import dev.snoozy.documents.index.DocumentsException;
import dev.snoozy.server.generate.DocumentFields;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of collections by programs. A search shows what lies in a file, so whoever could have any
 * path indexed could read any file: programs may only name places below folders that the owner has
 * given, and only change collections that lie below those altogether. With no such folder, which is
 * how it begins, they change nothing. Thread-safe.
 */
final class DocumentChanges {
    private static final int MOST_PATHS = 64;

    private final Service service;
    private final DocumentUpdates updates;

    DocumentChanges(Service service, DocumentUpdates updates) {
        this.service = service;
        this.updates = updates;
    }

    /** The last update of a collection, into what is told of it. */
    void tell(String collection, ObjectNode node) {
        updates.last(collection).ifPresent(update -> node.set("update", update));
    }

    /** Adds files and folders to a collection, which is made if there is none, and reads them. */
    void add(Exchange exchange) {
        DocumentRoom room = DocumentFields.room(service);
        List<Path> roots = roots(room);
        Fields fields = exchange.fields();
        String name = fields.requiredString("name");
        List<Path> paths = paths(fields, roots);
        fields.string("embedder").ifPresent(model -> requireModel(fields, model));
        change(() -> {
            if (room.library().has(name)) {
                requireOwn(room, name, roots);
            }
            try (DocumentCollection collection = room.library().openOrCreate(name)) {
                collection.add(paths);
                if (fields.has("embedder")) {
                    collection.setEmbedder(fields.requiredString("embedder"));
                }
            }
        });
        answer(exchange, room, name);
    }

    /** {@code POST …/NAME/update}, {@code …/NAME/remove}. */
    void post(Exchange exchange, String name, String verb) {
        DocumentRoom room = DocumentFields.room(service);
        List<Path> roots = roots(room);
        requireOwn(room, name, roots);
        switch (verb) {
            case "update" -> {}
            case "remove" -> {
                List<Path> paths = named(exchange.fields());
                change(() -> {
                    try (DocumentCollection collection = room.library().open(name)) {
                        collection.remove(paths);
                    }
                });
            }
            default -> throw new HttpProblem(Kind.NOT_FOUND, "there is nothing at this path");
        }
        answer(exchange, room, name);
    }

    /** Forgets a collection; the files are not touched. */
    void delete(Exchange exchange, String name) {
        DocumentRoom room = DocumentFields.room(service);
        requireOwn(room, name, roots(room));
        change(() -> room.library().remove(name));
        exchange.json(Json.object().put("name", name).put("deleted", true));
    }

    private void answer(Exchange exchange, DocumentRoom room, String name) {
        ObjectNode node = Json.object().put("name", name);
        node.set("update", updates.begin(room, name));
        exchange.json(202, node);
    }

    /** What is done with a collection. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private static void change(Change change) {
        try {
            change.make();
        } catch (DocumentsException e) {
            throw new HttpProblem(Kind.INVALID_REQUEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new HttpProblem(
                    Kind.FAILED, "the collection cannot be changed: " + e.getMessage());
        }
    }

    /** The folders that the owner has given, as they are on the disk. */
    private static List<Path> roots(DocumentRoom room) {
        List<Path> roots = new ArrayList<>();
        for (Path root : room.roots()) {
            try {
                roots.add(root.toRealPath());
            } catch (IOException e) {
                // A disk that is not mounted: nothing lies below it now.
            }
        }
        if (roots.isEmpty()) {
            throw new HttpProblem(
                    Kind.FORBIDDEN,
                    "programs may not change documents here; cure: snoozy serve --documents-root"
                            + " FOLDER, or allow a folder on the page \"Documents\" of the studio");
        }
        return roots;
    }

    /** Refuses a collection of which some place is not below the given folders. */
    private static void requireOwn(DocumentRoom room, String name, List<Path> roots) {
        room.require(name);
        change(() -> {
            try (DocumentCollection collection = room.library().open(name)) {
                for (Path place : collection.settings().places()) {
                    if (!isBelow(place, roots)) {
                        throw new HttpProblem(
                                Kind.FORBIDDEN,
                                "the collection "
                                        + name
                                        + " is also over folders that programs may not change;"
                                        + " cure: another name");
                    }
                }
            }
        });
    }

    /** A place that is gone counts by its name: so a program can take it out. */
    private static boolean isBelow(Path place, List<Path> roots) {
        Path real;
        try {
            real = place.toRealPath();
        } catch (IOException e) {
            real = place.toAbsolutePath().normalize();
        }
        return isInside(real, roots);
    }

    /** Hidden folders, where programs keep keys, are not meant by a folder that is allowed. */
    private static boolean isInside(Path real, List<Path> roots) {
        return roots.stream().anyMatch(root -> real.startsWith(root) && !isHidden(root, real));
    }

    private static boolean isHidden(Path root, Path real) {
        for (Path part : root.relativize(real)) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> named(Fields fields) {
        List<Path> paths = new ArrayList<>();
        for (String text : fields.strings("paths", MOST_PATHS)) {
            try {
                paths.add(Path.of(text));
            } catch (InvalidPathException e) {
                throw fields.invalid("paths", "expected paths, found one that is none");
            }
            if (!paths.getLast().isAbsolute()) {
                throw fields.invalid("paths", "expected whole paths, found " + text);
            }
        }
        if (paths.isEmpty()) {
            throw fields.missing("paths");
        }
        return paths;
    }

    /** Places to be added, with all links in them followed; whether others exist is not told. */
    private static List<Path> paths(Fields fields, List<Path> roots) {
        List<Path> real = new ArrayList<>();
        for (Path path : named(fields)) {
            try {
                Path found = path.toRealPath();
                if (isInside(found, roots)) {
                    real.add(found);
                    continue;
                }
            } catch (IOException e) {
                // as good as outside
            }
            throw new HttpProblem(
                    Kind.FORBIDDEN,
                    "paths: expected files and folders below "
                            + roots
                            + " that are not hidden, found "
                            + path);
        }
        return real;
    }

    private void requireModel(Fields fields, String model) {
        if (!model.isEmpty() && service.pool().files().find(model).isEmpty()) {
            throw fields.invalid("embedder", "expected a known model, found " + model);
        }
    }

    /** Whether a program could change documents at all, for those who ask before. */
    ArrayNode told(DocumentRoom room) {
        ArrayNode list = Json.array();
        room.roots().forEach(root -> list.add(root.toString()));
        return list;
    }
}
