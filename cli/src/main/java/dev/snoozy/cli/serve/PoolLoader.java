package dev.snoozy.cli.serve;

import dev.snoozy.cli.MemoryReckoning;
import dev.snoozy.cli.Models;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.server.models.ModelPool;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Loads the models of a server.
 *
 * @param options with which they are loaded at the moment
 * @param loader makes a model of a file
 */
record PoolLoader(Supplier<LoadOptions> options, ModelPool.Loader loader)
        implements ModelPool.Loader {
    @Override
    public LoadedEntry load(ModelFiles.Entry entry) throws IOException {
        return loader.load(entry);
    }

    /** What the model takes with a text as it is usually reckoned with, beside the program. */
    @Override
    public long bytes(ModelFiles.Entry entry) {
        if (entry.file().toString().endsWith(".gz")) {
            return entry.bytes(); // to unpack it twice is not worth it: such models are small
        }
        try (GgufFile file = Models.open(entry.file())) {
            Optional<MemoryNeed> need = MemoryReckoning.of(file, options.get());
            return need.map(this::bytes).orElse(entry.bytes());
        } catch (IOException | FormatException e) {
            return entry.bytes(); // loading it will say what is wrong
        }
    }

    private long bytes(MemoryNeed need) {
        int tokens = need.usual(options.get().contextLength());
        return need.at(tokens, MemoryLimits.NONE).beside();
    }
}
