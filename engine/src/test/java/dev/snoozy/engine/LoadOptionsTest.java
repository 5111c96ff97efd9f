package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

class LoadOptionsTest {
    private static final AdapterSource ADAPTER = new AdapterSource(Path.of("a.gguf"), 0.5f);
    private static final LoadOptions DEFAULTS = LoadOptions.defaults();

    @Test
    void eachOptionIsChangedByItself() {
        LoadListener listener = new LoadListener() {};
        LoadOptions all =
                DEFAULTS.withContextLength(100)
                        .withThreads(3)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.Q8_0)
                        .withCacheMemory(5)
                        .withPrefixMemory(4)
                        .withWeights(WeightPlacement.MAPPED)
                        .withListener(listener)
                        .withChatTemplate("x")
                        .withAdapters(List.of(ADAPTER))
                        .withSpeculation(new Speculation.PromptLookup(3));
        assertThat(all)
                .isEqualTo(
                        new LoadOptions(
                                100,
                                3,
                                Precision.F32,
                                CacheType.Q8_0,
                                5,
                                4,
                                WeightPlacement.MAPPED,
                                listener,
                                "x",
                                List.of(ADAPTER),
                                new Speculation.PromptLookup(3)));
    }

    @Test
    void byDefaultBeginningsHaveHalfOfTheCacheMemory() {
        assertThat(DEFAULTS.cacheMemory()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(DEFAULTS.prefixMemory()).isEqualTo(DEFAULTS.cacheMemory() / 2);
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> DEFAULTS.withContextLength(-1)).hasMessageContaining("context");
        assertThatThrownBy(() -> DEFAULTS.withThreads(0)).hasMessageContaining("threads");
        assertThatThrownBy(() -> DEFAULTS.withCacheMemory(0))
                .hasMessage("cacheMemory: expected 1 byte or more, found 0");
        assertThatThrownBy(() -> DEFAULTS.withPrefixMemory(-1))
                .hasMessage("prefixMemory: expected 0 bytes or more, found -1");
    }
}
