package dev.snoozy.compress.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;
import dev.snoozy.testkit.Data;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Perplexity and divergence against what llama.cpp measured on the same texts. */
class ReferencePerplexityTest {
    private static final Path MODELS = Data.shared().resolve("models").resolve("stories260K");
    private static final int CHUNK = 256;

    /** Bound for weights in F32: another order of sums. */
    private static final double EXACT = 1e-3;

    /** Bound for quantized weights: the reference rounds activations to 8 bit too. */
    private static final double QUANTIZED = 1e-2;

    private static final Pattern CHUNK_VALUE = Pattern.compile("\\[(\\d+)\\]([0-9.]+)");

    @TempDir private Path folder;

    @TestFactory
    Stream<DynamicTest> perplexityAgreesWithTheReference() throws IOException {
        Path facts = MODELS.resolve("perplexity-llama.cpp.txt");
        assumeTrue(Files.exists(facts), "no reference data in " + MODELS);
        return Files.readAllLines(facts).stream()
                .map(line -> line.split(" ", 3))
                .map(row ->
                        DynamicTest.dynamicTest(
                                row[1] + " on " + row[0], () -> agrees(row[0], row[1], row[2])));
    }

    private static void agrees(String text, String model, String expected) throws IOException {
        PerplexityResult found = measure(model, text);
        boolean exact = model.endsWith("f32");
        Matcher chunks = CHUNK_VALUE.matcher(expected);
        int count = 0;
        while (chunks.find()) {
            double value = Double.parseDouble(chunks.group(2));
            double ours = found.running().get(count++);
            assertThat(ours)
                    .as("chunk %d", count)
                    .isCloseTo(value, within(value * (exact ? EXACT : QUANTIZED)));
        }
        assertThat(found.running()).hasSize(count);
        Matcher last = Pattern.compile("PPL = ([0-9.]+) \\+/- ([0-9.]+)").matcher(expected);
        assertThat(last.find()).isTrue();
        double value = Double.parseDouble(last.group(1));
        double error = Double.parseDouble(last.group(2));
        double bound = exact ? EXACT : QUANTIZED;
        assertThat(found.perplexity().value()).isCloseTo(value, within(bound * value));
        assertThat(found.perplexity().error()).isCloseTo(error, within(bound * error));
    }

    /** The base's logits in a file, since the reference's figures come of such a file too. */
    @TestFactory
    Stream<DynamicTest> divergenceAgreesWithTheReference() throws IOException {
        Path facts = MODELS.resolve("kld-llama.cpp.txt");
        assumeTrue(Files.exists(facts), "no reference data in " + MODELS);
        Path base = folder.resolve("base.bin");
        try (LanguageModel model = load("stories260K-wide256-f32")) {
            perplexity(model).save(text(model, "tinystories_sample.txt"), base);
        }
        Map<String, List<String>> rows = new LinkedHashMap<>();
        List<String> row = new ArrayList<>();
        for (String line : Files.readAllLines(facts)) {
            if (line.startsWith("== ")) {
                row = new ArrayList<>();
                rows.put(line.substring(3), row);
            } else {
                row.add(line);
            }
        }
        return rows.entrySet().stream()
                .map(e ->
                        DynamicTest.dynamicTest(
                                e.getKey(), () -> diverges(e.getKey(), e.getValue(), base)));
    }

    private static void diverges(String type, List<String> expected, Path base) throws IOException {
        try (LanguageModel model = load("stories260K-wide256-" + type);
                LogitsFile file = LogitsFile.open(base)) {
            Perplexity perplexity = perplexity(model);
            PerplexityResult found = perplexity.compare(perplexity.textOf(file), file);
            Divergence divergence = requireNonNull(found.divergence());
            check(found.perplexity(), expected, "Mean PPL(Q) ", 1, QUANTIZED);
            check(divergence.basePerplexity(), expected, "Mean PPL(base)", 1, EXACT);
            check(divergence.ratio(), expected, "Mean PPL(Q)/PPL(base)", 1, QUANTIZED);
            // Rounding activations to 8 bit is most of the noise beside weights of 6 and 8 bits.
            boolean fine = type.equals("Q8_0") || type.equals("Q6_K");
            double bound = fine ? 0.6 : 0.02;
            check(divergence.divergence(), expected, "Mean    KLD", 1, bound);
            check(divergence.sameTop(), expected, "Same top p", 100, fine ? 0.02 : 0.015);
        }
    }

    private static void check(
            Estimate found, List<String> expected, String name, int factor, double bound) {
        String line = expected.stream().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
        String[] numbers = line.substring(line.indexOf(':') + 1).replace("%", "").split("±");
        double value = Double.parseDouble(numbers[0]);
        assertThat(factor * found.value()).as(name).isCloseTo(value, within(bound * value));
        double error = Double.parseDouble(numbers[1]);
        double errorBound = Math.max(bound, 0.05) * (bound > 0.01 ? 10 : 1);
        assertThat(factor * found.error()).as(name).isCloseTo(error, within(errorBound * error));
    }

    private static PerplexityResult measure(String name, String text) throws IOException {
        try (LanguageModel model = load(name)) {
            return perplexity(model).of(text(model, text));
        }
    }

    private static Perplexity perplexity(LanguageModel model) {
        return new Perplexity(model, 2, (done, all, value) -> {});
    }

    private static TextChunks text(LanguageModel model, String name) throws IOException {
        String file =
                switch (name) {
                    case "wt20k.txt" -> "wikitext-2-test-first20000bytes.txt";
                    case "wp20k.txt" -> "war-and-peace-first20000bytes.txt";
                    default -> name;
                };
        String text = Files.readString(Data.shared().resolve("text").resolve(file));
        return TextChunks.of(model.tokenizer(), text, CHUNK, 0);
    }

    private static LanguageModel load(String name) throws IOException {
        Path file = MODELS.resolve(name + ".gguf");
        byte[] bytes = Data.read(Files.exists(file) ? file : MODELS.resolve(name + ".gguf.gz"));
        LoadOptions options =
                LoadOptions.defaults()
                        .withThreads(2)
                        .withPrecision(Precision.F32)
                        .withCacheType(CacheType.F32);
        return LanguageModel.of(GgufFile.of(bytes), options);
    }
}
