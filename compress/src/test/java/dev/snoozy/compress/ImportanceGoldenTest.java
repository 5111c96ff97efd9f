package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.snoozy.compress.QuantizeOptions.Override;
import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Quantizing with an importance matrix against the reference's files. */
class ImportanceGoldenTest {
    private static final Path MODELS = Data.shared().resolve("models").resolve("stories260K");
    private static final String MODEL = "stories260K-wide256-";

    /** How much larger the weighted error may be than the reference's. */
    private static final double BOUND = 1.01;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Q2_K", "Q3_K_M", "Q4_K_M", "IQ3_S", "IQ3_XXS", "IQ2_S", "IQ2_XS", "IQ2_XXS",
                "IQ1_S"
            })
    void tensorsAreThoseOfTheReferenceByteForByte(String type) throws IOException {
        try (GgufFile found = quantized(type);
                GgufFile expected = GgufFile.of(Data.read(golden(type)))) {
            for (TensorInfo tensor : expected.tensors()) {
                TensorInfo ours = Objects.requireNonNull(found.tensor(tensor.name()));
                assertThat(ours.type()).as(tensor.name()).isEqualTo(tensor.type());
                assertThat(found.data(ours).mismatch(expected.data(tensor)))
                        .as("first differing byte of %s", tensor)
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IQ1_M"})
    void theWeightedErrorIsThatOfTheReference(String type) throws IOException {
        try (GgufFile source = source();
                GgufFile found = quantized(type);
                GgufFile expected = GgufFile.of(Data.read(golden(type)))) {
            for (TensorInfo tensor : expected.tensors()) {
                TensorInfo ours = Objects.requireNonNull(found.tensor(tensor.name()));
                assertThat(ours.type()).as(tensor.name()).isEqualTo(tensor.type());
                double error = error(source, found, tensor.name());
                assertThat(error)
                        .as("weighted error of %s", tensor)
                        .isLessThanOrEqualTo(BOUND * error(source, expected, tensor.name()));
            }
        }
    }

    private static Path golden(String type) {
        return MODELS.resolve(MODEL + "imat-" + type + ".gguf.gz");
    }

    private static GgufFile source() throws IOException {
        return GgufFile.of(Data.read(MODELS.resolve(MODEL + "f32.gguf.gz")));
    }

    private ImportanceMatrix matrix() throws IOException {
        Path unpacked = folder.resolve("imatrix.dat");
        Files.write(unpacked, Data.read(MODELS.resolve("imatrix-llama.cpp.dat.gz")));
        return ImportanceMatrix.read(unpacked);
    }

    private GgufFile quantized(String type) throws IOException {
        assumeTrue(Files.isDirectory(MODELS), "skipped: no reference data in " + MODELS);
        QuantizeOptions options =
                new QuantizeOptions(
                        Mixture.of(type).orElseThrow(),
                        List.of(new Override(Pattern.compile("token_embd"), TensorType.Q8_0)),
                        matrix(),
                        "imat.dat",
                        false,
                        2);
        Path target = folder.resolve(type + ".gguf");
        try (GgufFile source = source()) {
            new Quantizer(source, options).write(target, done -> {});
        }
        return GgufFile.open(target);
    }

    /** Sum of the squares of the errors, each times the importance of its column. */
    private double error(GgufFile source, GgufFile file, String name) throws IOException {
        float[] x = elements(source, name);
        float[] y = elements(file, name);
        float[] importance = matrix().values().get(name);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double difference = (double) x[i] - y[i];
            sum +=
                    difference
                            * difference
                            * (importance == null ? 1 : importance[i % importance.length]);
        }
        return Math.sqrt(sum);
    }

    private static float[] elements(GgufFile file, String name) {
        TensorInfo tensor = Objects.requireNonNull(file.tensor(name));
        float[] x = new float[(int) tensor.elements()];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, x, 0, x.length);
        return x;
    }
}
