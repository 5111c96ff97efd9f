package dev.snoozy.engine.run;

import dev.snoozy.engine.Priority;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.PrefixKey;
import dev.snoozy.engine.state.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Something that has tokens evaluated. All methods but {@link #cancel} are called by the
 * scheduler's thread.
 */
public abstract sealed class Job permits GivenTokensJob, GenerationJob {
    private final Priority priority;
    private @Nullable Turn turn;
    private @Nullable Sequence sequence;
    private volatile boolean cancelled;

    Job(Priority priority) {
        this.priority = priority;
    }

    final Priority priority() {
        return priority;
    }

    /** Is given its place among all jobs. */
    final void arrive(Turn given) {
        turn = given;
    }

    /** Its place among all jobs. */
    final Turn turn() {
        return Objects.requireNonNull(turn, "the job has arrived");
    }

    /** Takes what the job needs to begin, or to go on after a pause. */
    final void start(PrefixCache prefixes) {
        sequence = takeSequence(prefixes);
    }

    /** The sequence its tokens belong to. */
    final Sequence sequence() {
        return Objects.requireNonNull(sequence, "the job has started");
    }

    /** The sequence to go on with. */
    abstract Sequence takeSequence(PrefixCache prefixes);

    /** Tokens that wait for evaluation; 0 when the job is done. */
    abstract int pending();

    /** Has the tokens guessed that may come next, if that can pay. Called before each batch. */
    void guess(Speculator speculator, int others) {}

    /** Forgets what was guessed. */
    void dropGuesses() {}

    /** How many of the waiting tokens are guesses. */
    int guessed() {
        return 0;
    }

    /** One of the waiting tokens. */
    abstract int token(int i);

    /** Whether the result of a waiting token is wanted. */
    abstract boolean wants(int i);

    /** Receives the wanted result of a token, in order. The array belongs to the job. */
    abstract void result(float[] row);

    /** Told after each batch how many of the waiting tokens are evaluated now. */
    abstract void evaluated(int count);

    /** All tokens that are evaluated or wait for it, if others may share what comes of them. */
    abstract PrefixKey prefix();

    /** Tokens that it has not had to evaluate when it began. */
    abstract int knownPrefix();

    /** Tokens that are sure to be evaluated soon: those that wait, and a few to come. */
    abstract int sureTokens();

    /** Keeps in memory, for other jobs, what has been evaluated. Called after each batch. */
    abstract void remember(PrefixCache prefixes);

    /** Whether the job can give back its memory and later go on as if nothing had happened. */
    abstract boolean canPause();

    /** Says what it has done, at its end. */
    abstract void addTo(WorkCounter counter);

    /** The job is over: all evaluated, or cancelled. */
    abstract void finish(boolean wasCancelled);

    /** The job failed. */
    abstract void fail(Throwable cause);

    /** Gives back what the job holds: it is over, or has to wait again. */
    final void release(PrefixCache prefixes) {
        if (sequence != null) {
            giveBack(sequence, prefixes);
            sequence = null;
        }
    }

    /** What becomes of the sequence. */
    abstract void giveBack(Sequence used, PrefixCache prefixes);

    /** Ends the job before its next batch. Called by any thread. */
    public final void cancel() {
        cancelled = true;
    }

    final boolean cancelled() {
        return cancelled;
    }
}
