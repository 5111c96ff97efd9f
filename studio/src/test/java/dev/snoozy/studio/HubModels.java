package dev.snoozy.studio;

import dev.snoozy.format.KernelMemory;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.HubOptions;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.StoreImport;
import dev.snoozy.studio.models.MemoryCheck;
import dev.snoozy.testkit.hub.HubStub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The models of a store, into which others are fetched from a stub of the hub. */
public final class HubModels implements ModelFiles, AutoCloseable {
    private static final long FREE = 3_000_000_000L;

    /** A machine with three gigabytes to spare, whatever this one has. */
    private static final MemoryCheck MEMORY =
            (metadata, tensors, bytes) -> {
                MemoryNeed own = MemoryNeed.of(metadata, tensors, KernelMemory.UNKNOWN);
                MemoryNeed need = bytes == 0 ? own : own.ofSize(bytes);
                long bytesNeeded = need.at(need.usual(0), MemoryLimits.NONE).needed();
                return () ->
                        Json.object()
                                .put("need", bytesNeeded)
                                .put("free", FREE)
                                .put("fits", bytesNeeded <= FREE);
            };

    private final ModelStore store;
    private final Hub hub;

    private HubModels(ModelStore store, Hub hub) {
        this.store = store;
        this.hub = hub;
    }

    /** A store in a folder of data. */
    public static HubModels in(Path home, HubStub stub) {
        return new HubModels(
                ModelStore.open(home.resolve("models")),
                Hub.open(HubOptions.defaults().withHuggingFace(stub.url())));
    }

    /** A studio with these models, which may ask the stub. */
    public StudioRig studio(Path home) throws IOException {
        return StudioRig.of(
                new StudioOptions(home, "1.0", this, MEMORY, List.of(), hub, Map.of()), 0);
    }

    @Override
    public List<Entry> all() {
        return store.list().stream()
                .map(model ->
                        new Entry(
                                model.name(),
                                model.file(),
                                model.bytes(),
                                model.modified().getEpochSecond()))
                .toList();
    }

    @Override
    public Fetch fetch(String reference) {
        return listener -> {
            try {
                hub.pull(reference, store, listener);
            } catch (HubException e) {
                throw new HttpProblem(HttpProblem.Kind.FAILED, String.valueOf(e.getMessage()));
            }
        };
    }

    @Override
    public Import importing(Path file, String name, boolean copies) {
        return StoreImport.of(store, file, name, copies);
    }

    @Override
    public void close() {
        hub.close();
    }
}
