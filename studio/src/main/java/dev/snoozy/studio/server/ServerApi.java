package dev.snoozy.studio.server;

import dev.snoozy.engine.WorkTotals;
import dev.snoozy.server.generate.Service;
import dev.snoozy.server.http.Door;
import dev.snoozy.server.http.Fields;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.http.RequestEntry;
import dev.snoozy.server.models.ModelPool;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;
import dev.snoozy.studio.store.Keys;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Locale;

/** What the page asks about this server: who may ask it, and what it is at. */
public final class ServerApi {
    private static final int LONGEST_NAME = 80;
    private static final int MOST_KEYS = 100;
    private static final int MOST_SHOWN = 50;

    private final Service service;
    private final StudioDoor door;

    public ServerApi(Service service, StudioDoor door) {
        this.service = service;
        this.door = door;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/server", this::server);
        routes.on("PATCH", "/server", this::choose);
        routes.on("POST", "/server/keys", this::addKey);
        routes.on(
                "DELETE",
                "/server/keys/{key}",
                call -> call.done(door.remove(call.part("key")), "key"));
        routes.on("DELETE", "/server/requests/{request}", this::cancel);
    }

    private void server(Call call) {
        ObjectNode node = Json.object();
        node.put("address", "http://" + call.host());
        // Keys that were given at the start are demanded whatever is chosen here.
        Door.Access access = service.demandsKeys() ? Door.Access.KEY : door.access();
        node.put("access", StudioDoor.name(access));
        node.put("given", service.demandsKeys());
        ArrayNode keys = node.putArray("keys");
        door.keys().forEach(key -> keys.add(json(key)));
        addModels(node);
        ArrayNode log = node.putArray("log");
        service.log().all().stream().limit(MOST_SHOWN).forEach(entry -> log.add(json(entry)));
        call.json(node);
    }

    private static ObjectNode json(Keys.Key key) {
        ObjectNode node = Json.object().put("id", key.id()).put("name", key.name());
        node.put("created", Instant.ofEpochMilli(key.created()).toString());
        if (key.lastUsed() > 0) {
            node.put("lastUsed", Instant.ofEpochMilli(key.lastUsed()).toString());
        }
        return node;
    }

    private static ObjectNode json(RequestEntry entry) {
        return Json.object()
                .put("id", String.valueOf(entry.id()))
                .put("begun", entry.begun().toString())
                .put("path", entry.path())
                .put("model", entry.model())
                .put("state", entry.state().name().toLowerCase(Locale.ROOT))
                .put("status", entry.status())
                .put("promptTokens", entry.promptTokens())
                .put("generatedTokens", entry.generatedTokens())
                .put("tokensPerSecond", entry.tokensPerSecond())
                .put("millis", entry.millis());
    }

    private void addModels(ObjectNode node) {
        WorkTotals totals = service.pool().totalsOfGone();
        ArrayNode requests = node.putArray("requests");
        long waiting = service.pool().waiting();
        for (ModelPool.Status status : service.pool().loaded()) {
            totals = totals.plus(status.model().statistics().totals());
            waiting += status.model().statistics().waiting();
            requests.addObject()
                    .put("model", status.entry().name())
                    .put("active", status.active())
                    .put("texts", status.model().statistics().active())
                    .put("cacheBytes", status.model().statistics().cacheBytes());
        }
        node.put("waiting", waiting);
        node.putObject("throughput")
                .put("promptTokens", totals.promptTokens())
                .put("promptMs", totals.promptNanos() / 1e6)
                .put("generatedTokens", totals.generatedTokens())
                .put("generationMs", totals.generationNanos() / 1e6);
    }

    private void choose(Call call) {
        String wanted = call.fields().string("access").orElse("");
        for (Door.Access access : Door.Access.values()) {
            if (StudioDoor.name(access).equals(wanted)) {
                if (service.demandsKeys()) {
                    throw HttpProblem.invalid(
                            "access", "keys were given at the start, and are demanded");
                }
                door.choose(access);
                server(call);
                return;
            }
        }
        throw HttpProblem.invalid("access", "expected page, machine or key, found " + wanted);
    }

    private void addKey(Call call) {
        Fields fields = call.fields();
        String name = fields.string("name").orElse("").strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw HttpProblem.invalid(
                    "name",
                    "expected 1 to " + LONGEST_NAME + " characters, found " + name.length());
        }
        if (door.keys().size() >= MOST_KEYS) {
            throw HttpProblem.invalid(
                    "name",
                    "expected at most " + MOST_KEYS + " keys; cure: take back those not used");
        }
        StudioDoor.NewKey made = door.add(name);
        call.created(
                Json.object().put("id", made.id()).put("name", name).put("key", made.secret()));
    }

    private void cancel(Call call) {
        long id;
        try {
            id = Long.parseLong(call.part("request"));
        } catch (NumberFormatException e) {
            throw Call.missing("request");
        }
        call.done(service.log().cancel(id), "request");
    }
}
