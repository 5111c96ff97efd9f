package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Runs the jobs of one model on one thread, in batches that mix them: first one row for every job
 * that decodes, then as much of the waiting prompts as fits (continuous batching, Yu et al. 2022,
 * Orca). Because a result does not depend on the rows beside it, a job gets the same tokens alone
 * or in company.
 *
 * <p>Thread-safe. Closing ends the jobs with an error and frees the memory of the model.
 */
public final class Scheduler implements AutoCloseable {
    /** The most rows of a batch, so that a long prompt does not keep the others waiting. */
    public static final int MOST_ROWS = 256;

    /** What the results are: scores of the next token, or the state itself. */
    @FunctionalInterface
    public interface Output {
        /** {@code hidden [rows, embedding]} → {@code [rows, n]}. */
        Tensor of(Batch batch, Tensor hidden);
    }

    private final Kernels kernels;
    private final Transformer transformer;
    private final Output output;
    private final Memory memory;
    private final Queue<Job> submitted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final List<Job> active = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Starts the thread. The kernels are closed with the scheduler. */
    public Scheduler(Kernels kernels, Transformer transformer, CacheType cacheType, Output output) {
        this.kernels = kernels;
        this.transformer = transformer;
        this.output = output;
        memory = new Memory(kernels, transformer.cachePlan(), cacheType, MOST_ROWS);
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

    private void loop() {
        while (!closed) {
            for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
                errand.run();
            }
            endIdle();
            admit();
            if (active.isEmpty()) {
                LockSupport.park(this);
            } else {
                step();
            }
        }
        ModelException reason = new ModelException("the model was closed");
        submitted.forEach(active::add);
        submitted.clear();
        active.forEach(job -> end(job, () -> job.fail(reason)));
        active.clear();
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
        memory.close();
        kernels.close();
    }

    /**
     * Starts what was submitted; after {@link #endIdle}, so that a turn finds what the last left.
     */
    private void admit() {
        for (Job job = submitted.poll(); job != null; job = submitted.poll()) {
            Job next = job;
            try {
                next.start(memory);
                active.add(next);
            } catch (RuntimeException | Error e) {
                end(next, () -> next.fail(e));
            }
        }
    }

    private void step() {
        List<Job> jobs = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        try {
            Batch batch = batch(jobs, counts);
            if (batch.tokens().length > 0) {
                evaluate(batch, jobs, counts);
            }
        } catch (RuntimeException | Error e) {
            active.removeAll(jobs);
            jobs.forEach(job -> end(job, () -> job.fail(e)));
        } finally {
            kernels.recycle();
        }
    }

    /** Chooses the rows: decoding jobs (one waiting token) first, then prompts in order. */
    private Batch batch(List<Job> jobs, List<Integer> counts) {
        Batch.Builder rows = new Batch.Builder(kernels, memory);
        boolean whole = !transformer.cachePlan().causal();
        for (int pass = 0; pass < 2; pass++) {
            for (Job job : active) {
                int room = MOST_ROWS - rows.rows();
                boolean decodes = job.pending() == 1;
                if (decodes != (pass == 0) || room <= 0) {
                    continue;
                }
                // An encoder sees its text from both sides, so all of it at once.
                int count = whole ? job.pending() : Math.min(room, job.pending());
                if (whole && count > room && rows.rows() > 0) {
                    continue;
                }
                jobs.add(job);
                counts.add(count);
                rows.sequence(job.sequence(), count);
                for (int i = 0; i < count; i++) {
                    rows.row(job.token(i), job.wants(i));
                }
            }
        }
        return rows.build();
    }

    private void evaluate(Batch batch, List<Job> jobs, List<Integer> counts) {
        Tensor hidden = transformer.hidden(batch);
        Tensor results = batch.outputs().length == 0 ? hidden : output.of(batch, hidden);
        int row = 0;
        for (int j = 0; j < jobs.size(); j++) {
            Job job = jobs.get(j);
            int count = counts.get(j);
            for (int i = 0; i < count; i++) {
                if (job.wants(i)) {
                    float[] result = new float[results.columns()];
                    kernels.download(results, row++, result);
                    job.result(result);
                }
            }
            job.evaluated(count);
        }
    }

    private void endIdle() {
        for (Iterator<Job> jobs = active.iterator(); jobs.hasNext(); ) {
            Job job = jobs.next();
            if (job.cancelled() || job.pending() == 0) {
                jobs.remove();
                end(job, () -> job.finish(job.cancelled()));
            }
        }
    }

    /** Frees the pages before the caller hears of the end. */
    private static void end(Job job, Runnable last) {
        job.release();
        last.run();
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
