package dev.snoozy.studio.write;

import dev.snoozy.engine.Adapter;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.FormatException;
import dev.snoozy.server.models.ModelFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The adapters that models in memory have loaded for answers, each once for as long as its file
 * stays the same. Thread-safe.
 */
final class LoadedAdapters {
    /** More than all answers that are written at the same time can want. */
    private static final int MOST = 128;

    private final Map<LanguageModel, Map<Path, Loaded>> models = new WeakHashMap<>();

    private record Loaded(ModelFiles.Entry entry, Adapter adapter) {}

    /**
     * An adapter of a model, which loads it if it must.
     *
     * @param name of the model
     * @throws ModelException if it does not fit the model, with the reason
     */
    synchronized Adapter of(LanguageModel model, String name, ModelFiles.Entry entry) {
        Map<Path, Loaded> loaded =
                models.computeIfAbsent(model, any -> new LinkedHashMap<>(16, 0.75f, true));
        Loaded known = loaded.get(entry.file());
        if (known != null && known.entry().equals(entry)) {
            return known.adapter();
        }
        if (known != null) {
            loaded.remove(entry.file());
            model.removeAdapter(known.adapter());
        } else if (loaded.size() >= MOST) {
            Loaded oldest = loaded.values().iterator().next();
            loaded.remove(oldest.entry().file());
            model.removeAdapter(oldest.adapter());
        }
        try {
            Adapter adapter = model.addAdapter(entry.file());
            loaded.put(entry.file(), new Loaded(entry, adapter));
            return adapter;
        } catch (IOException | FormatException | ModelException e) {
            throw new ModelException(
                    "the adapter "
                            + entry.name()
                            + " cannot be used with the model "
                            + name
                            + ": "
                            + AdapterFiles.reason(e),
                    e);
        }
    }
}
