package dev.snoozy.cli.compress;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Models;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.imatrix.ImatrixCollector;
import dev.snoozy.compress.imatrix.ImatrixFile;
import dev.snoozy.compress.perplexity.TextChunks;
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
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code snoozy imatrix}: which inputs of a model's weights matter, for {@code quantize}. */
@Command(
        name = "imatrix",
        description = "Measure which inputs of a model's weights matter, for quantizing.",
        footer = {
            "",
            "Take a text like those the model is for, and never one that it will be measured by.",
            "",
            "Example:",
            "  snoozy imatrix model-F16.gguf -f calibration.txt -o model.imatrix.gguf",
            "  snoozy imatrix model-F16.gguf -f calibration.txt -o imatrix.dat --format dat"
        },
        mixinStandardHelpOptions = true)
public final class ImatrixCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    /** The forms of llama.cpp. */
    private enum Form {
        GGUF,
        DAT
    }

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "a GGUF file or the name of a model; best before any quantizing")
    private String name = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "TEXT",
            required = true,
            description = "the text, in UTF-8")
    private Path text = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "where to write the importance matrix")
    private Path output = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORM",
            description = "gguf (default), or dat, for programs from before August 2025")
    private Form format = Form.GGUF;

    @Option(
            names = {"-c", "--ctx"},
            paramLabel = "N",
            description = "tokens per chunk (default: 512)")
    private int chunkSize = 512;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            description = "chunks to read at most (default: all)")
    private int chunks;

    @Mixin private MeasuringFlags measuring = new MeasuringFlags();

    @Override
    public Integer call() throws IOException {
        if (chunks < 0) {
            throw new WrongUseException("--chunks: expected 1 or more, found " + chunks);
        }
        String words = Input.file(text);
        LoadOptions options = measuring.options().withContextLength(chunkSize);
        try (ImatrixCollector collector =
                Loading.of(Models.find(name), options, err(), ImatrixCollector::new)) {
            TextChunks read =
                    TextChunks.of(collector.model().tokenizer(), words, chunkSize, chunks);
            ImatrixFile imatrix;
            try (Progress progress = Progress.of("reading " + text.getFileName(), read.count())) {
                String dataset = String.valueOf(text.getFileName());
                imatrix = collector.collect(read, dataset, progress::done);
            }
            write(imatrix);
            return 0;
        }
    }

    private void write(ImatrixFile imatrix) throws IOException {
        switch (format) {
            case GGUF -> imatrix.write(output);
            case DAT -> imatrix.writeLegacy(output);
        }
        imatrix.unseen()
                .forEach((weight, count) ->
                        err().printf(
                                        Locale.ROOT,
                                        "snoozy: %s: no token went to %d of its %d experts;"
                                                + " cure: a longer text%n",
                                        weight,
                                        count,
                                        Objects.requireNonNull(imatrix.entries().get(weight))
                                                .matrices()));
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "wrote %s: %d weights, %d chunks of %d tokens%n",
                output,
                imatrix.entries().size(),
                imatrix.chunks(),
                imatrix.chunkSize());
        out.flush();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
