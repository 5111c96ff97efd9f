package dev.snoozy.engine.run;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.state.Sequence;

import java.util.List;

/**
 * A sequence under the hand of a caller, who appends tokens and reads the results. Used by one
 * thread at a time; the work is done by the scheduler.
 */
public final class Evaluator implements AutoCloseable {
    private final Scheduler scheduler;
    private final Sequence sequence;
    private final int contextLength;

    /** An empty sequence of a scheduler's model. */
    public Evaluator(Scheduler scheduler, int contextLength) {
        this(scheduler, scheduler.call(() -> scheduler.memory().newSequence()), contextLength);
    }

    private Evaluator(Scheduler scheduler, Sequence sequence, int contextLength) {
        this.scheduler = scheduler;
        this.sequence = sequence;
        this.contextLength = contextLength;
    }

    /**
     * Appends tokens.
     *
     * @param all whether the results of all tokens are wanted, or of the last one
     * @return one row for each result
     */
    public List<float[]> append(int[] tokens, boolean all) {
        int length = scheduler.call(sequence::position);
        if (tokens.length > contextLength - length) {
            throw new ModelException(
                    tokens.length
                            + " tokens after "
                            + length
                            + " do not fit into the context of "
                            + contextLength
                            + "; cure: fewer tokens or a larger context length");
        }
        EvaluationJob job = new EvaluationJob(sequence, tokens, all);
        scheduler.submit(job);
        return Waiting.on(job.done());
    }

    /** Tokens so far. */
    public int position() {
        return scheduler.call(sequence::position);
    }

    /** Goes back to {@code length} tokens. */
    public void truncate(int length) {
        scheduler.call(() -> {
            sequence.truncate(length);
            return length;
        });
    }

    /** A copy that goes its own way. */
    public Evaluator fork() {
        return new Evaluator(scheduler, scheduler.call(sequence::fork), contextLength);
    }

    @Override
    public void close() {
        scheduler.call(() -> {
            sequence.close();
            return 0;
        });
    }
}
