package dev.snoozy.studio.web;

import dev.snoozy.server.http.EventStream;
import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The laboratory of the stub. */
final class StubLab extends StubPart {
    private static final int WORDS = 12;

    private final StubState state;
    private final Map<String, ObjectNode> runs = new LinkedHashMap<>();
    private final Map<String, ObjectNode> sets = new LinkedHashMap<>();
    private final List<JsonNode> votes = new ArrayList<>();

    StubLab(StubState state) {
        this.state = state;
        on("GET", "lab/runs", (x, m) -> list(x));
        on("POST", "lab/runs", (x, m) -> x.json(begin(x.fields().node())));
        on("GET", "lab/runs/ID", (x, m) -> x.json(run(m.group(1))));
        on(
                "DELETE",
                "lab/runs/ID",
                (x, m) -> {
                    runs.remove(m.group(1));
                    x.json(Json.object());
                });
        on("POST", "lab/runs/ID/repeat", (x, m) -> x.json(again(run(m.group(1)))));
        on(
                "POST",
                "lab/runs/ID/stop",
                (x, m) -> {
                    state.writings.get(m.group(1)).stop();
                    x.json(Json.object());
                });
        on(
                "GET",
                "lab/runs/ID/events",
                (x, m) -> {
                    EventStream stream = x.events();
                    state.writings.get(m.group(1)).tell(stream);
                });
        on("GET", "lab/runs/ID/export", (x, m) -> x.text(200, "text/csv", "prompt,text\na,b\n"));
        on("GET", "lab/adapters", (x, m) -> x.json(adapters()));
        on("GET", "lab/prompts", (x, m) -> x.json(StubState.list("sets", sets.values())));
        on(
                "POST",
                "lab/prompts",
                (x, m) -> {
                    ObjectNode set = x.fields().node().put("id", state.id("set"));
                    if (set.has("text")) {
                        ArrayNode prompts = set.putArray("prompts");
                        set.path("text").asString().lines().skip(1).forEach(prompts::add);
                    }
                    sets.put(set.path("id").asString(), set);
                    x.json(set);
                });
        on(
                "DELETE",
                "lab/prompts/ID",
                (x, m) -> {
                    sets.remove(m.group(1));
                    x.json(Json.object());
                });
        on(
                "POST",
                "lab/votes",
                (x, m) -> {
                    votes.add(x.fields().node());
                    x.json(Json.object());
                });
        on("GET", "lab/ratings", (x, m) -> x.json(ratings()));
    }

    private static ObjectNode adapters() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("adapters");
        for (String name : List.of("pirate", "runs/poems")) {
            list.addObject().put("name", name).put("rank", 8).put("bytes", 1000).putNull("why");
        }
        list.addObject().put("name", "large").put("rank", 8).put("why", "it is for another model");
        return answer;
    }

    /** A token with a probability that depends on its place only. */
    static ObjectNode token(int index, String text) {
        double probability = 0.15 + 0.8 * Math.abs(Math.sin(index * 1.3));
        ObjectNode token = Json.object().put("id", index).put("text", text);
        token.put("logprob", Math.log(probability)).put("entropy", 2.5 * (1 - probability));
        ArrayNode top = token.putArray("top");
        alternative(top, index, text, probability);
        alternative(top, 1000 + index, " other", (1 - probability) / 2);
        alternative(top, 2000 + index, " third", (1 - probability) / 4);
        return token;
    }

    private static void alternative(ArrayNode top, int id, String text, double probability) {
        top.addObject().put("id", id).put("text", text).put("logprob", Math.log(probability));
    }

    private synchronized void list(Exchange exchange) {
        List<ObjectNode> all = new ArrayList<>();
        runs.values().forEach(run -> all.add(0, run.deepCopy().without("cells")));
        exchange.json(StubState.list("runs", all));
    }

    private synchronized ObjectNode run(String id) {
        return StubState.need(runs, id).deepCopy();
    }

    private synchronized ObjectNode begin(ObjectNode spec) {
        ObjectNode run = spec.deepCopy().put("id", state.id("run"));
        run.put("state", "running").put("created", StubState.now());
        List<String> prompts = new ArrayList<>();
        spec.path("prompts").forEach(p -> prompts.add(p.asString()));
        if (prompts.isEmpty()) {
            prompts.add(spec.path("prompt").asString(""));
        }
        ArrayNode cells = run.putArray("cells");
        int rounds = spec.path("rounds").asInt(spec.path("repeat").asInt(1));
        run.put("rounds", rounds);
        int columns = spec.path("columns").size();
        for (int i = 0; i < rounds * prompts.size() * columns; i++) {
            int round = i / (prompts.size() * columns);
            ObjectNode cell = cells.addObject().put("id", "c" + (i + 1)).put("round", round);
            cell.put("column", i % columns).put("prompt", i / columns % prompts.size());
            cell.put("text", "").put("state", "queued").put("digest", "sha256:0123");
            cell.put("seed", spec.path("seed").asLong() + round);
        }
        String id = run.path("id").asString();
        runs.put(id, run);
        StubWriting writing = new StubWriting();
        state.writings.put(id, writing);
        boolean tokens = spec.path("kind").asString().equals("tokens");
        Thread.ofVirtual().start(() -> write(run, prompts, tokens, writing));
        return Json.object().put("id", id);
    }

    private ObjectNode again(ObjectNode run) {
        return begin(run.put("repeatOf", run.path("id").asString()));
    }

    private void write(ObjectNode run, List<String> prompts, boolean tokens, StubWriting writing) {
        boolean branch = run.has("from");
        for (JsonNode node : run.path("cells")) {
            ObjectNode cell = (ObjectNode) node;
            String prompt = prompts.get(cell.path("prompt").asInt());
            for (int i = 0; i < WORDS && !writing.isStopped(); i++) {
                String word = i == 0 && branch ? " other" : " " + (i == 1 ? prompt : "word" + i);
                ObjectNode event = Json.object();
                event.set("cell", cell.path("id"));
                synchronized (this) {
                    cell.put("text", cell.path("text").asString() + word).put("state", "running");
                    if (tokens) {
                        cell.withArray("tokens").add(token(i, word));
                    }
                }
                writing.add("cell", event.put("delta", word));
                writing.pace(false);
            }
            synchronized (this) {
                cell.put("state", "done");
                if (run.has("repeatOf")) {
                    cell.put("same", true);
                }
                cell.putObject("stats").put("tokens", WORDS).put("tokensPerSecond", 30.5);
            }
            writing.add("cellDone", cell);
        }
        synchronized (this) {
            run.put("state", "done");
        }
        writing.add("done", Json.object());
    }

    private synchronized ObjectNode ratings() {
        ObjectNode answer = Json.object();
        ArrayNode models = answer.putArray("models");
        if (!votes.isEmpty()) {
            models.addObject()
                    .put("name", "stub-model")
                    .put("rating", 1020)
                    .put("low", 900)
                    .put("high", 1140)
                    .put("games", votes.size());
        }
        return answer;
    }
}
