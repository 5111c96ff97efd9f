package dev.snoozy.cli.compress;

import dev.snoozy.cli.NearNames;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.Mixture;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.imatrix.ImportanceMatrix;
import dev.snoozy.format.TensorType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** How to quantize. */
final class QuantizeFlags {
    @Option(
            names = "--imatrix",
            paramLabel = "FILE",
            description = "an importance matrix, as snoozy imatrix makes it")
    private @Nullable Path importance;

    @Option(names = "--pure", description = "one type for all matrices, whatever the mixture says")
    private boolean pure;

    @Option(
            names = "--tensor-type",
            paramLabel = "REGEX=TYPE",
            description =
                    "the type of tensors whose names contain a match; may be repeated, the first"
                            + " that fits decides")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--allow-requantize",
            description = "quantize what is quantized already; it loses more than starting anew")
    private boolean allowRequantize;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "default: all processors")
    private @Nullable Integer threads;

    /** The options for a mixture. */
    QuantizeOptions options(String type) throws IOException {
        return options(mixture(type));
    }

    /** The options for types that are still to be chosen. */
    QuantizeOptions forTarget() throws IOException {
        if (pure) {
            throw new WrongUseException(
                    "--pure goes with TYPE: a target is met by several types; cure: leave it out");
        }
        return options(mixture("F16"));
    }

    private QuantizeOptions options(Mixture mixture) throws IOException {
        if (importance != null && !Files.isRegularFile(importance)) {
            throw new NoSuchFileException(importance.toString());
        }
        if (threads != null && threads < 1) {
            throw new WrongUseException("--threads: expected 1 or more, found " + threads);
        }
        return new QuantizeOptions(
                pure ? mixture.pure() : mixture,
                overrides.stream().map(QuantizeFlags::override).toList(),
                importance == null ? null : ImportanceMatrix.read(importance),
                importance == null ? "" : String.valueOf(importance.getFileName()),
                allowRequantize,
                threads == null ? Runtime.getRuntime().availableProcessors() : threads);
    }

    private static Mixture mixture(String name) {
        List<String> names = Mixture.all().stream().map(Mixture::name).toList();
        return Mixture.of(name)
                .orElseThrow(() -> new WrongUseException(NearNames.unknown("TYPE", name, names)));
    }

    private static QuantizeOptions.Override override(String text) {
        int equals = text.lastIndexOf('=');
        if (equals < 1) {
            throw new WrongUseException(
                    "--tensor-type: expected REGEX=TYPE, found \"" + text + "\"");
        }
        String name = text.substring(equals + 1);
        TensorType type =
                QuantizeOptions.types().stream()
                        .filter(t -> t.name().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() ->
                                new WrongUseException(
                                        NearNames.unknown("--tensor-type", name, names())));
        try {
            return new QuantizeOptions.Override(Pattern.compile(text.substring(0, equals)), type);
        } catch (PatternSyntaxException e) {
            throw new WrongUseException("--tensor-type: " + e.getMessage());
        }
    }

    private static List<String> names() {
        return Stream.of(TensorType.values())
                .filter(QuantizeOptions.types()::contains)
                .map(TensorType::name)
                .toList();
    }
}
