package dev.snoozy.engine.run;

import dev.snoozy.engine.model.Transformer;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.text.tokenizer.Vocabulary;

import java.util.Arrays;

/**
 * A small model that guesses what a larger one will say, over the kernels of that one. It has
 * memory of its own for keys and values, and leaves guessing where that is full.
 *
 * @param tokens how many of the first tokens of the vocabulary both models have
 * @param contextLength the longest text that it can guess for
 */
public record DraftModel(
        Kernels kernels,
        Transformer network,
        Memory memory,
        Vocabulary vocabulary,
        int tokens,
        int contextLength)
        implements AutoCloseable {
    /** A guess less likely than this is wrong more often than it is worth its row. */
    private static final double LEAST = 0.3;

    /** Guesses for one text. */
    Drafter forText() {
        return new OfText();
    }

    @Override
    public void close() {
        memory.close();
    }

    private final class OfText implements Drafter {
        private final Sequence sequence = memory.newSequence();
        private int[] known = NONE; // the tokens of the sequence, in its first places
        private float[] logits = {}; // behind the last of them

        @Override
        public int[] guess(int[] text, int length, int most) {
            if (length + most > contextLength) {
                return NONE;
            }
            int both = Math.min(sequence.position(), length - 1);
            int differs = Arrays.mismatch(known, 0, both, text, 0, both);
            sequence.truncate(differs < 0 ? both : differs);
            boolean read = read(Arrays.copyOfRange(text, sequence.position(), length));
            int[] guesses = new int[most];
            int count = 0;
            while (read && count < most) {
                int token = likeliest();
                if (token < 0) {
                    break;
                }
                guesses[count++] = token;
                read = count < most && !vocabulary.endsGeneration(token) && read(new int[] {token});
            }
            return Arrays.copyOf(guesses, count);
        }

        /**
         * Evaluates tokens behind those that are known; false if there is no memory for them, or
         * one is unknown to this model.
         */
        private boolean read(int[] next) {
            if (Arrays.stream(next).anyMatch(token -> token >= tokens)) {
                return false;
            }
            for (int from = 0; from < next.length; from += BatchPlan.MOST_ROWS) {
                int count = Math.min(BatchPlan.MOST_ROWS, next.length - from);
                long bytes = memory.bytesInUse() + sequence.bytesToExtend(count);
                if (bytes > memory.budget().total()) {
                    return false;
                }
                int start = sequence.position();
                evaluate(next, from, count, from + count == next.length);
                if (known.length < start + count) {
                    known = Arrays.copyOf(known, Math.max(start + count, 2 * known.length));
                }
                System.arraycopy(next, from, known, start, count);
            }
            return true;
        }

        private void evaluate(int[] next, int from, int count, boolean last) {
            Batch.Builder builder = new Batch.Builder(kernels, memory);
            builder.sequence(sequence, count);
            for (int i = 0; i < count; i++) {
                builder.row(next[from + i], last && i == count - 1);
            }
            Batch batch = builder.build();
            Tensor hidden = network.hidden(batch);
            if (last) {
                Tensor scores = network.logits(batch, hidden);
                logits = logits.length == scores.columns() ? logits : new float[scores.columns()];
                kernels.download(scores, 0, logits);
            }
            kernels.recycle();
        }

        /** The likeliest next token; -1 if none is likely enough. */
        private int likeliest() {
            int size = Math.min(logits.length, tokens);
            int best = 0;
            for (int i = 1; i < size; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += Math.exp(logits[i] - logits[best]);
            }
            return 1 / sum >= LEAST ? best : -1;
        }

        @Override
        public void close() {
            sequence.close();
        }
    }
}
