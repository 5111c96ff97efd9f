package dev.snoozy.cli.bench;

import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** A model to make up. */
final class RandomFlags {
    private static final long SEED = 1;

    @Option(
            names = "--random",
            paramLabel = "SHAPE",
            description =
                    "make up a model: llama-1b, llama-8b, llama-13b, llama-small, qwen3-0.6b,"
                            + " gemma-small, moe-small, tiny")
    private @Nullable String shape;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "its number format, such as Q4_0, or a mixture: Q4_K_M, Q4_K_S, Q5_K_M, Q3_K_M,"
                            + " Q2_K")
    private @Nullable String type;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it")
    private @Nullable Path out;

    @Option(names = "--seed", paramLabel = "N", description = "of its weights (default: 1)")
    private @Nullable Long seed;

    @Option(
            names = "--vocab",
            paramLabel = "MODEL",
            description = "take the tokenizer of this model (default: a made-up one)")
    private @Nullable String vocabulary;

    @Option(names = "--write-only", description = "write it and measure nothing")
    private boolean writeOnly;

    /** Whether a model is to be made up. */
    boolean wanted() {
        if (shape == null
                && (writeOnly
                        || Stream.of(type, out, seed, vocabulary).anyMatch(Objects::nonNull))) {
            throw new WrongUseException(
                    "--type, --out, --seed, --vocab and --write-only go with --random SHAPE");
        }
        return shape != null;
    }

    boolean writeOnly() {
        return writeOnly;
    }

    /** Writes the model; its file. */
    Path write() throws IOException {
        if (shape == null || type == null || out == null) {
            throw new WrongUseException("--random SHAPE needs --type TYPE and --out FILE");
        }
        long number = Objects.requireNonNullElse(seed, SEED);
        RandomModel.of(Shape.of(shape), RandomTypes.of(type), number, vocabulary).write(out);
        return out;
    }
}
