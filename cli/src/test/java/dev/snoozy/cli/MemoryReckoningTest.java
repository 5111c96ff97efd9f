package dev.snoozy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryLimits;
import dev.snoozy.format.MemoryNeed;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

class MemoryReckoningTest {
    private static final int TRAINED = 131_072;

    private static MemoryNeed need() {
        return need(LoadOptions.defaults());
    }

    private static MemoryNeed need(LoadOptions options) {
        TinyModel model = TinyModel.llama().with("llama.context_length", TRAINED);
        try (GgufFile file = GgufFile.of(model.bytes())) {
            return MemoryReckoning.of(file, options).orElseThrow();
        }
    }

    private static MemoryLimits free(long bytes) {
        return new MemoryLimits(OptionalLong.of(bytes), Long.MAX_VALUE, 0);
    }

    @Test
    void aContextThatTheMemoryIsTooSmallForIsToldOfWithWhatFits() {
        MemoryNeed need = need();
        long some = need.at(20_000, MemoryLimits.NONE).needed();
        assertThat(MemoryReckoning.warning(need, free(some), TRAINED).orElseThrow())
                .contains("fills the context of 131072 tokens needs ")
                .containsPattern("of memory, of which [0-9.]+ MiB are free")
                .containsPattern("texts up to (19|20|21)[0-9]{3} tokens fit")
                .contains("cure: a smaller context (--ctx), --cache-type q8_0");
        assertThat(MemoryReckoning.warning(need, free(some), 10_000)).isEmpty();
        assertThat(MemoryReckoning.warning(need, free(1L << 40), TRAINED)).isEmpty();
        assertThat(MemoryReckoning.warning(need, MemoryLimits.NONE, TRAINED)).isEmpty();
    }

    @Test
    void aCacheThatIsTooSmallIsToldOfWhereTheContextWasAskedFor() {
        MemoryNeed need = need();
        long cache = need.at(20_000, MemoryLimits.NONE).kvCache();
        MemoryLimits limits = new MemoryLimits(OptionalLong.empty(), cache, 0);
        assertThat(MemoryReckoning.warning(need, limits, 30_000).orElseThrow())
                .containsPattern("needs [0-9.]+ MiB of KV cache, which may take [0-9.]+ MiB");
        assertThat(MemoryReckoning.warning(need, limits, TRAINED)).isEmpty();
    }

    @Test
    void theCacheTypeIsReckonedWith() {
        LoadOptions options = LoadOptions.defaults();
        long half = need(options).at(8192, MemoryLimits.NONE).kvCache();
        long whole =
                need(options.withCacheType(CacheType.F32)).at(8192, MemoryLimits.NONE).kvCache();
        assertThat(whole).isEqualTo(2 * half);
    }
}
