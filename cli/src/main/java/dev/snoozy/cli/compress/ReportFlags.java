package dev.snoozy.cli.compress;

import dev.snoozy.cli.WrongUseException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;

/** A comparison of types instead of one file. */
final class ReportFlags {
    /** What people choose among, from large to small. */
    private static final List<String> USUAL =
            List.of("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q4_0", "Q3_K_M", "Q2_K");

    @Option(
            names = "--report",
            description =
                    "instead of a model, write into the folder DIR what each TYPE costs and brings:"
                            + " report.md, report.json, report.svg (default: the usual types)")
    private boolean report;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description =
                    "with --report: the text to measure quality on, in UTF-8 (default: a short one"
                            + " that comes with Snoozy)")
    private @Nullable Path text;

    @Option(names = "--no-speed", description = "with --report: do not measure the speed")
    private boolean noSpeed;

    @Option(
            names = "--keep",
            description = "with --report: keep the quantized models in the folder")
    private boolean keep;

    /** Whether it is wanted; what belongs to it has no use alone. */
    boolean given() {
        if (!report && (text != null || noSpeed || keep)) {
            throw new WrongUseException("--text, --no-speed and --keep go with --report");
        }
        return report;
    }

    /** The types that were asked for, or the usual ones. */
    List<String> types(List<String> asked) {
        return asked.isEmpty() ? USUAL : asked.stream().distinct().toList();
    }

    /** The text, or null for the one that comes with the program. */
    @Nullable Path text() {
        return text;
    }

    boolean speed() {
        return !noSpeed;
    }

    boolean keep() {
        return keep;
    }
}
