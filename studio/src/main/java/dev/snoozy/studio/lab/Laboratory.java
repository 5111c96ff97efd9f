package dev.snoozy.studio.lab;

import dev.snoozy.engine.ChatMessage;
import dev.snoozy.engine.ModelException;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.store.Runs;
import dev.snoozy.studio.store.StoreException;
import dev.snoozy.studio.write.AdapterFields;
import dev.snoozy.studio.write.Ask;
import dev.snoozy.studio.write.Author;
import dev.snoozy.studio.write.Digests;
import dev.snoozy.studio.write.Stop;
import dev.snoozy.studio.write.Written;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Makes runs: prompts against columns of models and settings, all with the same seed, several at a
 * time. An answer depends on model, prompt, settings and seed only, so that a run can be repeated
 * exactly whatever runs beside it. Thread-safe.
 */
public final class Laboratory implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Laboratory.class.getName());
    private static final int AT_ONCE = 8;
    private static final long CLOSE_MILLIS = 5000;

    private final Author author;
    private final Digests digests;
    private final ModelFiles files;
    private final Runs runs;
    private final Map<String, LiveRun> live = new ConcurrentHashMap<>();

    /** A laboratory. What an earlier process left in progress is interrupted. */
    public Laboratory(Author author, Digests digests, ModelFiles files, Runs runs) {
        this.author = author;
        this.digests = digests;
        this.files = files;
        this.runs = runs;
        runs.interruptAll();
    }

    /** Begins a run. */
    Runs.Run begin(String kind, ObjectNode request, long seed, Runs.@Nullable Run repeated) {
        Runs.Run run = Runs.Run.begin(kind, request, seed, repeated == null ? null : repeated.id());
        List<Runs.Cell> cells = cells(run);
        List<Runs.Cell> before = repeated == null ? List.of() : runs.cells(repeated.id());
        LiveRun going = new LiveRun(run);
        live.put(run.id(), going);
        try {
            runs.add(run, cells);
        } catch (RuntimeException e) {
            live.remove(run.id());
            throw e;
        }
        Thread.ofVirtual().name("snoozy-run").start(() -> go(going, cells, before));
        return run;
    }

    private static List<Runs.Cell> cells(Runs.Run run) {
        List<Runs.Cell> cells = new ArrayList<>();
        int columns = run.request().path("columns").size();
        for (int round = 0; round < run.request().path("rounds").asInt(1); round++) {
            for (int prompt = 0; prompt < run.request().path("prompts").size(); prompt++) {
                for (int column = 0; column < columns; column++) {
                    cells.add(Runs.Cell.queued(run.id(), cells.size(), column, prompt, round));
                }
            }
        }
        return cells;
    }

    private void go(LiveRun going, List<Runs.Cell> cells, List<Runs.Cell> before) {
        Semaphore places = new Semaphore(AT_ONCE);
        try {
            for (Runs.Cell cell : cells) {
                places.acquire();
                Runs.Cell old = cell.number() < before.size() ? before.get(cell.number()) : null;
                Thread.ofVirtual()
                        .name("snoozy-cell")
                        .start(() -> {
                            try {
                                write(going, cell, old);
                            } finally {
                                places.release();
                            }
                        });
            }
            places.acquire(AT_ONCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String state = going.wanted().isEmpty() ? "done" : going.wanted();
        try {
            runs.end(going.run().id(), state);
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "a run was not ended: {0}", e.getMessage());
        }
        live.remove(going.run().id());
        going.end();
    }

    private void write(LiveRun going, Runs.Cell cell, Runs.@Nullable Cell old) {
        ObjectNode result = Json.object();
        Stop stop = going.begin(cell);
        String state = "done";
        try {
            if (stop.isStopped()) {
                state = going.wanted();
            } else {
                Collecting collecting = new Collecting(going, cell);
                Ask ask = ask(going.run(), cell);
                try {
                    Written written = author.write(ask, stop, collecting);
                    result = collecting.result();
                    complete(result, written);
                } catch (HttpProblem | ModelException e) {
                    result = collecting.result();
                    result.put("finish", "error").put("error", String.valueOf(e.getMessage()));
                }
                state = going.wanted().equals("interrupted") ? "interrupted" : "done";
                result.put("seed", ask.seed());
                compare(result, old);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a cell failed", e);
            result.put("finish", "error").put("error", "it failed inside; the log says why");
        }
        Runs.Cell whole = cell.with(result, state);
        try {
            runs.put(whole);
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "a cell was not kept: {0}", e.getMessage());
        }
        going.end(cell, whole.json());
    }

    private static Ask ask(Runs.Run run, Runs.Cell cell) {
        ObjectNode request = run.request();
        JsonNode column = request.path("columns").path(cell.column());
        List<ChatMessage> messages = new ArrayList<>();
        String system = request.path("system").asString("");
        boolean plain = request.path("plain").asBoolean(false);
        if (!system.isBlank() && !plain) {
            messages.add(ChatMessage.system(system));
        }
        messages.add(ChatMessage.user(request.path("prompts").path(cell.prompt()).asString("")));
        ObjectNode options =
                column.path("options") instanceof ObjectNode given ? given : Json.object();
        Ask ask =
                Ask.of(
                        column.path("model").asString(""),
                        messages,
                        plain,
                        options,
                        run.seed() + cell.round(),
                        request.path("tokens").asBoolean(false));
        ask = ask.withAdapters(AdapterFields.of(column.path("adapters")));
        return request.path("begun") instanceof ArrayNode begun ? ask.beginningWith(begun) : ask;
    }

    private void complete(ObjectNode result, Written written) {
        result.put("finish", written.finish());
        result.put("model", written.model());
        result.put("digest", files.find(written.model()).map(digests::of).orElse(""));
        if (!written.adapters().isEmpty()) {
            result.set("adapters", written.adapters());
        }
        result.set("stats", written.stats());
    }

    /** Whether a repetition gave the same, and if not, whether model or adapters were others. */
    private static void compare(ObjectNode result, Runs.@Nullable Cell old) {
        if (old == null) {
            return;
        }
        result.put("same", result.path("ids").equals(old.result().path("ids")));
        String before = old.result().path("digest").asString("");
        boolean sameAdapters = old.result().path("adapters").equals(result.path("adapters"));
        result.put(
                "sameModel",
                (before.isEmpty() || before.equals(result.path("digest").asString("")))
                        && sameAdapters);
    }

    /** Collects what comes of a cell and tells of it. */
    private static final class Collecting implements Author.Listener {
        private final LiveRun going;
        private final Runs.Cell cell;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thought = new StringBuilder();
        private final ArrayNode allIds = Json.array();
        private @Nullable ArrayNode allTokens;

        Collecting(LiveRun going, Runs.Cell cell) {
            this.going = going;
            this.cell = cell;
        }

        @Override
        public void piece(
                String content, String reasoning, ArrayNode ids, @Nullable ArrayNode tokens) {
            text.append(content);
            thought.append(reasoning);
            allIds.addAll(ids);
            ObjectNode delta = Json.object();
            if (!content.isEmpty()) {
                delta.put("content", content);
            }
            if (!reasoning.isEmpty()) {
                delta.put("reasoning", reasoning);
            }
            if (!delta.isEmpty()) {
                ObjectNode event = Json.object().put("cell", cell.id());
                event.put("column", cell.column()).put("prompt", cell.prompt());
                event.put("round", cell.round());
                event.set("delta", delta);
                going.tell(cell, "cell", event);
            }
            if (tokens != null) {
                allTokens = allTokens == null ? Json.array() : allTokens;
                allTokens.addAll(tokens);
                for (JsonNode token : tokens) {
                    ObjectNode event = Json.object().put("cell", cell.id());
                    event.set("token", token);
                    going.tell(cell, "token", event);
                }
            }
        }

        ObjectNode result() {
            ObjectNode result = Json.object();
            result.put("text", text.toString());
            result.put("reasoning", thought.toString());
            result.set("ids", allIds);
            if (allTokens != null) {
                result.set("tokens", allTokens);
            }
            return result;
        }
    }

    /** A run, if it is in progress. */
    Optional<LiveRun> find(String run) {
        return Optional.ofNullable(live.get(run));
    }

    /** Ends a run soon and waits for that. */
    void stop(String run) {
        find(run)
                .ifPresent(going -> {
                    going.stop("cancelled");
                    await(going);
                });
    }

    private static void await(LiveRun going) {
        try {
            going.awaitEnd(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        List<LiveRun> all = List.copyOf(live.values());
        all.forEach(going -> going.stop("interrupted"));
        all.forEach(Laboratory::await);
    }
}
