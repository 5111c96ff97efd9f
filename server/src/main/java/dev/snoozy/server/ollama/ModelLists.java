package dev.snoozy.server.ollama;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.Sha256;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models there are, those in memory, and what one is. Thread-safe. */
final class ModelLists {
    private static final long FOR_EVER_SECONDS = 100L * 365 * 24 * 3600;

    private final Service service;
    private final Map<ModelFiles.Entry, ModelDetails> known = new ConcurrentHashMap<>();

    ModelLists(Service service) {
        this.service = service;
    }

    /** {@code GET /api/tags}. */
    void tags(Exchange exchange) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("models");
        for (ModelFiles.Entry entry : service.pool().files().all()) {
            list.add(model(entry).put("modified_at", time(entry)));
        }
        exchange.json(node);
    }

    /** {@code GET /api/ps}. */
    void running(Exchange exchange) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("models");
        for (ModelPool.Status status : service.pool().loaded()) {
            ObjectNode model = model(status.entry());
            model.put("size", status.bytes());
            model.put("expires_at", expires(status.expires()).toString());
            model.put("size_vram", 0);
            model.put("context_length", status.model().contextLength());
            list.add(model);
        }
        exchange.json(node);
    }

    private static Instant expires(long millis) {
        return millis < 0
                ? Instant.now().plusSeconds(FOR_EVER_SECONDS)
                : Instant.ofEpochMilli(millis);
    }

    private static String time(ModelFiles.Entry entry) {
        return Instant.ofEpochSecond(entry.modified()).toString();
    }

    private ObjectNode model(ModelFiles.Entry entry) {
        ObjectNode model = Json.object();
        model.put("name", Names.tagged(entry.name()));
        model.put("model", Names.tagged(entry.name()));
        model.put("size", entry.bytes());
        model.put("digest", digest(entry));
        model.set("details", details(entry).node());
        return model;
    }

    /**
     * What tells a file from others. Clients cut it to twelve digits and show those; it is made of
     * name, size and time, since nobody hashes gigabytes for a list.
     */
    private static String digest(ModelFiles.Entry entry) {
        String text = entry.name() + "\n" + entry.bytes() + "\n" + entry.modified();
        return Sha256.of(text);
    }

    /** Read from the file once; an entry that has changed is another key. */
    private ModelDetails details(ModelFiles.Entry entry) {
        ModelDetails details = known.get(entry);
        if (details != null) {
            return details;
        }
        try {
            details = ModelDetails.of(entry.file());
            known.put(entry, details);
            return details;
        } catch (IOException | FormatException e) {
            return service.pool().loaded().stream()
                    .filter(status -> status.entry().equals(entry))
                    .findFirst()
                    .map(status -> ModelDetails.of(status.model().metadata()))
                    .orElse(ModelDetails.NONE);
        }
    }

    /** {@code POST /api/show}. */
    void show(Exchange exchange) {
        Fields fields = exchange.fields();
        String field = fields.has("name") && !fields.has("model") ? "name" : "model";
        ModelFiles.Entry entry = Names.entry(fields, field, service.pool().files());
        boolean verbose = fields.bool("verbose", false);
        Metadata metadata = metadata(entry);
        ObjectNode node = Json.object();
        node.put("parameters", ModelInfo.parameters(service.generation()));
        node.put("template", ModelInfo.text(metadata, ModelInfo.TEMPLATE));
        node.set("details", details(entry).node());
        node.set("model_info", ModelInfo.of(metadata, verbose));
        ArrayNode capabilities = node.putArray("capabilities");
        ModelInfo.capabilities(metadata).forEach(capabilities::add);
        node.put("license", ModelInfo.text(metadata, "general.license"));
        node.put("modified_at", time(entry));
        exchange.json(node);
    }

    /**
     * Clients ask this of every model in a list, so that none is loaded for it if it can be read.
     */
    private Metadata metadata(ModelFiles.Entry entry) {
        for (ModelPool.Status status : service.pool().loaded()) {
            if (status.entry().equals(entry)) {
                return status.model().metadata();
            }
        }
        try (GgufFile file = GgufFile.open(entry.file())) {
            return file.metadata();
        } catch (IOException | FormatException e) {
            try (ModelPool.Lease lease = service.pool().use(entry.name())) {
                return lease.model().metadata();
            }
        }
    }
}
