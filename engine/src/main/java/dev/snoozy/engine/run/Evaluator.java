package dev.snoozy.engine.run;

import dev.snoozy.engine.Evaluation;
import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.engine.state.Sequence;

import java.util.List;

/** An evaluation whose work is done by the scheduler. */
public final class Evaluator implements Evaluation {
    private final Scheduler scheduler;
    private final Sequence sequence;
    private final int contextLength;

    /** An empty sequence of a scheduler's model. */
    public Evaluator(Scheduler scheduler, int contextLength) {
        this(scheduler, AdapterSet.NONE, contextLength);
    }

    /** An empty sequence of a scheduler's model, whose tokens are evaluated with adapters. */
    public Evaluator(Scheduler scheduler, AdapterSet adapters, int contextLength) {
        this(
                scheduler,
                scheduler.call(() -> scheduler.memory().newSequence(adapters)),
                contextLength);
    }

    private Evaluator(Scheduler scheduler, Sequence sequence, int contextLength) {
        this.scheduler = scheduler;
        this.sequence = sequence;
        this.contextLength = contextLength;
    }

    @Override
    public List<float[]> append(int[] tokens, boolean all) {
        EvaluationJob job = new EvaluationJob(sequence, contextLength, tokens, all);
        scheduler.submit(job);
        return Waiting.on(job.done());
    }

    @Override
    public int position() {
        return scheduler.call(sequence::position);
    }

    @Override
    public void truncate(int length) {
        scheduler.call(() -> {
            sequence.truncate(length);
            return length;
        });
    }

    @Override
    public Evaluator fork() {
        return new Evaluator(scheduler, scheduler.call(sequence::fork), contextLength);
    }

    @Override
    public void close() {
        scheduler.errand(sequence::close);
    }
}
