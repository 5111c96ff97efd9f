package dev.snoozy.server.models;

import dev.snoozy.hub.FileImport;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.ModelName;
import dev.snoozy.hub.ModelStore;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Takes models that lie elsewhere on this machine into a store. Immutable and thread-safe. */
public final class StoreImport implements ModelFiles.Import {
    private final ModelStore store;
    private final FileImport files;
    private final ModelName name;

    private StoreImport(ModelStore store, FileImport files, ModelName name) {
        this.store = store;
        this.files = files;
        this.name = name;
    }

    /**
     * Looks at a path.
     *
     * @param file as in {@link ModelFiles#importing}
     * @param name as there
     * @param copies as there
     * @throws HttpProblem if there is no sound model, or the name is none or taken
     */
    public static StoreImport of(ModelStore store, Path file, String name, boolean copies) {
        if (!file.isAbsolute()) {
            throw HttpProblem.invalid("path", "expected a whole path, from the root on");
        }
        FileImport files;
        try {
            files = FileImport.of(file, copies);
        } catch (HubException e) {
            throw HttpProblem.invalid("path", String.valueOf(e.getMessage()));
        }
        if (files.model().file().startsWith(store.root())) {
            throw HttpProblem.invalid("path", "this file is in the folder of models already");
        }
        try {
            ModelName wanted = name.isEmpty() ? files.name() : ModelName.parse(name);
            String text = wanted.toString();
            if (store.list().stream().anyMatch(model -> model.name().equalsIgnoreCase(text))) {
                throw HttpProblem.invalid(
                        "name", "expected one that is free, found a model called " + text);
            }
            return new StoreImport(store, files, wanted);
        } catch (HubException | IllegalArgumentException e) {
            throw HttpProblem.invalid("name", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String name() {
        return name.toString();
    }

    @Override
    public long bytes() {
        return files.model().bytes();
    }

    @Override
    public void run(LongConsumer progress) throws InterruptedException {
        try {
            store.add(files, name, progress);
        } catch (HubException e) {
            throw new HttpProblem(Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
