package dev.snoozy.hub;

import dev.snoozy.format.GgufFile;
import dev.snoozy.hub.elsewhere.ForeignModels;
import dev.snoozy.hub.files.FileNames;
import dev.snoozy.hub.files.GgufWalk;
import dev.snoozy.hub.files.PlainModels;
import dev.snoozy.hub.files.ShortNames;
import dev.snoozy.hub.store.HeaderCache;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * All models that can be used on this machine: those that come with Snoozy, those of the store, and
 * those of other programs, in this order. Every call looks at the disk. Thread-safe.
 */
public final class ModelLibrary {
    private static final int DEPTH = 2;

    private final @Nullable Path installation;
    private final ModelStore store;
    private final Environment environment;
    private final Set<Place> foreign;
    private final HeaderCache headers;

    private ModelLibrary(
            @Nullable Path installation,
            ModelStore store,
            Environment environment,
            Set<Place> foreign,
            ToLongFunction<GgufFile> memory) {
        this.installation = installation;
        this.store = store;
        this.environment = environment;
        this.foreign = Set.copyOf(foreign);
        this.headers = new HeaderCache(store.root().resolve(".headers.json"), memory);
    }

    /**
     * A library.
     *
     * @param installation the folder of the models that come with Snoozy, if there is one
     * @param environment tells where other programs keep their models
     * @param foreign whose folders are looked into
     * @param memory tells what running a file takes, in bytes, or 0 if that is unknown
     */
    public static ModelLibrary of(
            @Nullable Path installation,
            ModelStore store,
            Environment environment,
            Set<Place> foreign,
            ToLongFunction<GgufFile> memory) {
        return new ModelLibrary(installation, store, environment, foreign, memory);
    }

    /** The store among them. */
    public ModelStore store() {
        return store;
    }

    /** Every model under a name by which it is found, and what is there beside them. */
    public Listing listing() {
        List<StoredModel> models = new ArrayList<>();
        List<SkippedFile> skipped = new ArrayList<>();
        for (Place place : Place.values()) {
            Listing shelf = shelf(place);
            List<StoredModel> earlier = List.copyOf(models);
            for (StoredModel model : shelf.models()) {
                models.add(named(model, earlier));
            }
            skipped.addAll(shelf.skipped());
        }
        return new Listing(models, skipped);
    }

    /**
     * The model of a name: the whole name, a short form that only one model has, or {@code
     * PLACE:NAME}, such as {@code ollama:llama3.2}. What comes earlier in the list is preferred.
     *
     * @throws HubException if several models of one place have it; the message names them
     */
    public Optional<StoredModel> find(String name) {
        List<StoredModel> earlier = new ArrayList<>();
        for (Place place : Place.values()) {
            List<StoredModel> shelf = shelf(place).models();
            Optional<StoredModel> found = ShortNames.find(name, shelf);
            if (found.isPresent()) {
                return Optional.of(named(found.get(), earlier));
            }
            earlier.addAll(shelf);
        }
        for (Place place : Place.values()) {
            String prefix = place.word() + ":";
            if (name.startsWith(prefix)) {
                String rest = name.substring(prefix.length());
                return ShortNames.find(rest, shelf(place).models())
                        .map(model -> renamed(model, prefix + model.name()));
            }
        }
        return Optional.empty();
    }

    /** What a list tells of a model; read from its file if it has changed since last time. */
    public ModelHeader header(StoredModel model) {
        return headers.of(model);
    }

    /** Keeps the headers that were read for the next time. */
    public void saveHeaders() {
        headers.save();
    }

    /** The model under its own name, or with its place before it where the name means another. */
    private static StoredModel named(StoredModel model, List<StoredModel> earlier) {
        return ShortNames.candidates(model.name(), earlier).isEmpty()
                ? model
                : renamed(model, model.place().word() + ":" + model.name());
    }

    private static StoredModel renamed(StoredModel model, String name) {
        return new StoredModel(
                name,
                model.files(),
                model.bytes(),
                model.modified(),
                model.origin(),
                model.place());
    }

    private Listing shelf(Place place) {
        return switch (place) {
            case INSTALLATION -> installed();
            case STORE -> store.listing();
            default ->
                    foreign.contains(place) ? ForeignModels.of(place, environment) : Listing.EMPTY;
        };
    }

    private Listing installed() {
        if (installation == null
                || installation.toAbsolutePath().normalize().equals(store.root())) {
            return Listing.EMPTY;
        }
        GgufWalk walk =
                GgufWalk.of(installation, Place.INSTALLATION, DEPTH, true, FileNames::isModel);
        PlainModels plain = new PlainModels(Place.INSTALLATION, List.of());
        plain.addBelow(installation, walk.files());
        return new Listing(plain.models(), plain.skipped());
    }
}
