package dev.snoozy.engine.run;

import dev.snoozy.engine.Priority;
import dev.snoozy.engine.state.PrefixCache;
import dev.snoozy.engine.state.PrefixKey;

import java.util.ArrayList;
import java.util.List;

/** Has tokens evaluated that are all given from the start, and shares nothing with other jobs. */
abstract sealed class GivenTokensJob extends Job permits EmbeddingJob, EvaluationJob {
    final int[] tokens;

    /** Tokens that are evaluated. */
    int next;

    /** What was wanted and has come. */
    final List<float[]> results = new ArrayList<>();

    /**
     * A job.
     *
     * @param tokens at least one
     */
    GivenTokensJob(int[] tokens) {
        super(Priority.NORMAL);
        this.tokens = tokens.clone();
    }

    @Override
    final int pending() {
        return tokens.length - next;
    }

    @Override
    final int token(int i) {
        return tokens[next + i];
    }

    @Override
    final void result(float[] row) {
        results.add(row);
    }

    @Override
    final void evaluated(int count) {
        next += count;
    }

    @Override
    final PrefixKey prefix() {
        return PrefixKey.NONE;
    }

    @Override
    final int knownPrefix() {
        return 0;
    }

    @Override
    final int sureTokens() {
        return pending();
    }

    @Override
    final void remember(PrefixCache prefixes) {
        // An encoder's states depend on what follows; another's sequence may go back and change.
    }
}
