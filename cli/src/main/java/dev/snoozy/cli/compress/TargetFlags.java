package dev.snoozy.cli.compress;

import dev.snoozy.cli.Input;
import dev.snoozy.cli.Loading;
import dev.snoozy.cli.Progress;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.QuantizeOptions;
import dev.snoozy.compress.SearchListener;
import dev.snoozy.compress.Target;
import dev.snoozy.compress.TargetChoice;
import dev.snoozy.compress.TargetSearch;
import dev.snoozy.engine.LoadOptions;
import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.ProbedModel;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Precision;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** A size for the result, from which the types follow. */
final class TargetFlags {
    /** The probe is read in chunks of no more. */
    private static final int CONTEXT = 256;

    @Option(
            names = "--target-size",
            paramLabel = "SIZE",
            description =
                    "instead of TYPE: the types that lose least in a file of at most this size,"
                            + " such as 4.5GB, 800MB or 4GiB")
    private @Nullable String size;

    @Option(
            names = "--target-bpw",
            paramLabel = "BITS",
            description = "instead of TYPE: the same for bits per weight on average, such as 4.5")
    private @Nullable String bits;

    @Option(
            names = "--probe",
            paramLabel = "TEXT",
            description =
                    "with a target: the text by which it is measured what errors do, in UTF-8"
                            + " (default: a short one of several languages and code)")
    private @Nullable Path probe;

    /** Whether there is one; a probe without one has no use. */
    boolean given() {
        if (probe != null && size == null && bits == null) {
            throw new WrongUseException("--probe goes with --target-size or --target-bpw");
        }
        return size != null || bits != null;
    }

    /** What is wanted. */
    Target target() {
        if (size != null && bits != null) {
            throw new WrongUseException("expected one of --target-size and --target-bpw");
        }
        try {
            return size != null
                    ? new Target.FileSize(Sizes.bytes(size), size.strip())
                    : new Target.BitsPerWeight(number(String.valueOf(bits)));
        } catch (IllegalArgumentException e) {
            String flag = size != null ? "--target-size: " : "--target-bpw: ";
            throw new WrongUseException(flag + e.getMessage());
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number such as 4.5, found " + text);
        }
    }

    /** Searches the types for a model. */
    TargetChoice choose(Path model, GgufFile source, QuantizeOptions options, PrintWriter err)
            throws IOException {
        String text = probe == null ? TargetSearch.builtInProbe() : Input.file(probe);
        TargetSearch search = new TargetSearch(source, options, target());
        try (ProbedModel probed = load(model, source, options, err);
                SearchProgress progress = new SearchProgress()) {
            return probed == null ? search.choose(progress) : search.choose(probed, text, progress);
        }
    }

    /** The model, or null if it cannot be run and an importance matrix is there instead. */
    private static @Nullable ProbedModel load(
            Path model, GgufFile source, QuantizeOptions options, PrintWriter err)
            throws IOException {
        LoadOptions load =
                LoadOptions.defaults()
                        .withThreads(options.threads())
                        .withContextLength(CONTEXT)
                        .withPrefixMemory(0);
        if (source.tensors().stream().allMatch(TargetFlags::isFloat)) {
            load = load.withPrecision(Precision.F32).withCacheType(CacheType.F32);
        }
        try {
            return Loading.of(model, load, err, ProbedModel::of);
        } catch (ModelException e) {
            if (options.importance() == null) {
                throw new FormatException(
                        "the model cannot be run, so what errors in its tensors do cannot be measured ("
                                + e.getMessage()
                                + "); cure: --imatrix FILE, by which errors are weighed instead",
                        e);
            }
            err.println(
                    "snoozy: errors are weighed by the importance matrix alone, since the model"
                            + " cannot be run: "
                            + e.getMessage());
            return null;
        }
    }

    private static boolean isFloat(TensorInfo tensor) {
        return tensor.type().blockSize() == 1;
    }

    /** One line for each of the two parts of a search. */
    private static final class SearchProgress implements SearchListener, AutoCloseable {
        private final Progress probing = Progress.of("probing tensors", 1);
        private @Nullable Progress measuring;

        @Override
        public void probed(int groups, int all) {
            probing.done(groups, all);
        }

        @Override
        public void measured(int tensors, int all) {
            Progress line = measuring;
            if (line == null) {
                probing.close();
                line = Progress.of("measuring types", all);
                measuring = line;
            }
            line.done(tensors);
        }

        @Override
        public void close() {
            probing.close();
            if (measuring != null) {
                measuring.close();
            }
        }
    }
}
