package dev.snoozy.engine.run;

import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Something that has tokens evaluated. All methods but {@link #cancel} are called by the
 * scheduler's thread.
 */
public abstract sealed class Job permits EvaluationJob, GenerationJob {
    private @Nullable Sequence sequence;
    private volatile boolean cancelled;

    /** Takes what the job needs to begin. Called once, before all others. */
    final void start(Memory memory) {
        sequence = newSequence(memory);
    }

    /** The sequence its tokens belong to. */
    final Sequence sequence() {
        return Objects.requireNonNull(sequence, "the job has started");
    }

    /** The sequence to begin with; by default an empty one. */
    Sequence newSequence(Memory memory) {
        return memory.newSequence();
    }

    /** Tokens that wait for evaluation; 0 when the job is done. */
    abstract int pending();

    /** One of the waiting tokens. */
    abstract int token(int i);

    /** Whether the result of a waiting token is wanted. */
    abstract boolean wants(int i);

    /** Receives the wanted result of a token, in order. The array belongs to the job. */
    abstract void result(float[] row);

    /** Told after each batch how many of the waiting tokens are evaluated now. */
    abstract void evaluated(int count);

    /** The job is over: all evaluated, or cancelled. */
    abstract void finish(boolean wasCancelled);

    /** The job failed. */
    abstract void fail(Throwable cause);

    /** Gives back what the job holds. */
    final void release() {
        if (sequence != null) {
            giveBack(sequence);
            sequence = null;
        }
    }

    /** What becomes of the sequence when the job is over; by default its pages are freed. */
    void giveBack(Sequence used) {
        used.close();
    }

    /** Ends the job before its next batch. Called by any thread. */
    public final void cancel() {
        cancelled = true;
    }

    final boolean cancelled() {
        return cancelled;
    }
}
