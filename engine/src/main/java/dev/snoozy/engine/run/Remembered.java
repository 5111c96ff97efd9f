package dev.snoozy.engine.run;

import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A sequence that outlives one generation, with the tokens it stands for: the next turn of a
 * conversation goes on where its beginning is the same. Used by the scheduler's thread, but for
 * {@link #close}.
 */
public final class Remembered {
    private @Nullable Sequence sequence;
    private int[] tokens = {};

    /**
     * The sequence, gone back to the longest beginning that it shares with a prompt; at least the
     * last token of the prompt is left to evaluate.
     */
    Sequence startFor(int[] prompt, Memory memory) {
        Sequence old = sequence;
        if (old != null) {
            int known = Math.min(old.position(), tokens.length);
            int common = Arrays.mismatch(tokens, 0, known, prompt, 0, prompt.length);
            common = Math.min(common < 0 ? prompt.length : common, prompt.length - 1);
            if (old.canTruncate(common)) {
                old.truncate(common);
                return old;
            }
            old.close();
        }
        Sequence fresh = memory.newSequence();
        sequence = fresh;
        return fresh;
    }

    /** Notes what the sequence stands for now. */
    void remember(int[] evaluated) {
        tokens = evaluated;
    }

    /** Forgets everything and frees the memory. Called by the scheduler's thread. */
    void forget() {
        if (sequence != null) {
            sequence.close();
            sequence = null;
        }
        tokens = new int[0];
    }

    /** Frees the memory, from any thread. */
    public void close(Scheduler scheduler) {
        scheduler.errand(this::forget);
    }
}
