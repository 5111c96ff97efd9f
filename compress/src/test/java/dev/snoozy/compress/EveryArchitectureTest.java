package dev.snoozy.compress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.testkit.TinyModel;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Models of every architecture can be quantized, and then say nearly the same. */
class EveryArchitectureTest {
    private static final int[] TOKENS = {1, 100, 40, 77, 200, 9};

    @TempDir private Path folder;

    static List<String> decoders() {
        return TinyModel.architectures().stream().filter(n -> !TinyModel.isEncoder(n)).toList();
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void whatIsQuantizedScoresTokensMuchAsBefore(String name) throws IOException {
        byte[] model = decided(name);
        Path target = folder.resolve("out.gguf");
        try (GgufFile source = GgufFile.of(model)) {
            QuantizeOptions options = new QuantizeOptions(Mixture.of("Q8_0").orElseThrow());
            new Quantizer(source, options).write(target, done -> {});
        }
        try (GgufFile quantized = GgufFile.open(target)) {
            assertThat(quantized.tensors())
                    .extracting(TensorInfo::type)
                    .extracting(Enum::name)
                    .contains("Q8_0");
        }
        int[][] texts = texts(model);
        double[] correlations = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            float[] before = scores(GgufFile.of(model), texts[i]);
            float[] after = scores(GgufFile.open(target), texts[i]);
            correlations[i] = correlation(before, after);
        }
        Arrays.sort(correlations);
        assertThat(correlations[correlations.length / 2]).isGreaterThan(0.98);
    }

    /** A model whose router takes all experts: one that is undecided would choose others. */
    private static byte[] decided(String name) {
        TinyModel model = TinyModel.of(name);
        try (GgufFile file = GgufFile.of(model.bytes())) {
            int experts = file.metadata().integer(name + ".expert_count", 0);
            return experts == 0
                    ? model.bytes()
                    : model.with(name + ".expert_used_count", experts).bytes();
        }
    }

    /**
     * One text; or a token each, where a state of random weights changes more and more from token
     * to token with any rounding, and the sign of what a layer gives may hang on it.
     */
    private static int[][] texts(byte[] model) {
        try (GgufFile file = GgufFile.of(model)) {
            return file.tensors().stream().anyMatch(t -> t.name().contains(".ssm_"))
                    ? Arrays.stream(TOKENS).mapToObj(t -> new int[] {t}).toArray(int[][]::new)
                    : new int[][] {TOKENS};
        }
    }

    private static float[] scores(GgufFile file, int[] tokens) {
        LoadOptions options = LoadOptions.defaults().withThreads(1);
        try (LanguageModel model = LanguageModel.of(file, options);
                Evaluation text = model.evaluation()) {
            return text.append(tokens, false).getLast();
        }
    }

    private static double correlation(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        double meanA = mean(a);
        double meanB = mean(b);
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double mean(float[] x) {
        double sum = 0;
        for (float value : x) {
            sum += value;
        }
        return sum / x.length;
    }
}
