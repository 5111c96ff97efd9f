package dev.snoozy.engine.run;

import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * What a conversation keeps between its turns: a sequence with the tokens it stands for, so that
 * the next turn goes on where its beginning is the same. A turn takes the sequence and gives it
 * back. Used by the scheduler's thread, but for {@link #close}.
 */
public final class Remembered {
    private @Nullable Sequence sequence;
    private int[] tokens = {};
    private boolean closed;

    /**
     * A sequence that holds the longest beginning that is known of a prompt; at least the last
     * token of the prompt is left to evaluate. It belongs to the caller until it is given back.
     */
    Sequence take(int[] prompt, Memory memory) {
        Sequence old = sequence;
        sequence = null;
        if (old == null) {
            return memory.newSequence();
        }
        int known = Math.min(old.position(), tokens.length);
        int common = Arrays.mismatch(tokens, 0, known, prompt, 0, prompt.length);
        common = Math.min(common < 0 ? prompt.length : common, prompt.length - 1);
        if (old.canTruncate(common)) {
            old.truncate(common);
            return old;
        }
        old.close();
        return memory.newSequence();
    }

    /** Keeps a sequence in place of what was kept before. */
    void giveBack(Sequence used, int[] evaluated) {
        forget();
        if (closed) {
            used.close();
        } else {
            sequence = used;
            tokens = evaluated;
        }
    }

    private void forget() {
        if (sequence != null) {
            sequence.close();
            sequence = null;
        }
        tokens = new int[0];
    }

    /** Frees the memory, also of a turn that is still to end; from any thread. */
    public void close(Scheduler scheduler) {
        scheduler.errand(() -> {
            closed = true;
            forget();
        });
    }
}
