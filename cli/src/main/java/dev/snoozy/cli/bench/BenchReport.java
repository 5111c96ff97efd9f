package dev.snoozy.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.snoozy.cli.Models;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was measured; {@code --json} prints it as it is.
 *
 * @param kernels one line on what computes; several, if they differ with the number of threads
 * @param versus the comparison with a peer, if one was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchReport(
        Model model,
        String kernels,
        Machine machine,
        List<Result> results,
        @Nullable List<Comparison> versus) {

    /**
     * The model.
     *
     * @param type as the file says, or the type of most weights
     * @param bytes of all weights
     * @param parameters number of all weights
     */
    record Model(String file, String architecture, String type, long bytes, long parameters) {
        static Model of(Path path) throws IOException {
            try (GgufFile file = Models.open(path)) {
                return new Model(
                        path.toString(),
                        file.metadata().string("general.architecture"),
                        FileTypes.of(file),
                        file.tensors().stream().mapToLong(TensorInfo::bytes).sum(),
                        file.tensors().stream().mapToLong(TensorInfo::elements).sum());
            }
        }
    }

    /** Where it was measured. */
    record Machine(int processors, String os, String java) {
        static Machine here() {
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.version")
                            + " "
                            + System.getProperty("os.arch"),
                    Runtime.version().toString());
        }
    }

    /**
     * One test.
     *
     * @param test {@code pp512}, {@code tg128}
     * @param depth tokens before those that were measured
     * @param median of the repetitions, tokens per second
     * @param repetitions in their order, tokens per second
     */
    record Result(String test, int threads, int depth, double median, List<Double> repetitions) {
        static Result of(Plan.Task task, int threads, List<Double> speeds) {
            return new Result(
                    task.name(),
                    threads,
                    task.depth(),
                    BenchReport.median(speeds),
                    List.copyOf(speeds));
        }

        double slowest() {
            return repetitions.stream().mapToDouble(Double::doubleValue).min().orElse(median);
        }

        double fastest() {
            return repetitions.stream().mapToDouble(Double::doubleValue).max().orElse(median);
        }

        /** {@code pp512 @ d1024}; the depth only if there is one. */
        String title() {
            return depth == 0 ? test : test + " @ d" + depth;
        }
    }

    BenchReport withVersus(List<Comparison> comparison) {
        return new BenchReport(model, kernels, machine, results, List.copyOf(comparison));
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }
}
