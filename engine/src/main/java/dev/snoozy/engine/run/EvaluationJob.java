package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.Sequence;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Evaluates given tokens and keeps the results, of all or of the last. */
final class EvaluationJob extends GivenTokensJob {
    private final Sequence into;
    private final int contextLength;
    private final boolean all;
    private final CompletableFuture<List<float[]>> done = new CompletableFuture<>();
    private int start;

    /**
     * A job.
     *
     * @param into the sequence that the tokens are appended to; stays with its owner
     * @param contextLength the most tokens it may have then
     */
    EvaluationJob(Sequence into, int contextLength, int[] tokens, boolean all) {
        super(tokens);
        this.into = into;
        this.contextLength = contextLength;
        this.all = all;
    }

    @Override
    Sequence takeSequence(PrefixCache prefixes) {
        start = into.position() - next;
        if (tokens.length > contextLength - start) {
            throw new ModelException(
                    tokens.length
                            + " tokens after "
                            + start
                            + " do not fit into the context of "
                            + contextLength
                            + "; cure: fewer tokens or a larger context length");
        }
        return into;
    }

    @Override
    boolean wants(int i) {
        return all || next + i == tokens.length - 1;
    }

    @Override
    boolean canPause() {
        return false;
    }

    @Override
    void addTo(WorkCounter counter) {
        // Measuring is no request.
    }

    @Override
    void finish(boolean wasCancelled) {
        done.complete(results);
    }

    @Override
    void fail(Throwable cause) {
        done.completeExceptionally(cause);
    }

    @Override
    void giveBack(Sequence used, PrefixCache prefixes) {
        // The sequence goes on, without what a failed batch has left undone.
        int good = start + next;
        if (used.position() > good) {
            used.restore(good);
        }
    }

    CompletableFuture<List<float[]>> done() {
        return done;
    }
}
