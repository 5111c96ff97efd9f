package dev.snoozy.eval;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shipped model and the published sets, for tests. */
final class Stories {
    private Stories() {}

    /** As the reference was computed: activations and cache in F32. */
    static LanguageModel exact() throws IOException {
        return LanguageModel.load(
                Data.root().resolve("models/tinystories/stories260K-f32.gguf"),
                LoadOptions.defaults()
                        .withThreads(2)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32));
    }

    /** The folder of the sets; tests are left out where it is not. */
    static Path sets() {
        Path folder = Data.shared().resolve("eval");
        assumeTrue(Files.isDirectory(folder), "no evaluation sets in " + folder);
        return folder;
    }

    static TaskSet set(Task task) throws IOException {
        return TaskSet.read(task, requireNonNull(TaskSet.find(sets()).get(task)));
    }
}
