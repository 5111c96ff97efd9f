package dev.snoozy.compress.convert;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.TinyModel;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** A GGUF file becomes a checkpoint, and that a GGUF file which is the same model. */
final class RoundTrip {
    private static final int[] TOKENS = {1, 10, 40, 7, 20, 9};

    /** Keys of a file that say what the others say, or nothing: a converter may leave them out. */
    private static final Set<String> SUPERFLUOUS =
            Set.of(
                    "attention.layer_norm_epsilon",
                    "attention.layer_norm_rms_epsilon",
                    "rope.dimension_count",
                    "rope.scaling.type",
                    "rope.scaling.factor",
                    "rope.scaling.finetuned",
                    "rope.scale_linear",
                    "attention.key_length",
                    "attention.value_length",
                    "attention.head_count_kv",
                    "use_parallel_residual",
                    "tensor_data_layout",
                    "vocab_size");

    /** The exponential of a rounded logarithm. */
    private static final float FADING = 1e-5f;

    private RoundTrip() {}

    /** Checks a file, with a folder for what is made of it; returns the second file. */
    static Path check(Path model, Path folder) throws IOException {
        Path second = convert(model, folder);
        try (GgufFile a = GgufFile.open(model);
                GgufFile b = GgufFile.open(second)) {
            tensors(a, b);
            metadata(a, b);
        }
        float[][] before = scores(model);
        float[][] after = scores(second);
        try (GgufFile a = GgufFile.open(model)) {
            if (a.tensors().stream().noneMatch(tensor -> tensor.name().endsWith(".ssm_a"))) {
                assertThat(after).isDeepEqualTo(before);
            }
        }
        return second;
    }

    /** Only makes the second file. */
    static Path convert(Path model, Path folder) throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        BackConverter.convert(model, checkpoint, (bytes, total) -> {});
        Path second = folder.resolve("second.gguf");
        ConvertOptions options = ConvertOptions.defaults().withType(OutputType.F32);
        Converter.convert(checkpoint, second, options);
        return second;
    }

    private static void tensors(GgufFile a, GgufFile b) {
        Set<String> names = new TreeSet<>();
        b.tensors().forEach(tensor -> names.add(tensor.name()));
        for (TensorInfo tensor : a.tensors()) {
            assertThat(names.remove(tensor.name())).as(tensor.name()).isTrue();
            TensorInfo other = requireNonNull(b.tensor(tensor.name()));
            assertThat(other.shape()).as(tensor.name()).isEqualTo(tensor.shape());
            assertThat(other.type()).as(tensor.name()).isEqualTo(tensor.type());
            if (tensor.name().endsWith(".ssm_a")) {
                float[] values = a.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
                assertThat(b.data(other).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                        .usingComparatorWithPrecision(FADING)
                        .containsExactly(values);
                continue;
            }
            assertThat(a.data(tensor).mismatch(b.data(other))).as(tensor.name()).isEqualTo(-1);
        }
        assertThat(names).isEmpty();
    }

    private static void metadata(GgufFile a, GgufFile b) {
        String architecture = a.metadata().string("general.architecture");
        a.metadata()
                .values()
                .forEach((key, value) -> {
                    boolean own = key.startsWith(architecture + ".");
                    String name = own ? key.substring(architecture.length() + 1) : key;
                    boolean there = b.metadata().has(key);
                    boolean endless = architecture.startsWith("mamba"); // any length will do
                    own &= !(endless && name.equals("context_length"));
                    if (own && !(SUPERFLUOUS.contains(name) && !there)) {
                        assertThat(b.metadata().get(key)).as(key).isEqualTo(value.value());
                    }
                });
    }

    private static float[][] scores(Path file) throws IOException {
        LoadOptions options = LoadOptions.defaults().withThreads(1);
        try (GgufFile gguf = GgufFile.open(file)) {
            if (TinyModel.isEncoder(gguf.metadata().string("general.architecture"))) {
                try (EmbeddingModel model = EmbeddingModel.load(file, options)) {
                    return new float[][] {model.embed("a lazy dog")};
                }
            }
        }
        try (LanguageModel model = LanguageModel.of(GgufFile.open(file), options);
                Evaluation text = model.evaluation()) {
            return text.append(TOKENS, true).toArray(float[][]::new);
        }
    }
}
