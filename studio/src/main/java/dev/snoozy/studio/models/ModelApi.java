package dev.snoozy.studio.models;

import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Speeds;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What the page asks about the models on this machine. */
public final class ModelApi {
    private final ModelPool pool;
    private final ModelFiles files;
    private final ModelFacts facts;
    private final Speeds speeds;
    private final Path folder;

    /**
     * @param files the models, as they may be removed
     * @param folder of the user's own models
     */
    public ModelApi(
            ModelPool pool, ModelFiles files, MemoryCheck memory, Speeds speeds, Path folder) {
        this.pool = pool;
        this.files = files;
        this.facts = new ModelFacts(memory);
        this.speeds = speeds;
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/models", this::list);
        routes.on("POST", "/models/{name}/load", this::load);
        routes.on("POST", "/models/{name}/unload", this::unload);
        routes.on("DELETE", "/models/{name}", this::remove);
    }

    private void list(Call call) {
        Map<String, ModelPool.Status> loaded = new HashMap<>();
        pool.loaded().forEach(status -> loaded.put(status.entry().name(), status));
        ArrayNode list = Json.array();
        for (ModelFiles.Entry entry : pool.files().all()) {
            ObjectNode known = facts.of(entry);
            if (known.path("adapter").asBoolean(false)) {
                continue; // it is shown where it can be used, in the laboratory
            }
            ObjectNode node = list.addObject();
            node.put("name", entry.name());
            node.put("file", String.valueOf(entry.file().getFileName()));
            node.put("bytes", entry.bytes());
            node.put("source", isOurs(entry) ? "folder" : "installation");
            node.setAll(known);
            ModelPool.Status status = loaded.get(entry.name());
            node.put("loaded", status != null);
            if (status != null) {
                node.put("active", status.active());
                node.put("memory", status.bytes());
                node.put("cacheBytes", status.model().statistics().cacheBytes());
                node.put("context", status.model().contextLength());
                node.put("kind", status.model() instanceof LoadedEntry.Writer ? "text" : "vectors");
            }
            speeds.of(entry.name())
                    .ifPresent(speed ->
                            node.putObject("speed")
                                    .put("pp", speed.prompt()) // null if it is not known
                                    .put("tg", speed.generated()));
        }
        call.json(Json.object().set("models", list));
    }

    private boolean isOurs(ModelFiles.Entry entry) {
        return entry.file().toAbsolutePath().normalize().startsWith(folder);
    }

    private ModelFiles.Entry entry(Call call) {
        return pool.files()
                .find(call.part("name"))
                .orElseThrow(() ->
                        new HttpProblem(
                                Kind.MODEL_NOT_FOUND,
                                "model '" + call.part("name") + "' not found"));
    }

    private void load(Call call) {
        try (ModelPool.Lease lease = pool.use(entry(call).name())) {
            lease.keepAlive(Duration.ofSeconds(-1)); // until it is unloaded, as it was asked for
            call.json(
                    Json.object()
                            .put("name", lease.name())
                            .put("loaded", true)
                            .put("loadMs", lease.loadNanos() / 1e6)
                            .put("contextLength", lease.model().contextLength()));
        }
    }

    private void unload(Call call) {
        String name = entry(call).name();
        pool.unload(name);
        boolean gone =
                pool.loaded().stream().noneMatch(status -> status.entry().name().equals(name));
        call.json(Json.object().put("name", name).put("loaded", !gone));
    }

    private void remove(Call call) {
        ModelFiles.Entry entry = entry(call);
        pool.remove(entry, files.removal(entry));
        call.done();
    }
}
