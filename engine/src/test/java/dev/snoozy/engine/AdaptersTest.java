package dev.snoozy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.TinyModel;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** LoRA adapters: what they change, beside which others, and which files are refused. */
class AdaptersTest {
    private static final int RANK = 2;
    private static final int[] PROMPT = {1, 60, 70, 80, 90, 100};
    private static final LoadOptions OPTIONS =
            LoadOptions.defaults()
                    .withThreads(2)
                    .withPrecision(Precision.F32)
                    .withCacheType(CacheType.F32);

    @TempDir Path folder;

    private Path adapter(String name, long seed, String... weights) throws IOException {
        return write(name, new LinkedHashMap<>(), seed, weights);
    }

    /** An adapter for square matrices of the model; with keys that replace the usual ones. */
    private Path write(String name, Map<String, Object> keys, long seed, String... weights)
            throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", "llama");
        metadata.put("general.type", "adapter");
        metadata.put("adapter.type", "lora");
        metadata.put("adapter.lora.alpha", 4f);
        metadata.putAll(keys);
        List<TensorInfo> tensors = new ArrayList<>();
        long n = TinyModel.EMBEDDING;
        for (String weight : weights) {
            tensors.add(TensorInfo.of(weight + ".lora_a", TensorType.F32, List.of(n, (long) RANK)));
            tensors.add(TensorInfo.of(weight + ".lora_b", TensorType.F32, List.of((long) RANK, n)));
        }
        return write(name, metadata, tensors, seed);
    }

    private Path write(
            String name, Map<String, Object> metadata, List<TensorInfo> tensors, long seed)
            throws IOException {
        Random random = new Random(seed);
        Path file = folder.resolve(name);
        GgufWriter.write(
                file,
                new Metadata(metadata),
                tensors,
                tensor -> {
                    MemorySegment data = MemorySegment.ofArray(new byte[(int) tensor.bytes()]);
                    for (long i = 0; i < tensor.elements(); i++) {
                        float value = (float) (0.3 * random.nextGaussian());
                        data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * i, value);
                    }
                    return data;
                });
        return file;
    }

    private static LanguageModel model(LoadOptions options) {
        return LanguageModel.of(GgufFile.of(TinyModel.llama().bytes()), options);
    }

    private static GenerationOptions greedy(AdapterUse... uses) {
        return GenerationOptions.defaults()
                .withMaxTokens(12)
                .withAlternatives(3)
                .withSampling(SamplingOptions.greedy())
                .withAdapters(uses);
    }

    private static List<TokenChoice> text(LanguageModel model, GenerationOptions options) {
        try (TextStream stream = model.stream(PROMPT, options)) {
            return stream.result().choices();
        }
    }

    private static float[] scores(LanguageModel model) {
        try (Evaluation text = model.evaluation()) {
            return text.append(PROMPT, false).getFirst();
        }
    }

    @Test
    void anAdapterChangesTheScoresByItsScaleAndNothingWithoutOne() throws IOException {
        Path file = adapter("a.gguf", 1, "blk.0.attn_q.weight", "blk.1.attn_output.weight");
        try (LanguageModel model = model(OPTIONS)) {
            float[] bare = scores(model);
            Adapter adapter = model.addAdapter(file);
            assertThat(adapter.rank()).isEqualTo(RANK);
            assertThat(scores(model)).isEqualTo(bare);
            model.useAdapters(List.of(adapter.scaled(1)));
            float[] adapted = scores(model);
            assertThat(adapted).isNotEqualTo(bare);
            model.useAdapters(List.of(adapter.scaled(0.5f)));
            assertThat(scores(model)).isNotEqualTo(bare).isNotEqualTo(adapted);
            model.useAdapters(List.of(adapter.scaled(0)));
            assertThat(scores(model)).isEqualTo(bare);
            model.useAdapters(List.of(adapter.scaled(1)));
            model.removeAdapter(adapter);
            assertThat(scores(model)).isEqualTo(bare);
            assertThat(model.adapters()).isEmpty();
        }
    }

    @Test
    void adaptersOfTheOptionsAreUsedFromTheStart() throws IOException {
        Path file = adapter("a.gguf", 1, "blk.0.attn_q.weight");
        try (LanguageModel later = model(OPTIONS);
                LanguageModel model =
                        model(OPTIONS.withAdapters(List.of(new AdapterSource(file, 0.5f))))) {
            later.useAdapters(List.of(later.addAdapter(file).scaled(0.5f)));
            assertThat(scores(model)).isEqualTo(scores(later));
        }
    }

    /** Texts with other adapters ride in the same batches, and share no beginnings. */
    @Test
    void aTextGetsTheSameBitsAloneAndBesideTextsWithOtherAdapters() throws Exception {
        Path one = adapter("one.gguf", 1, "blk.0.attn_q.weight", "blk.1.attn_output.weight");
        Path two = adapter("two.gguf", 2, "blk.0.attn_output.weight", "blk.1.attn_q.weight");
        List<List<TokenChoice>> alone = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (LanguageModel model = model(OPTIONS.withThreads(1 + i % 2))) {
                alone.add(text(model, options(i, model.addAdapter(one), model.addAdapter(two))));
            }
        }
        assertThat(alone).doesNotHaveDuplicates();
        try (LanguageModel model = model(OPTIONS)) {
            Adapter first = model.addAdapter(one);
            Adapter second = model.addAdapter(two);
            for (int round = 0; round < 3; round++) {
                List<TextStream> streams = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    streams.add(model.stream(PROMPT, options(i, first, second)));
                }
                for (int i = 0; i < 4; i++) {
                    assertThat(streams.get(i).result().choices()).isEqualTo(alone.get(i));
                    streams.get(i).close();
                }
            }
        }
    }

    private static GenerationOptions options(int kind, Adapter one, Adapter two) {
        return switch (kind) {
            case 0 -> greedy();
            case 1 -> greedy(one.scaled(1));
            case 2 -> greedy(two.scaled(2));
            default -> greedy(one.scaled(1), two.scaled(0.5f));
        };
    }

    @Test
    void anAdapterOfAnotherModelIsNotUsed() throws IOException {
        Path file = adapter("a.gguf", 1, "blk.0.attn_q.weight");
        try (LanguageModel model = model(OPTIONS);
                LanguageModel other = model(OPTIONS)) {
            AdapterUse use = other.addAdapter(file).scaled(1);
            assertThatThrownBy(() -> text(model, greedy(use)))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("not loaded with this model");
        }
    }

    @Test
    void filesThatDoNotFitAreRefusedWithTheReason() throws IOException {
        try (LanguageModel model = model(OPTIONS)) {
            String weight = "blk.0.attn_q.weight";
            refused(model, write("model.gguf", Map.of("general.type", "model"), 1, weight))
                    .hasMessageContaining("general.type");
            refused(model, write("type.gguf", Map.of("adapter.type", "control"), 1, weight))
                    .hasMessageContaining("adapter.type");
            refused(model, write("other.gguf", Map.of("general.architecture", "qwen2"), 1, weight))
                    .hasMessageContaining("qwen2");
            refused(model, write("nan.gguf", Map.of("adapter.lora.alpha", Float.NaN), 1, weight))
                    .hasMessageContaining("alpha");
            refused(model, adapter("unknown.gguf", 1, "blk.9.attn_q.weight"))
                    .hasMessageContaining("blk.9.attn_q.weight");
            refused(model, adapter("shape.gguf", 1, "blk.0.ffn_up.weight"))
                    .hasMessageContaining("outputs");
            refused(model, adapter("norm.gguf", 1, "blk.0.attn_norm.weight"))
                    .hasMessageContaining("attn_norm");
            Map<String, Object> keys = Map.of("general.architecture", "llama");
            refused(model, adapter("empty.gguf", 1)).hasMessageContaining("no tensors");
            refused(model, half(keys)).hasMessageContaining("has no .lora_b");
            Path noFile = Files.write(folder.resolve("broken.gguf"), new byte[100]);
            assertThatThrownBy(() -> model.addAdapter(noFile)).isInstanceOf(FormatException.class);
            assertThat(model.adapters()).isEmpty();
            assertThat(text(model, greedy())).hasSize(12);
        }
    }

    private Path half(Map<String, Object> keys) throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>(keys);
        metadata.put("general.type", "adapter");
        metadata.put("adapter.type", "lora");
        List<Long> shape = List.of((long) TinyModel.EMBEDDING, (long) RANK);
        TensorInfo only = TensorInfo.of("blk.0.attn_q.weight.lora_a", TensorType.F32, shape);
        return write("half.gguf", metadata, List.of(only), 1);
    }

    private static AbstractThrowableAssert<?, ?> refused(LanguageModel model, Path file) {
        return assertThatThrownBy(() -> model.addAdapter(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(file.toString());
    }
}
