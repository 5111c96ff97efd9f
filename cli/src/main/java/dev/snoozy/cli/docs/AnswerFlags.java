package dev.snoozy.cli.docs;

import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.SamplingOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;

/** The model that answers, and how. */
final class AnswerFlags {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            required = true,
            description = "the model that writes, a GGUF file or a name; best one tuned for chat")
    private String model = "";

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "write at most N tokens (default: ${DEFAULT-VALUE})")
    private int maxTokens = 1024;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            defaultValue = "0",
            description = "0 always takes the likeliest token (default: ${DEFAULT-VALUE})")
    private float temperature;

    @Option(names = "--seed", paramLabel = "N", description = "the same seed, the same text")
    private @Nullable Long seed;

    @Option(
            names = "--ctx",
            paramLabel = "N",
            description = "context length in tokens (default: the model's own)")
    private @Nullable Integer context;

    LanguageModel load(PrintWriter err) throws IOException {
        LoadOptions options = LoadOptions.defaults();
        if (context != null) {
            options = options.withContextLength(context);
        }
        return Loading.of(Models.find(model), options, err);
    }

    GenerationOptions generation() {
        SamplingOptions.Builder sampling = SamplingOptions.builder().temperature(temperature);
        if (seed != null) {
            sampling.seed(seed);
        }
        return GenerationOptions.defaults().withMaxTokens(maxTokens).withSampling(sampling.build());
    }
}
