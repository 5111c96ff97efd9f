package dev.snoozy.cli.eval;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.PerplexityResult;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.GenerationOptions;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.SamplingOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is asked of a model beside the tasks: a text to foresee, and prompts to go on with. */
final class SpotChecks {
    private static final int CHUNK = 512;
    private static final int TOKENS = 48;

    @Option(
            names = "--perplexity",
            paramLabel = "FILE",
            description = "also measure the perplexity of this text")
    private @Nullable Path text;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description =
                    "also show how the model goes on with this, by its likeliest tokens; may be"
                            + " given several times")
    private List<String> prompts = new ArrayList<>();

    /**
     * What came of them.
     *
     * @param perplexity of the text, and its standard error; null without a text
     */
    record Result(@Nullable Measured perplexity, List<Sample> samples) {
        Result {
            samples = List.copyOf(samples);
        }
    }

    /** A figure with its standard error. */
    record Measured(double value, double error) {}

    /** A prompt and how the model went on. */
    record Sample(String prompt, @JsonProperty("continuation") String text) {}

    /** Refuses what cannot be measured. */
    void check() {
        if (text != null && !Files.isRegularFile(text)) {
            throw new WrongUseException("--perplexity: there is no file " + text);
        }
    }

    Result of(LanguageModel model) throws IOException {
        List<Sample> samples = new ArrayList<>();
        GenerationOptions options =
                GenerationOptions.defaults()
                        .withMaxTokens(TOKENS)
                        .withSampling(SamplingOptions.greedy());
        for (String prompt : prompts) {
            samples.add(new Sample(prompt, model.generate(prompt, options).text()));
        }
        return new Result(text == null ? null : perplexity(model, text), samples);
    }

    private static Measured perplexity(LanguageModel model, Path file) throws IOException {
        int chunk = Math.min(CHUNK, model.contextLength());
        TextChunks chunks = TextChunks.of(model.tokenizer(), Files.readString(file), chunk, 0);
        PerplexityResult result = new Perplexity(model, 1, (done, all, value) -> {}).of(chunks);
        return new Measured(result.perplexity().value(), result.perplexity().error());
    }
}
