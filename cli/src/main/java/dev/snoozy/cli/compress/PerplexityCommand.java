package dev.snoozy.cli.compress;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Json;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.perplexity.Base;
import dev.snoozy.compress.perplexity.LogitsFile;
import dev.snoozy.compress.perplexity.Perplexity;
import dev.snoozy.compress.perplexity.PerplexityResult;
import dev.snoozy.compress.perplexity.TextChunks;
import dev.snoozy.engine.LanguageModel;
import dev.snoozy.engine.LoadOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy perplexity}: how well a model foresees a text, and how far it is from another. */
@Command(
        name = "perplexity",
        description = "Measure how well a model foresees a text, and how far it is from another.",
        footer = {
            "",
            "The text is cut into chunks of --ctx tokens by the rules of llama.cpp; the second half of",
            "each is scored. Figures have their standard errors.",
            "",
            "Example:",
            "  snoozy perplexity model-Q4_K_M.gguf -f wiki.test.raw",
            "  snoozy perplexity model-Q4_K_M.gguf -f wiki.test.raw --base model-F16.gguf",
            "  snoozy perplexity model-F16.gguf -f wiki.test.raw --save-base base.bin",
            "  snoozy perplexity model-Q4_K_M.gguf --kl-base base.bin --json"
        },
        mixinStandardHelpOptions = true)
public final class PerplexityCommand implements Callable<Integer> {
    private static final int CHUNK = 512;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a GGUF file or the name of a model")
    private String name = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "TEXT",
            description = "the text, in UTF-8; that of the base with --kl-base")
    private @Nullable Path text;

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            description = "tokens per chunk (default: 512)")
    private @Nullable Integer chunkSize;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            description = "chunks to measure at most (default: all)")
    private int chunks;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "compare with this model, which is run beside the first")
    private @Nullable String base;

    @Option(
            names = "--kl-base",
            paramLabel = "FILE",
            description = "compare with the logits in this file, of --save-base or of llama.cpp")
    private @Nullable Path klBase;

    @Option(
            names = "--save-base",
            paramLabel = "FILE",
            description =
                    "write the logits as a base for others (16 bit for each token and token"
                            + " of the vocabulary)")
    private @Nullable Path saveBase;

    @Mixin private MeasuringFlags measuring = new MeasuringFlags();

    @Option(names = "--json", description = "print one JSON object and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        check();
        try (LogitsFile file = klBase == null ? null : LogitsFile.open(present(klBase));
                LanguageModel model = load(name, file)) {
            PerplexityResult result = measure(model, file);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            if (json) {
                out.println(
                        Json.write(new PerplexityReport(name, measuring.activations(), result)));
            } else {
                PerplexityReport.print(result, out);
            }
            out.flush();
            return 0;
        }
    }

    private void check() {
        int wanted = (base == null ? 0 : 1) + (klBase == null ? 0 : 1) + (saveBase == null ? 0 : 1);
        if (wanted > 1) {
            throw new WrongUseException(
                    "expected at most one of --base, --kl-base and --save-base");
        }
        if (text == null && klBase == null) {
            throw new WrongUseException("expected a text: -f FILE");
        }
        if (chunks < 0) {
            throw new WrongUseException("--chunks: expected 1 or more, found " + chunks);
        }
    }

    private static Path present(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new WrongUseException("--kl-base: no such file: " + file);
        }
        return file;
    }

    private int chunkSize(@Nullable LogitsFile file) {
        return Objects.requireNonNullElse(chunkSize, file == null ? CHUNK : file.chunkSize());
    }

    private LanguageModel load(String model, @Nullable LogitsFile file) throws IOException {
        LoadOptions options = measuring.options().withContextLength(chunkSize(file));
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        return Loading.of(Models.find(model), options, err);
    }

    private PerplexityResult measure(LanguageModel model, @Nullable LogitsFile file)
            throws IOException {
        try (Progress progress = Progress.of("perplexity", 1)) {
            Perplexity perplexity =
                    new Perplexity(
                            model,
                            measuring.threads(),
                            (done, all, value) -> {
                                progress.says(
                                        String.format(
                                                Locale.ROOT,
                                                "perplexity %.4f after chunk %d of %d,",
                                                value,
                                                done,
                                                all));
                                progress.done(done, all);
                            });
            TextChunks all =
                    text == null
                            ? perplexity.textOf(Objects.requireNonNull(file))
                            : TextChunks.of(
                                    model.tokenizer(), Input.file(text), chunkSize(file), 0);
            TextChunks chosen = all.first(chunks);
            if (saveBase != null) {
                return perplexity.save(chosen, saveBase);
            }
            if (file != null) {
                return perplexity.compare(chosen, file);
            }
            if (base != null) {
                try (LanguageModel other = load(base, null)) {
                    return perplexity.compare(chosen, new Base.Live(other));
                }
            }
            return perplexity.of(chosen);
        }
    }
}
