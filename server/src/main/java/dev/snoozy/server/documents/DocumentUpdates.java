package dev.snoozy.server.documents;

import dev.snoozy.documents.index.FileState;
import dev.snoozy.documents.index.UpdateReport;
import dev.snoozy.server.generate.DocumentRoom;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Updates of collections that programs have asked for: one of a collection at a time, each on a
 * thread of its own, whoever waits for it. Closing it interrupts them; what was done is kept.
 * Thread-safe.
 */
public final class DocumentUpdates implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DocumentUpdates.class.getName());
    private static final long CLOSE_MILLIS = 5000;

    private final Map<String, Running> updates = new ConcurrentHashMap<>();

    /** An update, in progress or over. */
    private static final class Running {
        private final Thread thread;
        private int done; // all below guarded by this
        private int total;
        private int read;
        private String state = "running";
        private String error = "";
        private @Nullable UpdateReport report;

        Running(DocumentRoom room, String collection) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("snoozy-documents-update")
                            .unstarted(() -> run(room, collection));
        }

        private void run(DocumentRoom room, String collection) {
            try {
                UpdateReport whole = room.update(collection, this::file);
                end("done", "", whole);
            } catch (InterruptedException e) {
                end("interrupted", "", null);
            } catch (HttpProblem e) {
                end("failed", e.text(), null);
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(System.Logger.Level.WARNING, "an update failed", e);
                end("failed", String.valueOf(e.getMessage()), null);
            }
        }

        private synchronized void file(int at, int all, FileState state, boolean changed) {
            done = at;
            total = all;
            read += changed ? 1 : 0;
        }

        private synchronized void end(String how, String why, @Nullable UpdateReport whole) {
            state = how;
            error = why;
            report = whole;
        }

        synchronized boolean isOver() {
            return !state.equals("running");
        }

        synchronized ObjectNode json() {
            ObjectNode node = Json.object().put("state", state);
            node.put("done", done).put("total", total).put("read", read);
            if (!error.isEmpty()) {
                node.put("error", error);
            }
            if (report != null) {
                node.put("removed", report.removed()).put("failed", report.failed());
                var missing = node.putArray("missing");
                report.missing().forEach(place -> missing.add(place.toString()));
            }
            return node;
        }
    }

    /** Begins an update, unless one of this collection is under way, which is told instead. */
    ObjectNode begin(DocumentRoom room, String collection) {
        Running fresh = new Running(room, collection);
        Running chosen =
                updates.compute(
                        collection, (name, old) -> old == null || old.isOver() ? fresh : old);
        if (chosen == fresh) {
            fresh.thread.start();
        }
        return chosen.json();
    }

    /** The last update of a collection, if there was one. */
    Optional<ObjectNode> last(String collection) {
        return Optional.ofNullable(updates.get(collection)).map(Running::json);
    }

    @Override
    public void close() {
        updates.values().forEach(update -> update.thread.interrupt());
        try {
            for (Running update : updates.values()) {
                update.thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
