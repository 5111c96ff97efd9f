package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.snoozy.compress.QuantizeOptions.Override;
import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.format.TensorType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class QuantizerTest {
    private static final String UP = "blk.0.ffn_up.weight";
    private static final String EXPERTS = "blk.0.ffn_up_exps.weight";

    @TempDir private Path folder;

    private static QuantizeOptions options(String type) {
        return new QuantizeOptions(Mixture.of(type).orElseThrow());
    }

    private static QuantizeOptions weighted(String type, String tensor, float[] importance) {
        Mixture mixture = Mixture.of(type).orElseThrow().pure();
        ImportanceMatrix matrix = new ImportanceMatrix(Map.of(tensor, importance), "", 0);
        return new QuantizeOptions(mixture, List.of(), matrix, "x.dat", false, 2);
    }

    private Path quantize(byte[] model, QuantizeOptions options) throws IOException {
        Path target = folder.resolve("out.gguf");
        try (GgufFile source = GgufFile.of(model)) {
            new Quantizer(source, options).write(target, done -> {});
        }
        return target;
    }

    private void refuses(byte[] model, QuantizeOptions options, String... words)
            throws IOException {
        Path target = folder.resolve("out.gguf");
        Files.writeString(target, "old");
        assertThatThrownBy(() -> quantize(model, options))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(words);
        assertThat(target).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void aMatrixOfManyChunksIsTheSameOnAnyNumberOfThreads() throws IOException {
        byte[] model = new SmallModel().with(UP, 768, 401).with("x.weight", 33).bytes();
        List<byte[]> files = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            Mixture mixture = Mixture.of("Q4_K_M").orElseThrow();
            QuantizeOptions options =
                    new QuantizeOptions(mixture, List.of(), null, "", false, threads);
            files.add(Files.readAllBytes(quantize(model, options)));
        }
        assertThat(files.get(1)).isEqualTo(files.get(0));
        assertThat(files.get(2)).isEqualTo(files.get(0));
    }

    @Test
    void progressEndsAtTheNumberOfElements() throws IOException {
        byte[] model = new SmallModel().with(UP, 768, 401).with("x.weight", 33).bytes();
        List<Long> told = new ArrayList<>();
        try (GgufFile source = GgufFile.of(model)) {
            Quantizer quantizer = new Quantizer(source, options("Q8_0"));
            quantizer.write(folder.resolve("out.gguf"), told::add);
            assertThat(told).isSorted().endsWith(quantizer.plan().elements());
        }
    }

    @Test
    void theErrorOfEachTensorIsToldAndMeasuringChangesNothing() throws IOException {
        byte[] model = new SmallModel().with(UP, 768, 401).with("x.weight", 33).bytes();
        Map<String, Double> errors = new LinkedHashMap<>();
        List<Long> told = new ArrayList<>();
        Path measured = folder.resolve("measured.gguf");
        try (GgufFile source = GgufFile.of(model)) {
            Quantizer quantizer = new Quantizer(source, options("Q4_K_M"));
            quantizer.write(
                    measured,
                    new QuantizeListener() {
                        @java.lang.Override
                        public void progress(long done) {
                            told.add(done);
                        }

                        @java.lang.Override
                        public void tensor(QuantizePlan.Choice choice, double error) {
                            errors.put(choice.target().name(), error);
                        }
                    });
            assertThat(told).isSorted().endsWith(quantizer.plan().elements());
            assertThat(errors).containsOnlyKeys(UP, "x.weight");
            assertThat(errors).containsEntry("x.weight", 0.0);
            try (GgufFile file = GgufFile.open(measured)) {
                float[] before = decoded(source, UP);
                float[] after = decoded(file, UP);
                double error = 0;
                double all = 0;
                for (int i = 0; i < before.length; i++) {
                    error += Math.pow((double) before[i] - after[i], 2);
                    all += Math.pow(before[i], 2);
                }
                assertThat(errors.get(UP)).isCloseTo(Math.sqrt(error / all), within(1e-9));
                assertThat(errors.get(UP)).isBetween(0.01, 0.2);
            }
        }
        assertThat(quantize(model, options("Q4_K_M"))).hasSameBinaryContentAs(measured);
    }

    private static float[] decoded(GgufFile file, String name) {
        TensorInfo tensor = Objects.requireNonNull(file.tensor(name));
        float[] elements = new float[(int) tensor.elements()];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, elements, 0, elements.length);
        return elements;
    }

    @Test
    void vectorsAndNormsStayAsTheyAre() throws IOException {
        SmallModel model =
                new SmallModel()
                        .with(UP, 256, 4)
                        .with("blk.0.attn_q.bias", 256)
                        .with("blk.0.attn_q_norm.weight", 256, 2);
        try (GgufFile file = GgufFile.open(quantize(model.bytes(), options("Q4_0")))) {
            assertThat(file.tensors())
                    .extracting(TensorInfo::type)
                    .containsExactly(TensorType.F32, TensorType.F32, TensorType.Q4_0);
            assertThat(elements(file, "blk.0.attn_q_norm.weight"))
                    .isEqualTo(model.elements("blk.0.attn_q_norm.weight"));
            assertThat(file.metadata().integer("general.file_type")).isEqualTo(2);
            assertThat(file.metadata().integer("general.quantization_version")).isEqualTo(2);
        }
    }

    @Test
    void weightsThatAreNotFiniteAreRefusedByName() throws IOException {
        SmallModel model = new SmallModel().with(UP, 256, 400).with("x.weight", 8);
        refuses(
                model.set(UP, 256 * 300 + 5, Float.NaN).bytes(),
                options("Q4_0"),
                UP,
                "NaN",
                "row 300, column 5");
        model.set(UP, 256 * 300 + 5, 0);
        refuses(
                model.set("x.weight", 3, Float.NEGATIVE_INFINITY).bytes(),
                options("Q4_0"),
                "x.weight",
                "-Infinity",
                "column 3");
    }

    @Test
    void weightsTooLargeForHalfPrecisionAreRefusedByName() throws IOException {
        byte[] model = new SmallModel().with(UP, 256, 4).set(UP, 7, 1e6f).bytes();
        refuses(model, options("Q4_0"), UP, "half precision", "BF16");
        refuses(model, options("F16"), UP, "half precision");
        try (GgufFile file = GgufFile.open(quantize(model, options("BF16")))) {
            assertThat(elements(file, UP)[7]).isBetween(0.99e6f, 1.01e6f);
        }
    }

    @Test
    void aFileThatIsShorterThanItSaysIsRefused() {
        byte[] model = new SmallModel().with(UP, 256, 400).bytes();
        byte[] cut = Arrays.copyOf(model, model.length - 1000);
        assertThatThrownBy(() -> quantize(cut, options("Q4_0")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(UP);
    }

    @Test
    void whatFindsNoRoomIsRefusedBeforeTheWorkBegins() {
        byte[] model = new SmallModel().with(UP, 256, 4).bytes();
        Path nowhere = folder.resolve("none").resolve("out.gguf");
        assertThatThrownBy(
                        () -> {
                            try (GgufFile source = GgufFile.of(model)) {
                                new Quantizer(source, options("Q4_0")).write(nowhere, done -> {});
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no folder")
                .hasMessageContaining("cure");
        assertThatThrownBy(() -> DiskSpace.require(folder.resolve("x"), Long.MAX_VALUE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the disk has");
    }

    @Test
    void quantizingTwiceHasToBeAskedFor() throws IOException {
        byte[] model = new SmallModel().with(UP, 256, 4).bytes();
        byte[] eight = Files.readAllBytes(quantize(model, options("Q8_0")));
        refuses(eight, options("Q4_0"), UP, "found Q8_0", "--allow-requantize");
        Mixture four = Mixture.of("Q4_0").orElseThrow();
        QuantizeOptions allowed = new QuantizeOptions(four, List.of(), null, "", true, 1);
        try (GgufFile file = GgufFile.open(quantize(eight, allowed))) {
            assertThat(type(file, UP)).isEqualTo(TensorType.Q4_0);
        }
    }

    @Test
    void typesOfFewBitsNeedAnImportanceMatrix() throws IOException {
        byte[] model = new SmallModel().with(UP, 256, 4).bytes();
        refuses(model, options("IQ2_XS"), UP, "importance matrix", "--imatrix");
        refuses(model, options("Q2_K_S"), UP, "importance matrix");
        float[] other = new float[128];
        refuses(model, weighted("IQ2_XS", UP, other), UP, "256 columns", "128");
    }

    @Test
    void everyExpertIsQuantizedByItsOwnImportance() throws IOException {
        byte[] model = new SmallModel().with(EXPERTS, 256, 3, 2).bytes();
        float[] importance = new float[512];
        for (int i = 0; i < importance.length; i++) {
            importance[i] = i < 256 ? 1 + i % 7 : 1 + i % 5;
        }
        byte[] both = quantized(model, weighted("Q4_K", EXPERTS, importance), EXPERTS);
        float[] first = Arrays.copyOf(importance, 256);
        float[] second = Arrays.copyOfRange(importance, 256, 512);
        byte[] half = quantized(model, weighted("Q4_K", EXPERTS, twice(first)), EXPERTS);
        byte[] other = quantized(model, weighted("Q4_K", EXPERTS, twice(second)), EXPERTS);
        int middle = both.length / 2;
        assertThat(Arrays.copyOf(both, middle)).isEqualTo(Arrays.copyOf(half, middle));
        assertThat(Arrays.copyOfRange(both, middle, both.length))
                .isEqualTo(Arrays.copyOfRange(other, middle, both.length))
                .isNotEqualTo(Arrays.copyOfRange(half, middle, both.length));
    }

    private byte[] quantized(byte[] model, QuantizeOptions options, String tensor)
            throws IOException {
        try (GgufFile file = GgufFile.open(quantize(model, options))) {
            assertThat(file.metadata().string("quantize.imatrix.file")).isEqualTo("x.dat");
            assertThat(file.metadata().integer("quantize.imatrix.entries_count")).isEqualTo(1);
            return file.data(Objects.requireNonNull(file.tensor(tensor)))
                    .toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static float[] twice(float[] x) {
        float[] both = Arrays.copyOf(x, 2 * x.length);
        System.arraycopy(x, 0, both, x.length, x.length);
        return both;
    }

    @Test
    void theFirstPatternThatFitsDecidesAndOneThatFitsNothingIsRefused() throws IOException {
        byte[] model =
                new SmallModel().with(UP, 256, 4).with("blk.1.ffn_up.weight", 256, 4).bytes();
        List<Override> overrides =
                List.of(
                        new Override(Pattern.compile("blk\\.1\\."), TensorType.Q8_0),
                        new Override(Pattern.compile("ffn_up"), TensorType.Q5_1));
        Mixture mixture = Mixture.of("Q4_K_M").orElseThrow();
        QuantizeOptions options = new QuantizeOptions(mixture, overrides, null, "", false, 1);
        try (GgufFile file = GgufFile.open(quantize(model, options))) {
            assertThat(type(file, UP)).isEqualTo(TensorType.Q5_1);
            assertThat(type(file, "blk.1.ffn_up.weight")).isEqualTo(TensorType.Q8_0);
        }
        List<Override> wrong = List.of(new Override(Pattern.compile("nothing"), TensorType.Q8_0));
        refuses(model, new QuantizeOptions(mixture, wrong, null, "", false, 1), "nothing");
    }

    private static TensorType type(GgufFile file, String name) {
        return Objects.requireNonNull(file.tensor(name)).type();
    }

    private static float[] elements(GgufFile file, String name) {
        TensorInfo tensor = Objects.requireNonNull(file.tensor(name));
        float[] x = new float[(int) tensor.elements()];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, x, 0, x.length);
        return x;
    }
}
