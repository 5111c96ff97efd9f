package dev.snoozy.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Which models stay in memory. */
class ModelPoolTest {
    private static final long ROOM = 1000;
    private static final byte[] MODEL = TinyModel.llama().bytes();
    private static final ModelFiles FILES =
            () ->
                    List.of(
                            new ModelFiles.Entry("a", Path.of("a"), 1, 1),
                            new ModelFiles.Entry("b", Path.of("b"), 1, 1));

    /** Reckons with so many bytes for each model, whatever its file has. */
    private record Reckoning(long bytes) implements ModelPool.Loader {
        @Override
        public LoadedEntry load(ModelFiles.Entry entry) {
            return new LoadedEntry.Writer(
                    LanguageModel.of(GgufFile.of(MODEL), LoadOptions.defaults().withThreads(1)));
        }

        @Override
        public long bytes(ModelFiles.Entry entry) {
            return bytes;
        }
    }

    @Test
    void aModelGoesWhenAnotherNeedsItsMemoryAsItWasReckoned() {
        assertThat(afterBoth(ROOM / 2)).extracting(s -> s.entry().name()).containsExactly("a", "b");
        assertThat(afterBoth(ROOM / 2 + 1)).extracting(s -> s.entry().name()).containsExactly("b");
    }

    @Test
    void theMemoryThatIsToldIsTheOneThatWasReckoned() {
        assertThat(afterBoth(7)).extracting(ModelPool.Status::bytes).containsExactly(7L, 7L);
    }

    private static List<ModelPool.Status> afterBoth(long bytes) {
        PoolOptions options =
                new PoolOptions(LoadOptions.defaults(), ROOM, Duration.ofMinutes(5), 1, 1);
        try (ModelPool pool = new ModelPool(FILES, new Reckoning(bytes), options)) {
            pool.use("a").close();
            pool.use("b").close();
            return pool.loaded();
        }
    }
}
