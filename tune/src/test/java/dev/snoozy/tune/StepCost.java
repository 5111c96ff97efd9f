package dev.snoozy.tune;

import com.sun.management.OperatingSystemMXBean;

import dev.snoozy.engine.Network;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a step of training costs beside one evaluation of the same tokens (prefill: scores of the
 * last token of a text alone), in seconds of processors, in turns; once with all that layers gave
 * kept in memory, once with all of it computed again. Run by hand: {@code StepCost FILE [TEXTS
 * [LENGTH [LEARNT [ROUNDS]]]]}, where LEARNT is the part of each text that is learnt. For a file of
 * fewer layers than its model has, that part should be less by the same factor: scores of the
 * vocabulary weigh more there.
 */
final class StepCost {
    private StepCost() {}

    /** Prints each round and the medians. */
    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        int texts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        int length = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 512;
        double learnt = arguments.length > 3 ? Double.parseDouble(arguments[3]) : 1;
        int rounds = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 3;
        int threads = Runtime.getRuntime().availableProcessors();
        try (GgufFile file = GgufFile.open(path);
                Kernels plain = Kernels.create(threads, Precision.EIGHT_BIT);
                Network network = Network.of(file, length, plain);
                Learner learner =
                        Learner.on(Kernels.create(threads, Precision.EIGHT_BIT), file, length, 0)) {
            learner.adapt(TuneOptions.snoozy().lora(), new SplittableRandom(1));
            AdamW optimizer = new AdamW(OptimizerOptions.of(1e-4), learner.adapters());
            List<Sample> samples = samples(texts, length, learnt);
            double[][] seconds = new double[4][rounds];
            for (int i = -1; i < rounds; i++) { // the first round packs weights and compiles
                double forward = seconds(() -> prefill(network, plain, samples));
                learner.keep(Long.MAX_VALUE);
                double kept = seconds(() -> step(learner, optimizer, samples));
                learner.keep(0);
                double again = seconds(() -> step(learner, optimizer, samples));
                double losses = seconds(() -> samples.forEach(one -> learner.losses(List.of(one))));
                tell("round", forward, kept, again, losses);
                if (i >= 0) {
                    seconds[0][i] = forward;
                    seconds[1][i] = kept;
                    seconds[2][i] = again;
                    seconds[3][i] = losses;
                }
            }
            for (double[] each : seconds) {
                Arrays.sort(each);
            }
            int middle = rounds / 2;
            tell(
                    "median",
                    seconds[0][middle],
                    seconds[1][middle],
                    seconds[2][middle],
                    seconds[3][middle]);
            System.out.printf("forward %.0f t/s%n", texts * length / seconds[0][middle]);
        }
    }

    private static void tell(
            String what, double forward, double kept, double again, double losses) {
        System.out.printf(
                "%s: forward %.3f s, step %.3f s (%.2f times), all computed again %.3f s (%.2f"
                        + " times); losses with adapters %.3f s%n",
                what, forward, kept, kept / forward, again, again / forward, losses);
    }

    private static List<Sample> samples(int texts, int length, double part) {
        SplittableRandom random = new SplittableRandom(7);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            int[] tokens = random.ints(length + 1, 10, 16_000).toArray();
            boolean[] learnt = new boolean[length + 1];
            Arrays.fill(learnt, length + 1 - (int) Math.round(part * length), length + 1, true);
            samples.add(new Sample(tokens, learnt));
        }
        return samples;
    }

    /** Of all processors together, so that what others do on the machine counts little. */
    private static double seconds(Runnable work) {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long start = system.getProcessCpuTime();
        work.run();
        return (system.getProcessCpuTime() - start) / 1e9;
    }

    private static void prefill(Network network, Kernels kernels, List<Sample> samples) {
        for (Sample sample : samples) {
            int[] last = {sample.tokens().length - 2};
            try (Network.Pass pass = network.begin(List.of(sample.inputs()), List.of(last))) {
                pass.logits(pass.hidden());
            }
            kernels.recycle();
        }
    }

    private static void step(Learner learner, AdamW optimizer, List<Sample> samples) {
        int targets = samples.stream().mapToInt(Sample::targets).sum();
        for (Sample sample : samples) {
            learner.learn(List.of(sample), 1.0 / targets, 0, 0);
        }
        AdamW.norm(learner.adapters());
        optimizer.step(learner.adapters(), 1e-4, 1);
        learner.changed();
    }
}
