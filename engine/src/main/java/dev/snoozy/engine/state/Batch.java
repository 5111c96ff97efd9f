package dev.snoozy.engine.state;

import dev.snoozy.engine.adapter.AdaptedKernels;
import dev.snoozy.engine.adapter.AdapterSet;
import dev.snoozy.kernels.AttentionSpec;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.KvRows;
import dev.snoozy.kernels.StatePages;
import dev.snoozy.kernels.StateRuns;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Tokens of one or many sequences that are evaluated together: prefill and decode are the same
 * call. Rows of one sequence stand in the order of their positions. Made and used by the
 * scheduler's thread.
 */
public final class Batch {
    private final Kernels kernels;
    private final Memory memory;
    private final int[] tokens;
    private final int[] positions;
    private final int[] outputs;
    private final @Nullable KvRows[] rows;
    private final StateRuns runs;

    private Batch(
            Kernels kernels,
            Memory memory,
            int[] tokens,
            int[] positions,
            int[] outputs,
            @Nullable KvRows[] rows,
            StateRuns runs) {
        this.kernels = kernels;
        this.memory = memory;
        this.tokens = tokens;
        this.positions = positions;
        this.outputs = outputs;
        this.rows = rows;
        this.runs = runs;
    }

    /** The operations to use. */
    public Kernels kernels() {
        return kernels;
    }

    /** The token of each row. */
    public int[] tokens() {
        return tokens;
    }

    /** The position of each row in its sequence. The same array at every call. */
    public int[] positions() {
        return positions;
    }

    /** The rows whose result is asked for, ascending. */
    public int[] outputs() {
        return outputs;
    }

    /**
     * Attention of a layer over what the rows' sequences remember; see {@link Kernels#attention}.
     */
    public Tensor attention(int layer, Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
        KvRows seen = Objects.requireNonNull(rows[memory.plan().kindOf(layer)]);
        return kernels.attention(q, k, v, memory.pages(layer), seen, spec);
    }

    /** What a layer keeps of the rows' texts, for the recurrent operations of the kernels. */
    public StatePages states(int layer) {
        return memory.states(layer);
    }

    /** The rows by texts, for the same. */
    public StateRuns runs() {
        return runs;
    }

    /** Collects the rows of a batch. */
    public static final class Builder {
        private record Part(Sequence sequence, int start, int count) {}

        private final Kernels kernels;
        private final Memory memory;
        private final List<Part> parts = new ArrayList<>();
        private final List<Integer> tokens = new ArrayList<>();
        private final List<Integer> outputs = new ArrayList<>();

        /** A batch without rows. */
        public Builder(Kernels kernels, Memory memory) {
            this.kernels = kernels;
            this.memory = memory;
        }

        /** Rows so far. */
        public int rows() {
            return tokens.size();
        }

        /** Starts the rows of a sequence, which is extended by {@code count} tokens. */
        public void sequence(Sequence sequence, int count) {
            parts.add(new Part(sequence, sequence.position(), count));
            sequence.extend(count);
        }

        /** Adds a row to the sequence started last. */
        public void row(int token, boolean output) {
            if (output) {
                outputs.add(tokens.size());
            }
            tokens.add(token);
        }

        /** The batch of the rows added. */
        public Batch build() {
            CachePlan plan = memory.plan();
            int n = tokens.size();
            int[] positions = new int[n];
            int[] lengths = new int[n];
            Sequence[] sequences = new Sequence[n];
            int row = 0;
            for (Part part : parts) {
                for (int i = 0; i < part.count(); i++, row++) {
                    positions[row] = part.start() + i;
                    lengths[row] = part.start() + part.count();
                    sequences[row] = part.sequence();
                }
            }
            @Nullable KvRows[] rows = new KvRows[plan.kinds()];
            for (int kind = 0; kind < rows.length; kind++) {
                if (plan.isState(kind)) {
                    continue;
                }
                int window = plan.window(kind);
                int[][] tables = new int[n][];
                int[] first = new int[n];
                int[] last = new int[n];
                for (int r = 0; r < n; r++) {
                    tables[r] = sequences[r].cache(kind).table();
                    int end = plan.causal() ? positions[r] : lengths[r] - 1;
                    long after = plan.causal() ? 0 : (long) positions[r] + window / 2;
                    first[r] = plan.first(kind, positions[r]);
                    last[r] = window == 0 || plan.causal() ? end : (int) Math.min(end, after);
                }
                rows[kind] = new KvRows(tables, positions, first, last);
            }
            AdapterSet[] adapters = new AdapterSet[n];
            Arrays.setAll(adapters, r -> sequences[r].adapters());
            int[] wanted = ints(outputs);
            Kernels adapted = AdaptedKernels.of(kernels, adapters, wanted);
            return new Batch(adapted, memory, ints(tokens), positions, wanted, rows, runs(plan));
        }

        private StateRuns runs(CachePlan plan) {
            List<StateRuns.Run> runs = new ArrayList<>();
            if (plan.isRecurrent()) {
                int kind = plan.kinds() - 1;
                int row = 0;
                for (Part part : parts) {
                    int page = part.sequence().cache(kind).table()[0];
                    runs.add(new StateRuns.Run(row, part.count(), page, part.start() == 0));
                    row += part.count();
                }
            }
            return new StateRuns(runs);
        }

        private static int[] ints(List<Integer> list) {
            return list.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
