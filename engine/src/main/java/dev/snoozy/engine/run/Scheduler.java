package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Priority;
import dev.snoozy.engine.SchedulerStatistics;
import dev.snoozy.engine.WorkTotals;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Runs the jobs of one model on one thread, in batches that mix them (continuous batching, Yu et
 * al. 2022, Orca). {@link Admission} says who begins, {@link BatchPlan} who has a part in the next
 * batch, and {@link PrefixCache} keeps beginnings for those who begin the same. Because a result
 * does not depend on the rows beside it, a job gets the same tokens alone or in company.
 *
 * <p>Where memory is short, remembered beginnings go first; then the job whose turn is last goes
 * back to wait, and later evaluates again what has been lost of it.
 *
 * <p>Thread-safe. Closing ends the jobs with an error and frees the memory of the model.
 */
public final class Scheduler implements AutoCloseable {
    /** What the results are: scores of the next token, or the state itself. */
    @FunctionalInterface
    public interface Output {
        /** {@code hidden [rows, embedding]} → {@code [rows, n]}. */
        Tensor of(Batch batch, Tensor hidden);
    }

    private static final double MIB = 1 << 20;

    /** Callers whose evaluations ended together get this part of the batch's time to come again. */
    private static final int PATIENCE_PART = 8;

    private static final long MOST_PATIENCE_NANOS = 500_000;

    private final Kernels kernels;
    private final Transformer transformer;
    private final Output output;
    private final Memory memory;
    private final PrefixCache prefixes;
    private final Admission admission;
    private final @Nullable Speculator speculator;
    private final Queue<Job> submitted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final WaitingLine line = new WaitingLine();
    private final List<Job> active = new ArrayList<>(); // those longest without a batch first
    private final Thread thread;
    private int endedTogether; // evaluations that the last batch completed
    private long patience; // nanoseconds
    private long prefixHits;
    private long prefixTokens;
    private long preemptions;
    private WorkCounter work = new WorkCounter();
    private volatile SchedulerStatistics statistics =
            new SchedulerStatistics(0, 0, 0, 0, 0, 0, 0, WorkTotals.NONE);
    private volatile boolean closed;

    /** A scheduler without speculation; see the other constructor. */
    public Scheduler(
            Kernels kernels,
            Transformer transformer,
            Output output,
            CacheType cacheType,
            CacheBudget budget) {
        this(kernels, transformer, output, cacheType, budget, null);
    }

    /**
     * Starts the thread. The kernels are closed with the scheduler.
     *
     * @param speculator has tokens guessed, and is closed with this; null where none are guessed
     */
    public Scheduler(
            Kernels kernels,
            Transformer transformer,
            Output output,
            CacheType cacheType,
            CacheBudget budget,
            @Nullable Speculator speculator) {
        this.kernels = kernels;
        this.speculator = speculator;
        this.transformer = transformer;
        this.output = output;
        memory =
                new Memory(
                        kernels, transformer.cachePlan(), cacheType, BatchPlan.MOST_ROWS, budget);
        prefixes = new PrefixCache(memory);
        admission = new Admission(memory, prefixes);
        thread = new Thread(this::loop, "snoozy-scheduler");
        thread.setDaemon(true);
        thread.start();
    }

    void submit(Job job) {
        submitted.add(job);
        LockSupport.unpark(thread);
        if (closed && submitted.remove(job)) {
            job.fail(new ModelException("the model is closed"));
        }
    }

    /** Runs something on the scheduler's thread, between two batches, and waits for its result. */
    public <T> T call(Supplier<T> errand) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable run =
                () -> {
                    try {
                        result.complete(errand.get());
                    } catch (RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                };
        errands.add(run);
        LockSupport.unpark(thread);
        if (closed && errands.remove(run)) {
            throw new ModelException("the model is closed");
        }
        return Waiting.on(result);
    }

    /** Runs something on the scheduler's thread, soon; never if the model is closed by then. */
    void errand(Runnable run) {
        errands.add(run);
        LockSupport.unpark(thread);
    }

    /** The cache memory, for errands. */
    Memory memory() {
        return memory;
    }

    /** The remembered beginnings, for errands. */
    PrefixCache prefixes() {
        return prefixes;
    }

    /** Begins to count anew what was done: what came before was nobody's request. */
    public void forgetWork() {
        errand(() -> {
            work = new WorkCounter();
            count();
        });
    }

    /** What this is at. */
    public SchedulerStatistics statistics() {
        return statistics;
    }

    private void loop() {
        while (!closed) {
            runErrands();
            joinLine();
            endIdle();
            awaitThoseServed();
            admit();
            count();
            if (!active.isEmpty()) {
                step();
            } else if (submitted.isEmpty() && errands.isEmpty() && !closed) {
                LockSupport.park(this);
            }
        }
        ModelException reason = new ModelException("the model was closed");
        joinLine();
        active.addAll(line.takeIf(job -> true));
        fail(List.copyOf(active), reason);
        runErrands();
        prefixes.close();
        memory.close();
        if (speculator != null) {
            speculator.close();
        }
        kernels.close();
    }

    /**
     * Gives those who have just got their results a moment to ask for the next ones: who evaluates
     * several texts token by token would else find the others in every second batch only. It may
     * use up wake-ups, so that the loop has to look at all they stand for before it parks.
     */
    private void awaitThoseServed() {
        if (endedTogether > 1) {
            long end = System.nanoTime() + patience;
            long left = patience;
            while (submitted.size() < endedTogether && left > 0 && !closed) {
                LockSupport.parkNanos(this, left);
                runErrands(); // they may be what somebody needs who is to come again
                left = end - System.nanoTime();
            }
            joinLine();
        }
        endedTogether = 0;
    }

    private void runErrands() {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
    }

    private void joinLine() {
        for (Job job = submitted.poll(); job != null; job = submitted.poll()) {
            line.join(job);
        }
    }

    /** Lets the jobs end that are done, or whose callers have lost interest. */
    private void endIdle() {
        Predicate<Job> idle = job -> job.cancelled() || job.pending() == 0;
        List<Job> ended = new ArrayList<>(line.takeIf(idle));
        active.stream().filter(idle).forEach(ended::add);
        active.removeAll(ended);
        for (Job job : ended) {
            end(job, () -> job.finish(job.cancelled()));
            endedTogether += job instanceof EvaluationJob ? 1 : 0;
        }
    }

    /** Lets jobs begin; after {@link #endIdle}, so that they find what others have left. */
    private void admit() {
        Set<Priority> full = EnumSet.noneOf(Priority.class);
        for (Job job : line.inOrder()) {
            if (full.contains(job.priority()) || !Admission.hasPlace(job.priority(), active)) {
                full.add(job.priority());
            } else if (!admission.isBeingRead(job, active) && !begin(job)) {
                return; // nor does anybody overtake it, or it might wait for ever
            }
        }
    }

    /** Lets a job begin; false if there is no memory for it as long as others are in progress. */
    private boolean begin(Job job) {
        try {
            job.start(prefixes);
        } catch (RuntimeException | Error e) {
            line.leave(job);
            fail(List.of(job), e);
            return true;
        }
        if (!active.isEmpty() && !admission.fits(job, active)) {
            job.release(prefixes);
            return false;
        }
        line.leave(job);
        active.add(job);
        int known = job.knownPrefix();
        prefixHits += known > 0 ? 1 : 0;
        prefixTokens += known;
        return true;
    }

    /** Has tokens guessed for the texts that decode. */
    private void guess(Speculator by) {
        for (Job job : List.copyOf(active)) {
            try {
                job.guess(by, active.size() - 1);
            } catch (RuntimeException | Error e) {
                fail(List.of(job), e);
            }
        }
    }

    private void step() {
        if (speculator != null) {
            guess(speculator);
        }
        BatchPlan plan = BatchPlan.of(active, transformer.cachePlan().causal());
        while (!makeRoom(plan)) {
            if (active.stream().anyMatch(job -> job.guessed() > 0)) {
                active.forEach(Job::dropGuesses);
            } else {
                giveWay(plan);
            }
            plan = BatchPlan.of(active, transformer.cachePlan().causal());
        }
        List<Job> jobs = plan.jobs();
        boolean decodes = plan.decodes();
        try {
            if (!jobs.isEmpty()) {
                long begin = System.nanoTime();
                evaluate(plan);
                long took = System.nanoTime() - begin;
                patience = Math.min(took / PATIENCE_PART, MOST_PATIENCE_NANOS);
                if (speculator != null && decodes) {
                    speculator.took(plan.allRows(), took);
                }
            }
            active.removeAll(jobs);
            active.addAll(jobs);
        } catch (RuntimeException | Error e) {
            fail(jobs, e);
        } finally {
            kernels.recycle();
        }
    }

    /** Gives up remembered beginnings until a batch has room; false if that is not enough. */
    private boolean makeRoom(BatchPlan plan) {
        while (memory.bytesInUse() + plan.bytes() > memory.budget().total()) {
            if (!prefixes.forgetOldest()) {
                return false;
            }
        }
        return true;
    }

    /** Sends the last of the jobs back to wait, or lets it fail if there is nobody to wait for. */
    private void giveWay(BatchPlan plan) {
        Comparator<Job> byTurn = Comparator.comparing(Job::turn);
        Job last = active.stream().filter(Job::canPause).max(byTurn).orElse(null);
        if (last != null && active.size() > 1) {
            active.remove(last);
            last.release(prefixes);
            line.comeBack(last);
            preemptions++;
        } else {
            Job lost = plan.jobs().stream().max(byTurn).orElseThrow();
            fail(List.of(lost), memoryIsFull(lost));
        }
    }

    private ModelException memoryIsFull(Job job) {
        return new ModelException(
                String.format(
                        Locale.ROOT,
                        "the cache memory of %.1f MiB is full: this text has %d tokens in %.1f MiB"
                                + " and is to grow; cure: a shorter text, a larger cache memory,"
                                + " or close other evaluations",
                        memory.budget().total() / MIB,
                        job.sequence().position(),
                        job.sequence().bytes() / MIB));
    }

    private void evaluate(BatchPlan plan) {
        Batch batch = plan.batch(kernels, memory);
        Tensor hidden = transformer.hidden(batch);
        Tensor results = batch.outputs().length == 0 ? hidden : output.of(batch, hidden);
        work.batch(plan.jobs().size());
        int row = 0;
        for (Job job : plan.jobs()) {
            int count = plan.rows(job);
            for (int i = 0; i < count; i++) {
                if (job.wants(i)) {
                    float[] result = new float[results.columns()];
                    kernels.download(results, row++, result);
                    job.result(result);
                }
            }
            job.evaluated(count);
            job.remember(prefixes);
        }
    }

    private void fail(List<Job> jobs, Throwable cause) {
        active.removeAll(jobs);
        jobs.forEach(job -> end(job, () -> job.fail(cause)));
    }

    /** Frees the pages before the caller hears of the end. */
    private void end(Job job, Runnable last) {
        job.release(prefixes);
        job.addTo(work);
        count();
        last.run();
    }

    private void count() {
        statistics =
                new SchedulerStatistics(
                        active.size(),
                        line.size(),
                        memory.bytesInUse(),
                        prefixes.bytes(),
                        prefixHits,
                        prefixTokens,
                        preemptions,
                        work.totals());
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            Waiting.on(thread);
        }
    }
}
