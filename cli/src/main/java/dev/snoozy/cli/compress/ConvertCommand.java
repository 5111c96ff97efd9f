package dev.snoozy.cli.compress;

import dev.snoozy.cli.Printable;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.convert.ConvertOptions;
import dev.snoozy.compress.convert.Converter;
import dev.snoozy.compress.convert.OutputType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code snoozy convert}: models between Hugging Face's form and GGUF. */
@Command(
        name = "convert",
        description = "Convert a model's folder from Hugging Face to GGUF.",
        footer = {
            "",
            "Example:",
            "  snoozy convert Llama-3.2-1B/ llama-1b.gguf --type bf16",
        },
        mixinStandardHelpOptions = true)
public final class ConvertCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FROM", description = "a model's folder")
    private Path from = Path.of("");

    @Parameters(index = "1", paramLabel = "TO", description = "the GGUF file to write")
    private Path to = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "f32, f16, bf16, q8_0, or auto (default): what the checkpoint has")
    private String type = "auto";

    @Option(
            names = "--pre",
            paramLabel = "NAME",
            description = "name of the pre-tokenizer, where it cannot be found out")
    private @Nullable String pre;

    @Option(
            names = "--ignore",
            paramLabel = "KEY",
            description = "a key of config.json that changes nothing; may be repeated")
    private List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        OutputType wanted = OutputType.of(type);
        if (!Files.isDirectory(from)) {
            throw new WrongUseException("expected a model's folder, found " + from);
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (Progress progress = Progress.of("converting", 1)) {
            ConvertOptions options =
                    new ConvertOptions(wanted, pre, Set.copyOf(ignored), progress::done);
            Converter.Converted converted = Converter.convert(from, to, options);
            progress.close();
            out.printf(
                    Locale.ROOT,
                    "wrote %s: %s, %d tensors, %s%n",
                    to,
                    converted.architecture(),
                    converted.tensors(),
                    Printable.bytes(converted.bytes()));
        }
        out.flush();
        return 0;
    }
}
