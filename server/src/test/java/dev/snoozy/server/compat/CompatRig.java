package dev.snoozy.server.compat;

import dev.snoozy.engine.AdapterSource;
import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.Pooling;
import dev.snoozy.engine.SamplingOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.server.Rig;
import dev.snoozy.server.ServerOptions;
import dev.snoozy.server.generate.LlamaCppOptions;
import dev.snoozy.server.http.ApiKeys;
import dev.snoozy.server.models.LoadedEntry;
import dev.snoozy.server.models.PoolOptions;
import dev.snoozy.testkit.Data;
import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Servers as the test list of llama.cpp's server starts them: the stories model with two slots of
 * 256 tokens, seed 42, at most 64 tokens of an answer. Each test may start its own.
 */
final class CompatRig {
    static final int SEED = 42;
    static final int CONTEXT = 256;
    static final int SLOTS = 2;
    static final int MOST = 64;

    /** ChatML, which the reference server takes where a model has no template. */
    static final String CHATML =
            "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content"
                    + " + '<|im_end|>\\n' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private int context = CONTEXT;
    private int slots = SLOTS;
    private int most = MOST;
    private String template = CHATML;
    private LlamaCppOptions own = new LlamaCppOptions(true, true, true, true, true, true);
    private ApiKeys keys = ApiKeys.none();
    private List<AdapterSource> adapters = List.of();

    CompatRig context(int tokens) {
        context = tokens;
        return this;
    }

    CompatRig slots(int count) {
        slots = count;
        return this;
    }

    CompatRig most(int tokens) {
        most = tokens;
        return this;
    }

    CompatRig template(String text) {
        template = text;
        return this;
    }

    CompatRig own(LlamaCppOptions options) {
        own = options;
        return this;
    }

    CompatRig lora(Path adapter, float scale) {
        adapters = List.of(new AdapterSource(adapter, scale));
        return this;
    }

    CompatRig key(String key) {
        keys = ApiKeys.of(List.of(key));
        return this;
    }

    /** The stories model, called "tinyllama-2", loaded. */
    Rig stories() {
        Rig rig = unloaded();
        rig.server().models().use("").close();
        return rig;
    }

    /** The same, not loaded yet. */
    Rig unloaded() {
        byte[] file = storiesFile();
        LoadOptions load =
                LoadOptions.defaults()
                        .withThreads(2)
                        .withContextLength(context)
                        .withChatTemplate(template)
                        .withAdapters(adapters);
        return Rig.ofBytes(
                Map.of("tinyllama-2", file),
                entry -> new LoadedEntry.Writer(LanguageModel.of(GgufFile.of(file), load)),
                this::options);
    }

    /** An encoder, called "encoder", loaded. */
    Rig encoder(TinyModel model, Optional<Pooling> pooling) {
        byte[] file = model.bytes();
        LoadOptions load = LoadOptions.defaults().withThreads(2);
        Rig rig =
                Rig.ofBytes(
                        Map.of("encoder", file),
                        entry ->
                                new LoadedEntry.Embedder(
                                        EmbeddingModel.of(GgufFile.of(file), load, pooling)),
                        this::options);
        rig.server().models().use("").close();
        return rig;
    }

    private static byte[] storiesFile() {
        Path file =
                Data.root()
                        .resolve("models")
                        .resolve("tinystories")
                        .resolve("stories260K-f32.gguf");
        try {
            return Data.read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerOptions options(ServerOptions plain) {
        return new ServerOptions(
                plain.host(),
                plain.port(),
                plain.allowedHosts(),
                plain.allowedOrigins(),
                keys,
                plain.limits(),
                new PoolOptions(
                        plain.pool().load(),
                        plain.pool().memory(),
                        Duration.ofSeconds(-1),
                        slots,
                        64),
                GenerationOptions.defaults()
                        .withMaxTokens(most < 0 ? GenerationOptions.UNLIMITED : most)
                        .withSampling(SamplingOptions.builder().seed(SEED).build()),
                plain.contextPolicy(),
                own,
                plain.drainTime());
    }
}
