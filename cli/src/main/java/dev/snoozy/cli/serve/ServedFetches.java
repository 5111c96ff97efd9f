package dev.snoozy.cli.serve;

import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;

import java.util.concurrent.Semaphore;

/** Fetches models for the clients of a server that may. Thread-safe. */
final class ServedFetches {
    private static final System.Logger LOG = System.getLogger(ServedFetches.class.getName());
    private static final int MOST = 4;

    private final ModelStore store;
    private final Hub hub;
    private final Semaphore places = new Semaphore(MOST);

    ServedFetches(ModelStore store, Hub hub) {
        this.store = store;
        this.hub = hub;
    }

    /**
     * What fetches a model.
     *
     * @throws HttpProblem if as many are fetched already as may be
     */
    ModelFiles.Fetch fetch(String reference) {
        return listener -> {
            if (!places.tryAcquire()) {
                throw new HttpProblem(
                        Kind.BUSY, MOST + " models are being fetched; cure: try again later");
            }
            try {
                hub.pull(reference, store, listener);
            } catch (HubException e) {
                throw problem(reference, e);
            } finally {
                places.release();
            }
        };
    }

    /** What the network says may be told; what the disk says names folders, and is not. */
    private HttpProblem problem(String reference, HubException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains(store.root().toString())) {
            LOG.log(System.Logger.Level.ERROR, "cannot fetch " + reference, e);
            message = "the model cannot be stored; the server's log says why";
        }
        return new HttpProblem(Kind.FAILED, message);
    }
}
