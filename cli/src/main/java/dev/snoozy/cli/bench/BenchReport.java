package dev.snoozy.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.snoozy.cli.Models;
import dev.snoozy.format.FileTypes;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.MachineLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was measured; {@code --json} prints it as it is.
 *
 * @param kernels one line on what computes; several, if they differ with the number of threads
 * @param limits of this machine, for each number of threads; empty where they cannot be measured
 * @param versus the comparison with a peer, if one was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchReport(
        Model model,
        String kernels,
        Machine machine,
        List<MachineLimits> limits,
        List<Result> results,
        @Nullable List<Comparison> versus) {

    /**
     * The model.
     *
     * @param type as the file says, or the type of most weights
     * @param bytes of all weights
     * @param parameters number of all weights
     * @param work what a token costs
     */
    record Model(
            String file, String architecture, String type, long bytes, long parameters, Work work) {
        static Model of(Path path) throws IOException {
            try (GgufFile file = Models.open(path)) {
                return new Model(
                        path.toString(),
                        file.metadata().string("general.architecture"),
                        FileTypes.of(file),
                        file.tensors().stream().mapToLong(TensorInfo::bytes).sum(),
                        file.tensors().stream().mapToLong(TensorInfo::elements).sum(),
                        Work.of(file));
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
     * @param test {@code pp512}, {@code tg128}, {@code tg128x4}
     * @param depth tokens before those that were measured
     * @param median of the repetitions, tokens per second
     * @param repetitions in their order, tokens per second
     * @param rate what the median comes to in work, if that is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            String test,
            int threads,
            int depth,
            double median,
            List<Double> repetitions,
            @Nullable Rate rate) {
        static Result of(
                Plan.Task task,
                int threads,
                List<Double> speeds,
                Work work,
                @Nullable MachineLimits limits) {
            double median = BenchReport.median(speeds);
            return new Result(
                    task.name(),
                    threads,
                    task.depth(),
                    median,
                    List.copyOf(speeds),
                    Rate.of(task, median, work, limits));
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

    /**
     * What a speed comes to.
     *
     * @param unit {@code GB/s} read for decode, {@code GOP/s} computed for prefill
     * @param ofLimit the share of what this machine can do at most, 0 to 1, if that was measured
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Rate(double value, String unit, @Nullable Double ofLimit) {
        private static final double GIGA = 1e9;

        static Rate of(Plan.Task task, double speed, Work work, @Nullable MachineLimits limits) {
            double value =
                    task.prefill()
                            ? speed * work.prefillOperations()
                            : speed / task.sequences() * work.decodeBytes(); // read once for all
            Double share = null;
            if (limits != null) {
                double most =
                        !task.prefill()
                                ? limits.readPerSecond()
                                : work.floats()
                                        ? limits.floatsPerSecond()
                                        : limits.bytesPerSecond();
                share = value / most;
            }
            return new Rate(value / GIGA, task.prefill() ? "GOP/s" : "GB/s", share);
        }
    }

    BenchReport withVersus(List<Comparison> comparison) {
        return new BenchReport(model, kernels, machine, limits, results, List.copyOf(comparison));
    }

    /** The middle one, or the mean of the two in the middle. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }
}
