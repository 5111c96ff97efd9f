package dev.snoozy.cli.serve;

import dev.snoozy.cli.Models;
import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.Listing;
import dev.snoozy.hub.ModelLibrary;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.Place;
import dev.snoozy.hub.StoredModel;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.StoreImport;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The models of a server that serves all that are known by a name. The folders are looked through
 * again when the last look is a moment ago, not for each request.
 */
final class ServedModels implements ModelFiles {
    private static final System.Logger LOG = System.getLogger(ServedModels.class.getName());
    private static final long MOMENT = 2_000_000_000L;

    private final ModelLibrary library;
    private final boolean allowChanges;
    private final @Nullable ServedFetches fetches;
    private Listing listing; // guarded by this
    private long looked; // guarded by this

    private ServedModels(
            ModelLibrary library, boolean allowChanges, @Nullable ServedFetches fetches) {
        this.library = library;
        this.allowChanges = allowChanges;
        this.fetches = fetches;
        this.listing = library.listing();
        this.looked = System.nanoTime();
    }

    /**
     * All models that are known by a name.
     *
     * @param allowChanges whether clients may remove and name models of the user's own folder
     */
    static ServedModels known(boolean allowChanges) {
        return new ServedModels(Models.library(), allowChanges, null);
    }

    /** The same, where clients may have models fetched from the network as well. */
    static ServedModels fetching(boolean allowChanges, HubOptions options) {
        return fetching(allowChanges, Hub.open(options));
    }

    /** The same by a hub, which is open as long as models are fetched. */
    static ServedModels fetching(boolean allowChanges, Hub hub) {
        ModelLibrary library = Models.library();
        return new ServedModels(library, allowChanges, new ServedFetches(library.store(), hub));
    }

    private synchronized Listing listing() {
        if (System.nanoTime() - looked > MOMENT) {
            look();
        }
        return listing;
    }

    private synchronized void look() {
        listing = library.listing();
        looked = System.nanoTime();
    }

    private static Entry entry(StoredModel model) {
        return new Entry(
                model.name(), model.file(), model.bytes(), model.modified().getEpochSecond());
    }

    @Override
    public List<Entry> all() {
        return listing().models().stream().map(ServedModels::entry).toList();
    }

    @Override
    public Optional<Entry> find(String name) {
        return model(name).map(ServedModels::entry);
    }

    private Optional<StoredModel> model(String name) {
        try {
            return listing().find(name);
        } catch (HubException e) {
            throw new HttpProblem(Kind.MODEL_NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Runnable removal(Entry entry) {
        refuseUnlessAllowed();
        Place place = model(entry.name()).map(StoredModel::place).orElse(Place.STORE);
        if (place != Place.STORE) {
            throw new HttpProblem(
                    Kind.FORBIDDEN,
                    "model '%s' is that of %s, whose files are left alone"
                            .formatted(entry.name(), place.word()));
        }
        return () -> {
            try {
                library.store().remove(entry.name());
            } catch (HubException e) {
                throw failed("removed", entry.name(), e);
            } finally {
                look();
            }
        };
    }

    @Override
    public Entry copy(Entry from, String to) {
        refuseUnlessAllowed();
        ModelName name;
        try {
            name = ModelName.parse(to);
        } catch (IllegalArgumentException e) {
            throw HttpProblem.invalid("destination", String.valueOf(e.getMessage()));
        }
        look();
        if (listing().models().stream().anyMatch(m -> m.name().equalsIgnoreCase(to))) {
            throw HttpProblem.invalid("destination", "the name '" + to + "' is taken");
        }
        StoredModel model =
                model(from.name())
                        .orElseThrow(() ->
                                new HttpProblem(
                                        Kind.MODEL_NOT_FOUND,
                                        "model '" + from.name() + "' not found"));
        try {
            return entry(library.store().copy(model, name));
        } catch (HubException e) {
            throw failed("copied", from.name(), e);
        } finally {
            look();
        }
    }

    @Override
    public Fetch fetch(String reference) {
        if (fetches == null) {
            return ModelFiles.super.fetch(reference);
        }
        Fetch fetch = fetches.fetch(reference);
        return listener -> {
            try {
                fetch.run(listener);
            } finally {
                look();
            }
        };
    }

    @Override
    public Import importing(Path file, String name, boolean copies) {
        refuseUnlessAllowed();
        StoreImport found = StoreImport.of(library.store(), file, name, copies);
        return new Import() {
            @Override
            public String name() {
                return found.name();
            }

            @Override
            public long bytes() {
                return found.bytes();
            }

            @Override
            public void run(LongConsumer progress) throws InterruptedException {
                try {
                    found.run(progress);
                } finally {
                    look();
                }
            }
        };
    }

    private void refuseUnlessAllowed() {
        if (!allowChanges) {
            throw new HttpProblem(
                    Kind.FORBIDDEN,
                    "this server may not change the models; cure: start it with --allow-changes");
        }
    }

    /** The store's own message may name folders, which clients are not told. */
    private static HttpProblem failed(String what, String name, HubException e) {
        LOG.log(System.Logger.Level.ERROR, "cannot change the models", e);
        return new HttpProblem(
                Kind.FAILED,
                "model '%s' cannot be %s; the server's log says why".formatted(name, what));
    }
}
