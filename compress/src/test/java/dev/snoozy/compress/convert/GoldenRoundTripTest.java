package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.snoozy.compress.convert.family.Families;
import dev.snoozy.compress.convert.family.Family;
import dev.snoozy.compress.convert.family.JsonObject;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.GgufWriter;
import dev.snoozy.format.Metadata;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reference models of the test data, whose keys another converter has chosen: as a checkpoint
 * and back they give the reference's logits.
 */
class GoldenRoundTripTest {
    private static final Path FOLDER = Data.shared().resolve("golden").resolve("arch");
    private static final String END = ".gguf.gz";

    /** Those that no checkpoint can say, by what is said of them. */
    private static final Map<String, String> REFUSED =
            Map.of(
                    "bloom-A", "bloom.feed_forward_length: found 128",
                    "llama-rope-llama3-A", "cannot be told from its divisors",
                    "phi2-A", "blk.0.attn_qkv.weight: its name in a checkpoint is not known");

    /** Its reference has left the window out. */
    private static final String WITHOUT_WINDOW = "phi3-window-A";

    /** In the older of two layouts, or with keys that say nothing: the logits are compared. */
    private static final Set<String> OLDER =
            Set.of("deepseek2-lite-A", "deepseek2-v3-kvb-yarn-A", "deepseek2-v3-mla-A");

    @TempDir private Path folder;

    private static Set<String> all() throws IOException {
        Set<String> architectures =
                Families.ALL.stream().map(Family::architecture).collect(Collectors.toSet());
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(END)).toList()) {
                String name = file.getFileName().toString().replace(END, "");
                if (architectures.contains(facts(name).string("architecture"))) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static JsonObject facts(String name) throws IOException {
        return JsonObject.read(FOLDER.resolve(name + ".json"));
    }

    static List<String> models() throws IOException {
        return all().stream().filter(name -> !REFUSED.containsKey(name)).toList();
    }

    static Set<String> refused() {
        return new TreeSet<>(REFUSED.keySet());
    }

    @ParameterizedTest
    @MethodSource("models")
    void asACheckpointAndBackItComputesWhatTheReferenceDoes(String name) throws IOException {
        Path second =
                OLDER.contains(name)
                        ? RoundTrip.convert(model(name), folder)
                        : RoundTrip.check(model(name), folder);
        JsonObject facts = facts(name);
        if (!facts.has("logits_last") || name.equals(WITHOUT_WINDOW)) {
            return; // the round trip has compared what both files compute
        }
        int[] tokens = facts.list("tokens").stream().mapToInt(t -> ((Long) t).intValue()).toArray();
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(1)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32);
        try (LanguageModel model = LanguageModel.load(second, options);
                Evaluation evaluation = model.evaluation()) {
            assertThat(evaluation.append(tokens, false).getFirst())
                    .usingComparatorWithPrecision((float) facts.number("tolerance_abs"))
                    .containsExactly(facts.floats("logits_last"));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatACheckpointCannotSayIsRefused(String name) throws IOException {
        Path model = model(name);
        assertThatThrownBy(() ->
                        BackConverter.convert(model, folder.resolve("back"), (bytes, total) -> {}))
                .isInstanceOf(ConvertException.class)
                .hasMessageContaining(REFUSED.get(name));
    }

    @Test
    void everyModelThatIsRefusedIsThere() throws IOException {
        assertThat(all()).containsAll(REFUSED.keySet());
    }

    /** A model with a pre-tokenizer that has a way back: what is tokenized is not the matter. */
    private Path model(String name) throws IOException {
        byte[] bytes = Data.read(FOLDER.resolve(name + END));
        Path file = folder.resolve(name + ".gguf");
        try (GgufFile gguf = GgufFile.of(bytes)) {
            Map<String, Object> metadata = new LinkedHashMap<>();
            gguf.metadata().values().forEach((key, value) -> metadata.put(key, value.value()));
            metadata.replace("tokenizer.ggml.pre", "gpt-2");
            return Files.write(
                    file,
                    GgufWriter.bytes(
                            new Metadata(metadata), List.copyOf(gguf.tensors()), gguf::data));
        }
    }
}
