package dev.snoozy.cli;

import dev.snoozy.engine.LoadOptions;
import dev.snoozy.format.Fit;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.MemoryNeed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@code snoozy run} takes against what it was reckoned to take: a process for each file and
 * context, which fills it. Run by hand: {@code FitMeasurement 2048,8192,32768 FILE...}. Prints MiB.
 */
final class FitMeasurement {
    private static final double MIB = 1 << 20;

    private FitMeasurement() {}

    /** Prints a line for each file and context. */
    public static void main(String[] arguments) throws Exception {
        int[] contexts =
                Arrays.stream(arguments[0].split(",")).mapToInt(Integer::parseInt).toArray();
        System.out.println(
                "file | context | weights | KV | compute | program | total | measured | ratio");
        for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
            for (int context : contexts) {
                measure(Path.of(file), context);
            }
        }
    }

    private static void measure(Path file, int context) throws IOException, InterruptedException {
        Fit fit;
        try (GgufFile gguf = GgufFile.open(file)) {
            fit = fit(gguf, context, LoadOptions.defaults());
        }
        MeasuredRun run = MeasuredRun.of(file, context);
        System.out.printf(
                Locale.ROOT,
                "%s | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.3f%n",
                file.getFileName(),
                run.prompt() + run.generated(),
                fit.weights() / MIB,
                (fit.kvCache() + fit.remembered()) / MIB,
                fit.compute() / MIB,
                fit.program() / MIB,
                fit.total() / MIB,
                run.peak() / MIB,
                fit.total() / (double) run.peak());
    }

    /** What is reckoned for a text of a length. */
    static Fit fit(GgufFile file, int context, LoadOptions options) {
        MemoryNeed need = MemoryReckoning.of(file, options).orElseThrow();
        return need.at(context, MemoryReckoning.limits(options));
    }
}
