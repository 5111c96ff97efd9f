package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.PrefixKey;
import dev.snoozy.engine.state.Sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Evaluates a text in a sequence of its own and makes something of the states of its tokens. Memory
 * for the text is taken when its turn comes and given back when it is done, so that any number of
 * them may wait.
 *
 * @param <T> what is made
 */
public final class EmbeddingJob<T> extends GivenTokensJob {
    /** The tokens whose states are wanted. */
    public enum Rows {
        ALL,
        FIRST,
        LAST
    }

    private final Rows rows;
    private final Function<List<float[]>, T> make;
    private final CompletableFuture<T> done = new CompletableFuture<>();

    /**
     * A job.
     *
     * @param tokens at least one, at most as many as the context has
     * @param make of the wanted states; called by the scheduler's thread, so it must be quick
     */
    public EmbeddingJob(int[] tokens, Rows rows, Function<List<float[]>, T> make) {
        super(tokens);
        this.rows = rows;
        this.make = make;
    }

    /**
     * Has texts evaluated together and waits for all.
     *
     * @return what was made of each, in their order
     * @throws ModelException if one fails, or the thread is interrupted; the others are given up
     */
    public static <T> List<T> runAll(Scheduler scheduler, List<EmbeddingJob<T>> jobs) {
        boolean whole = false;
        try {
            jobs.forEach(scheduler::submit);
            List<T> results = new ArrayList<>(jobs.size());
            for (EmbeddingJob<T> job : jobs) {
                results.add(Waiting.on(job.done));
            }
            whole = true;
            return results;
        } finally {
            if (!whole) {
                jobs.forEach(Job::cancel);
            }
        }
    }

    @Override
    Sequence takeSequence(PrefixCache prefixes) {
        next = 0; // after a pause all is evaluated again: an encoder sees its text as a whole
        results.clear();
        return prefixes.fork(PrefixKey.NONE);
    }

    @Override
    boolean wants(int i) {
        return switch (rows) {
            case ALL -> true;
            case FIRST -> next + i == 0;
            case LAST -> next + i == tokens.length - 1;
        };
    }

    @Override
    boolean canPause() {
        return true;
    }

    @Override
    void addTo(WorkCounter counter) {
        counter.prompt(tokens.length, 0);
    }

    @Override
    void finish(boolean wasCancelled) {
        if (wasCancelled) {
            done.completeExceptionally(new ModelException("the text was cancelled"));
            return;
        }
        try {
            done.complete(make.apply(results));
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    @Override
    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }

    @Override
    void giveBack(Sequence used, PrefixCache prefixes) {
        used.close();
    }
}
