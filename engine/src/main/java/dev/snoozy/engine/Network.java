package dev.snoozy.engine;

import dev.snoozy.engine.model.Architecture;
import dev.snoozy.engine.model.ModelConfig;
import dev.snoozy.engine.state.Batch;
import dev.snoozy.engine.state.CacheBudget;
import dev.snoozy.engine.state.Memory;
import dev.snoozy.engine.state.Sequence;
import dev.snoozy.format.FormatException;
import dev.snoozy.format.GgufFile;
import dev.snoozy.kernels.CacheType;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The network of a file over kernels of the caller's, without a scheduler: for training, whose
 * kernels record what the network computes. Keys and values are remembered as they are, in F32.
 *
 * <p>Used by one thread at a time. The file and the kernels stay with the caller and are closed
 * after this.
 */
public final class Network implements AutoCloseable {
    private final ModelConfig config;
    private final Architecture.Bound bound;
    private final Kernels kernels;
    private final Memory memory;

    private Network(ModelConfig config, Architecture.Bound bound, Kernels kernels) {
        this.config = config;
        this.bound = bound;
        this.kernels = kernels;
        CacheBudget unbounded = new CacheBudget(Long.MAX_VALUE, 0);
        memory =
                new Memory(
                        kernels,
                        bound.network().cachePlan(),
                        CacheType.F32,
                        config.contextLength(),
                        unbounded);
    }

    /**
     * Binds a file.
     *
     * @param contextLength the most tokens of a text
     * @throws ModelException if this version cannot run it, or it predicts no next token
     */
    public static Network of(GgufFile file, int contextLength, Kernels kernels) {
        try {
            Architecture.requireKnown(file);
            ModelConfig config = ModelConfig.of(file.metadata(), contextLength);
            Architecture.Bound bound = Architecture.bind(file, config, kernels);
            if (!bound.network().cachePlan().causal()) {
                throw new ModelException(
                        config.architecture() + " is an encoder and predicts no next token");
            }
            return new Network(config, bound, kernels);
        } catch (FormatException | IllegalArgumentException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The value of {@code general.architecture}. */
    public String architecture() {
        return config.architecture();
    }

    /** Length of a token's state. */
    public int embedding() {
        return config.embedding();
    }

    /** Number of layers. */
    public int layers() {
        return config.layers();
    }

    /** The most tokens of a text. */
    public int contextLength() {
        return config.contextLength();
    }

    /** The weights that products are asked of, by their names in the file. */
    public Map<String, Tensor> multiplied() {
        return bound.multiplied();
    }

    /**
     * Begins to evaluate whole texts together, each from its first token. None sees another.
     *
     * @param texts tokens of each
     * @param outputs per text the rows whose results are wanted, ascending
     */
    public Pass begin(List<int[]> texts, List<int[]> outputs) {
        List<Sequence> sequences = new ArrayList<>();
        Batch.Builder batch = new Batch.Builder(kernels, memory);
        for (int i = 0; i < texts.size(); i++) {
            int[] text = texts.get(i);
            Sequence sequence = memory.newSequence();
            sequences.add(sequence);
            batch.sequence(sequence, text.length);
            int next = 0;
            for (int t = 0; t < text.length; t++) {
                boolean wanted = next < outputs.get(i).length && outputs.get(i)[next] == t;
                next += wanted ? 1 : 0;
                batch.row(text[t], wanted);
            }
        }
        return new Pass(sequences, batch.build());
    }

    /** Texts that are evaluated together; closing it forgets their keys and values. */
    public final class Pass implements AutoCloseable {
        private final List<Sequence> sequences;
        private Batch batch;

        private Pass(List<Sequence> sequences, Batch batch) {
            this.sequences = sequences;
            this.batch = batch;
        }

        /** The states after the last norm, {@code [outputs, embedding]}, all texts in a row. */
        public Tensor hidden() {
            return bound.network().hidden(batch);
        }

        /** The scores of the next token, {@code [rows, embedding]} → {@code [rows, vocabulary]}. */
        public Tensor logits(Tensor hidden) {
            return bound.network().logits(batch, hidden);
        }

        /**
         * Goes on with a token of each text that is named; {@link #hidden} then gives a row for
         * each of them.
         *
         * @param texts numbers, ascending
         * @param tokens one for each
         */
        public void goOn(int[] texts, int[] tokens) {
            Batch.Builder next = new Batch.Builder(kernels, memory);
            for (int i = 0; i < texts.length; i++) {
                next.sequence(sequences.get(texts[i]), 1);
                next.row(tokens[i], true);
            }
            batch = next.build();
        }

        @Override
        public void close() {
            sequences.forEach(Sequence::close);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
