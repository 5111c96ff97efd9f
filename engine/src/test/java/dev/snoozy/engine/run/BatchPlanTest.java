package dev.snoozy.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.snoozy.engine.Priority;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.engine.state.CachePlan;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Who has a part in a batch. */
class BatchPlanTest {
    private static final int CONTEXT = 1 << 20;

    private final Kernels kernels = Kernels.create(1, Precision.EIGHT_BIT);
    private final Memory memory =
            new Memory(
                    kernels,
                    new CachePlan(1, 16, 16, new int[] {0}, true),
                    CacheType.F32,
                    BatchPlan.MOST_ROWS,
                    new CacheBudget(1 << 20, 0));
    private int arrivals;

    @AfterEach
    void close() {
        memory.close();
        kernels.close();
    }

    private Job job(int pending) {
        Job job = new EvaluationJob(memory.newSequence(), CONTEXT, new int[pending], false);
        job.arrive(Turn.of(arrivals++, Priority.NORMAL));
        return job;
    }

    private List<Job> jobs(int count, int pending) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(job(pending));
        }
        return jobs;
    }

    /** What the scheduler does after a batch. */
    private static void evaluate(BatchPlan plan, List<Job> active) {
        plan.jobs().forEach(job -> job.evaluated(plan.rows(job)));
        active.removeAll(plan.jobs());
        active.addAll(plan.jobs());
        active.removeIf(job -> job.pending() == 0);
    }

    private static int rows(BatchPlan plan) {
        return plan.rows().values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void jobsThatDecodeGoFirstAndAPromptKeepsThemWaitingForABoundedTime() {
        List<Job> active = new ArrayList<>();
        Job prompt = job(1_000);
        active.add(prompt);
        assertThat(BatchPlan.of(active, true).rows(prompt)).isEqualTo(BatchPlan.MOST_ROWS);
        active.addAll(jobs(Admission.MOST_ACTIVE - 1, 1));
        BatchPlan plan = BatchPlan.of(active, true);
        assertThat(plan.jobs()).hasSize(Admission.MOST_ACTIVE).last().isSameAs(prompt);
        assertThat(plan.rows(prompt)).isEqualTo(BatchPlan.MOST_PROMPT_ROWS);
    }

    @Test
    void moreDecodingJobsThanABatchHasRowsTakeTurns() {
        List<Job> active = jobs(600, 1);
        Map<Job, Integer> served = new HashMap<>();
        for (int step = 0; step < 60; step++) {
            List<Job> jobs = BatchPlan.of(active, true).jobs();
            assertThat(jobs).hasSize(BatchPlan.MOST_ROWS);
            jobs.forEach(job -> served.merge(job, 1, Integer::sum));
            active.removeAll(jobs);
            active.addAll(jobs);
        }
        assertThat(served).hasSize(600);
        assertThat(served.values()).allMatch(n -> n == 25 || n == 26);
    }

    @Test
    void aBatchIsFullWheneverThereIsEnoughToDo() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            List<Job> active = new ArrayList<>();
            int decoding = random.nextInt(3) * random.nextInt(60);
            active.addAll(jobs(decoding, 1));
            int waiting = 0;
            for (int i = random.nextInt(60); i > 0; i--) {
                int pending = 2 + random.nextInt(random.nextBoolean() ? 4 : 600);
                active.add(random.nextInt(active.size() + 1), job(pending));
                waiting += pending;
            }
            BatchPlan plan = BatchPlan.of(active, true);
            int room = decoding == 0 ? BatchPlan.MOST_ROWS : BatchPlan.MOST_PROMPT_ROWS;
            assertThat(rows(plan)).isEqualTo(decoding + Math.min(room, waiting));
            plan.rows().forEach((job, rows) -> assertThat(rows).isBetween(1, job.pending()));
        }
    }

    @Test
    void aShortPromptIsReadBesideLongOnesThatCameBefore() {
        List<Job> active = jobs(3, 10_000);
        active.addAll(jobs(50, 1));
        Job shortOne = job(16);
        active.add(shortOne);
        for (int step = 0; step < 2; step++) {
            BatchPlan plan = BatchPlan.of(active, true);
            evaluate(plan, active);
            active.addAll(jobs(50, 1));
        }
        assertThat(shortOne.pending()).isZero();
    }

    @Test
    void everyPromptHasAPartWithinABoundedNumberOfSteps() {
        List<Job> active = jobs(Admission.MOST_ACTIVE - 1, 100_000);
        Map<Job, Integer> since = new HashMap<>();
        for (int step = 0; step < 300; step++) {
            active.add(job(1));
            BatchPlan plan = BatchPlan.of(active, true);
            Set<Job> left = new HashSet<>(active);
            plan.jobs().forEach(left::remove);
            left.forEach(job -> since.merge(job, 1, Integer::sum));
            plan.jobs().forEach(since::remove);
            assertThat(since.values()).allMatch(n -> n < Admission.MOST_ACTIVE / 2);
            evaluate(plan, active);
        }
    }

    @Test
    void theFirstPromptHasHalfOfTheRoomAndTheRestIsShared() {
        List<Job> active = jobs(5, 1_000);
        BatchPlan plan = BatchPlan.of(active.reversed(), true);
        assertThat(plan.rows(active.getFirst())).isEqualTo(128);
        active.stream().skip(1).forEach(job -> assertThat(plan.rows(job)).isEqualTo(32));
    }

    @Test
    void anEncoderReadsWholeTextsAndALongOneAlone() {
        Job large = job(1_000);
        Job one = job(100);
        Job two = job(200);
        Job three = job(100);
        Job empty = job(0);
        assertThat(BatchPlan.of(List.of(empty, large, one), false).rows())
                .containsExactly(Map.entry(large, 1_000));
        assertThat(BatchPlan.of(List.of(one, two, large, three), false).rows())
                .containsExactly(Map.entry(one, 100), Map.entry(three, 100));
    }
}
