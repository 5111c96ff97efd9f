package dev.snoozy.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps of texts of one length: a later one allocates no more than an earlier one, and keeps none.
 */
class GarbageTest {
    private static final String BASE = "stories260K/stories260K-f32.gguf";
    private static final int STEPS = 30;

    /** Until then code is compiled and buffers find their size. */
    private static final int SETTLED = 10;

    private static final int LAST = 10;

    /** How much more the median of the last steps may be than that of the first settled ones. */
    private static final double SLACK = 1.01;

    /** What 20 steps may keep: their lines of the history, and what the virtual machine needs. */
    private static final long KEPT = 512 << 10;

    @TempDir Path folder;

    @Test
    void laterStepsAllocateNoMoreAndTheHeapDoesNotGrow() throws IOException {
        Path base = TrainingReference.model(BASE);
        Assumptions.assumeTrue(Files.exists(base), "no reference data: " + base);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Assumptions.assumeTrue(threads.isThreadAllocatedMemoryEnabled(), "nothing is counted");
        List<String> rows = new ArrayList<>();
        for (int i = 10; i < 42; i++) { // a digit is a token
            rows.add("{\"prompt\": \"say %d\", \"response\": \"it is %d\"}".formatted(i, i));
        }
        Path data = Files.write(folder.resolve("data.jsonl"), rows);
        long[] allocated = new long[STEPS];
        int[] tokens = new int[STEPS];
        long[] used = new long[STEPS];
        TuneListener listener =
                new TuneListener() {
                    private long before;

                    @Override
                    public void planned(TunePlan plan) {
                        before = threads.getTotalThreadAllocatedBytes();
                    }

                    @Override
                    public void step(StepReport report) {
                        int step = report.step() - 1;
                        allocated[step] = threads.getTotalThreadAllocatedBytes() - before;
                        tokens[step] = report.tokens();
                        if (report.step() == SETTLED || report.step() == STEPS) {
                            used[step] = usedAfterCollection();
                        }
                        before = threads.getTotalThreadAllocatedBytes();
                    }
                };
        new Tuning(base, data, folder.resolve("run"), options(), listener).run(false);

        assertThat(tokens).containsOnly(tokens[0]);
        long early = median(allocated, SETTLED, SETTLED + LAST);
        long late = median(allocated, STEPS - LAST, STEPS);
        assertThat(late).as("bytes of a step").isLessThanOrEqualTo((long) (early * SLACK));
        assertThat(used[STEPS - 1] - used[SETTLED - 1]).as("bytes kept").isLessThan(KEPT);
    }

    private static long usedAfterCollection() {
        System.gc();
        System.gc(); // what was still referred to weakly by the first
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long median(long[] values, int from, int to) {
        long[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static TuneOptions options() {
        return new TuneOptions(
                new LoraOptions(4, 8, false, 0.1, List.of(LoraOptions.ALL)),
                OptimizerOptions.of(0.001),
                Schedule.CONSTANT,
                2,
                8,
                100,
                STEPS,
                64,
                64,
                0,
                100,
                100,
                0,
                TuneOptions.Form.GPT4ALL,
                Precision.F32,
                2,
                7);
    }
}
