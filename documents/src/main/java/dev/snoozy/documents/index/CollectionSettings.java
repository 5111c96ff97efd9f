package dev.snoozy.documents.index;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user has chosen for a collection. Immutable.
 *
 * @param name of the collection
 * @param places files and folders that it is over, absolute
 * @param embedder name of the model that makes its vectors, or empty for words alone
 * @param vectors what the embedder of the last update called itself, or empty
 */
public record CollectionSettings(String name, List<Path> places, String embedder, String vectors) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public CollectionSettings {
        places = List.copyOf(places);
    }

    CollectionSettings withPlaces(List<Path> wanted) {
        return new CollectionSettings(name, wanted, embedder, vectors);
    }

    CollectionSettings withEmbedder(String wanted) {
        return new CollectionSettings(name, places, wanted, vectors);
    }

    CollectionSettings withVectors(String wanted) {
        return new CollectionSettings(name, places, embedder, wanted);
    }

    static CollectionSettings read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            List<Path> places = new ArrayList<>();
            json.path("places").forEach(place -> places.add(Path.of(place.asString())));
            return new CollectionSettings(
                    json.path("name").asString(""),
                    places,
                    json.path("embedder").asString(""),
                    json.path("vectors").asString(""));
        } catch (JacksonException e) {
            throw new DocumentsException(
                    file + " is no sound collection: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes the settings; whatever happens, either the old or the new ones are there. */
    void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", name);
        var array = json.putArray("places");
        places.forEach(place -> array.add(place.toString()));
        json.put("embedder", embedder);
        json.put("vectors", vectors);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, json.toPrettyString().getBytes(StandardCharsets.UTF_8));
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
