package dev.snoozy.compress.convert;

import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.Divergence;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Compares a converted model with its source: the source once more in F32, computed by the scalar
 * kernels, against the result as it will be run. The copy in F32 lies beside the result meanwhile.
 */
public final class Verifier {
    private static final int TOKENS = 64;
    private static final String TEXT =
            "The house stood at the end of the street, where the trees began. Every morning an old"
                    + " man opened the green door, looked at the sky and said what the weather would be;"
                    + " and every evening his neighbours asked him why he had been wrong again. In 1987"
                    + " he had been right 42 times, which was a record, and he was proud of it. \"Rain,\""
                    + " he said, \"cannot be foreseen by people who only look at numbers.\"";

    private Verifier() {}

    /**
     * Compares.
     *
     * @return how far the result is from the source
     * @throws ConvertException if it is farther than rounding to the type explains
     */
    public static Divergence verify(Path folder, Path result, ConvertOptions options, int threads)
            throws IOException {
        Path near = result.toAbsolutePath().getParent();
        Path exact = Files.createTempFile(near, ".verify-", ".gguf");
        LoadOptions load = LoadOptions.defaults().withThreads(threads).withContextLength(TOKENS);
        try {
            Converter.convert(folder, exact, options.withType(OutputType.F32));
            try (LanguageModel source = LanguageModel.reference(GgufFile.open(exact), exact(load));
                    LanguageModel model = LanguageModel.load(result, load)) {
                TextChunks text = TextChunks.of(model.tokenizer(), TEXT, TOKENS, 1);
                Divergence found =
                        Objects.requireNonNull(
                                new Perplexity(model, threads, (done, all, value) -> {})
                                        .compare(text, new Base.Live(source))
                                        .divergence());
                check(found, options.type());
                return found;
            }
        } catch (ModelException e) {
            throw new ConvertException("the result cannot be verified: " + e.getMessage());
        } finally {
            Files.deleteIfExists(exact);
        }
    }

    private static LoadOptions exact(LoadOptions options) {
        return options.withPrecision(Precision.F32).withCacheType(CacheType.F32);
    }

    /** The mean divergence that a type may have, several times what real models show. */
    private static double bound(OutputType type) {
        return switch (type) {
            case F32, F16 -> 1e-3;
            case AUTO, BF16 -> 1e-2;
            case Q8_0 -> 5e-2;
        };
    }

    private static void check(Divergence found, OutputType type) {
        double mean = found.divergence().value();
        if (!(mean <= bound(type))) {
            throw new ConvertException(
                    "the result differs from its source: mean KL divergence %g, expected at most %g for %s"
                            .formatted(mean, bound(type), type));
        }
    }
}
