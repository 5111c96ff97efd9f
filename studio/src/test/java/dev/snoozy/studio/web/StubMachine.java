package dev.snoozy.studio.web;

import dev.snoozy.server.http.Exchange;
import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The models, the jobs and the machine of the stub. */
final class StubMachine extends StubPart {
    private static final int STEPS = 400;

    private final StubState state;
    private final Map<String, ObjectNode> models = new LinkedHashMap<>();
    private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();

    private final Map<String, ObjectNode> serverKeys = new ConcurrentHashMap<>();
    private volatile String access = "machine";

    /** The request that the page has ended. */
    volatile String cancelled = "";

    /** The flag with the threads, if the studio was started with one. */
    volatile String threadsGiven = "";

    StubMachine(StubState state) {
        this.state = state;
        model("stub-model", 1_200_000_000L, true);
        model("other-model-with-a-long-name-q4_k_m", 4_700_000_000L, false);
        model("embedder-f16", 260_000_000L, false);
        models.get("embedder-f16").put("architecture", "nomic-bert");
        on("GET", "models", (x, m) -> x.json(StubState.list("models", models.values())));
        on("POST", "models/ID/load", (x, m) -> load(x, m.group(1), true));
        on("POST", "models/ID/unload", (x, m) -> load(x, m.group(1), false));
        on(
                "DELETE",
                "models/ID",
                (x, m) -> {
                    models.remove(m.group(1));
                    x.json(Json.object());
                });
        on("GET", "system", (x, m) -> x.json(system()));
        on("GET", "server", (x, m) -> x.json(server()));
        on(
                "PATCH",
                "server",
                (x, m) -> x.json(choose(x.fields().node().path("access").asString())));
        on("POST", "server/keys", (x, m) -> x.json(addKey(x.fields().node())));
        on(
                "DELETE",
                "server/keys/ID",
                (x, m) -> {
                    serverKeys.remove(m.group(1));
                    x.json(Json.object());
                });
        on(
                "DELETE",
                "server/requests/ID",
                (x, m) -> {
                    cancelled = m.group(1);
                    x.json(Json.object());
                });
        on("GET", "jobs", (x, m) -> listJobs(x));
        on("POST", "jobs", (x, m) -> x.json(begin(x.fields().node())));
        on("GET", "jobs/ID", (x, m) -> x.json(job(m.group(1))));
        on("GET", "jobs/ID/events", (x, m) -> state.writings.get(m.group(1)).tell(x.events()));
        on(
                "POST",
                "jobs/ID/cancel",
                (x, m) -> {
                    state.writings.get(m.group(1)).stop();
                    x.json(Json.object());
                });
        on(
                "POST",
                "jobs/ID/pause",
                (x, m) -> {
                    state.writings.get(m.group(1)).pause();
                    x.json(Json.object());
                });
        on("POST", "jobs/ID/resume", (x, m) -> x.json(resume(m.group(1))));
        on(
                "POST",
                "jobs/ID/retry",
                (x, m) -> {
                    begin(job(m.group(1)));
                    x.json(Json.object());
                });
        on(
                "DELETE",
                "jobs/ID",
                (x, m) -> {
                    jobs.remove(m.group(1));
                    x.json(Json.object());
                });
    }

    private void model(String name, long bytes, boolean loaded) {
        ObjectNode model = Json.object().put("name", name).put("file", name + ".gguf");
        model.put("bytes", bytes).put("quant", "Q4_K_M").put("parameters", 1_500_000_000L);
        model.put("architecture", "llama").put("contextLength", 4096).put("loaded", loaded);
        model.put("source", "folder");
        model.putObject("speed").put("pp", 210.5).put("tg", 31.2);
        model.putObject("fit")
                .put("fits", bytes < 4_000_000_000L)
                .put("need", bytes + 300_000_000L)
                .put("free", 4_000_000_000L);
        models.put(name, model);
    }

    private synchronized void load(Exchange exchange, String name, boolean loaded) {
        exchange.json(StubState.need(models, name).put("loaded", loaded));
    }

    private ObjectNode system() {
        ObjectNode node = Json.object().put("version", "0.1.0").put("threads", 8);
        node.put("threadsGiven", threadsGiven).put("memoryGiven", "");
        node.put("processors", 16).put("machine", "Linux amd64, Java 25");
        node.putArray("features").add("hub");
        node.put("dataFolder", "/home/someone/.local/share/snoozy");
        node.putObject("memory")
                .put("total", 16_000_000_000L)
                .put("free", 4_000_000_000L)
                .put("used", 1_500_000_000L)
                .put("budget", 8_000_000_000L);
        return node;
    }

    private static ObjectNode entry(String which) {
        return Json.object()
                .put("id", which)
                .put("path", "/v1/chat/completions")
                .put("model", "stub-model")
                .put("state", which)
                .put("status", which.equals("failed") ? 404 : 200)
                .put("promptTokens", which.equals("running") ? 0 : 1234)
                .put("generatedTokens", which.equals("running") ? 0 : 56)
                .put("tokensPerSecond", which.equals("done") ? 31.25 : 0)
                .put("millis", 4321.5);
    }

    private synchronized ObjectNode addKey(ObjectNode wanted) {
        String id = state.id("key");
        ObjectNode key = wanted.put("id", id).put("created", StubState.now());
        serverKeys.put(id, key);
        return key.deepCopy().put("key", "sk-shown-once");
    }

    private synchronized ObjectNode server() {
        ObjectNode node = Json.object().put("address", "http://127.0.0.1:4891");
        node.put("access", access).put("given", false);
        ArrayNode keys = node.putArray("keys");
        serverKeys.values().forEach(keys::add);
        ArrayNode log = node.putArray("log");
        List.of("running", "done", "failed", "cancelled").forEach(which -> log.add(entry(which)));
        node.putArray("requests").addObject().put("model", "stub-model").put("texts", 1);
        node.putObject("throughput")
                .put("promptTokens", 100)
                .put("promptMs", 50)
                .put("generatedTokens", 100)
                .put("generationMs", 500);
        return node.put("waiting", 0);
    }

    private synchronized ObjectNode choose(String wanted) {
        access = wanted;
        return server();
    }

    private synchronized void listJobs(Exchange exchange) {
        List<ObjectNode> all = new ArrayList<>();
        jobs.values().forEach(job -> all.add(0, job));
        ObjectNode node = StubState.list("jobs", all);
        ArrayNode kinds = node.putArray("kinds");
        List.of(
                        "bench",
                        "convert",
                        "cook",
                        "evaluate",
                        "import",
                        "perplexity",
                        "pull",
                        "quantize",
                        "tune")
                .forEach(kinds::add);
        exchange.json(node);
    }

    private synchronized ObjectNode job(String id) {
        return StubState.need(jobs, id).deepCopy();
    }

    /** The jobs of a kind, the oldest first. */
    synchronized List<ObjectNode> jobsOf(String kind) {
        return jobs.values().stream()
                .filter(job -> job.path("kind").asString("").equals(kind))
                .map(ObjectNode::deepCopy)
                .toList();
    }

    /** The job that trains a run, or null. */
    synchronized @Nullable ObjectNode tunes(String name) {
        return jobs.values().stream()
                .filter(job -> job.path("request").path("name").asString("").equals(name))
                .map(ObjectNode::deepCopy)
                .findFirst()
                .orElse(null);
    }

    private synchronized ObjectNode begin(ObjectNode spec) {
        String id = state.id("job");
        ObjectNode job = Json.object().put("id", id).put("created", StubState.now());
        job.set("kind", spec.path("kind"));
        String model = spec.path("model").asString(spec.path("reference").asString(""));
        job.put("title", "Job for " + model);
        job.put(
                "goesOn",
                List.of("cook", "evaluate", "pull", "tune").contains(spec.path("kind").asString()));
        job.set("request", spec.deepCopy());
        job.putObject("progress").put("done", 0).put("total", STEPS).put("unit", "steps");
        job.putArray("log");
        jobs.put(id, job);
        return start(job);
    }

    private synchronized ObjectNode resume(String id) {
        return start(StubState.need(jobs, id));
    }

    private ObjectNode start(ObjectNode job) {
        StubWriting writing = new StubWriting();
        state.writings.put(job.path("id").asString(), writing);
        job.put("state", "running");
        boolean slow =
                List.of("cook", "evaluate", "pull", "quantize", "tune")
                        .contains(job.path("kind").asString());
        int from = job.path("progress").path("done").asInt() + 1;
        ObjectNode begun = job.deepCopy(); // the work goes on while this is written out
        Thread.ofVirtual().start(() -> work(job, writing, from, slow));
        return begun;
    }

    /** A tensor that was quantized, of some number format. */
    private static ObjectNode row(int i) {
        long weights = i % 3 == 0 ? 2_000 : 4_000_000L + i * 20_000L;
        String type = List.of("F32", "Q4_K", "Q6_K").get(i % 3);
        double bits = List.of(32.0, 4.5, 6.5625).get(i % 3);
        return Json.object()
                .put("tensor", "blk." + i / 3 + ".tensor_" + i % 3 + ".weight")
                .put("from", i % 3 == 0 ? "F32" : "F16")
                .put("to", type)
                .put("weights", weights)
                .put("bytesBefore", weights * 2)
                .put("bytes", Math.round(weights * bits / 8))
                .put("error", List.of(0.0, 0.07, 0.02).get(i % 3) * (1 + i % 7 / 10.0));
    }

    private void work(ObjectNode job, StubWriting writing, int from, boolean slow) {
        for (int i = from; i <= STEPS && !writing.isStopped(); i += slow ? 1 : 50) {
            String line = "step " + i;
            ObjectNode event = Json.object().put("done", i).put("total", STEPS);
            boolean tells = job.path("kind").asString().equals("quantize");
            synchronized (this) {
                ((ObjectNode) job.path("progress")).put("done", i).put("eta", 12.5);
                ((ArrayNode) job.path("log")).add(line);
                if (tells) {
                    job.withArray("rows").add(row(i));
                }
            }
            event.put("eta", 12.5).putArray("lines").add(line);
            if (tells) {
                event.putArray("rows").add(row(i));
            }
            writing.add("progress", event);
            writing.pace(slow);
        }
        synchronized (this) {
            String stopped = writing.isPaused() ? "paused" : "cancelled";
            job.put("state", writing.isStopped() ? stopped : "done");
            job.putObject("result").put("pp512", 210.123).put("tg128", 31.25);
        }
        writing.add("done", Json.object());
    }
}
