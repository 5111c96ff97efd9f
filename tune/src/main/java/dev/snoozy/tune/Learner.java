package dev.snoozy.tune;

import dev.snoozy.engine.ModelException;
import dev.snoozy.engine.Network;
import dev.snoozy.format.BlockCodec;
import dev.snoozy.format.GgufFile;
import dev.snoozy.format.TensorInfo;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A network with adapters that are trained: computes losses, and gradients for the adapters. Used
 * by one thread; closing it closes the kernels, the file stays with the caller.
 */
final class Learner implements AutoCloseable {
    /** Rows whose scores are in memory together: those of a large vocabulary are large. */
    static final int CHUNK = 256;

    private final Gradients gradients;
    private final Tape tape;
    private final Network network;
    private final List<Lora> adapters = new ArrayList<>();
    private long room;

    /** Losses of texts: the sum over the learnt tokens of each, in nats. */
    record Losses(double[] sums, int[] counts) {
        double sum() {
            double sum = 0;
            for (double x : sums) {
                sum += x;
            }
            return sum;
        }

        int count() {
            int count = 0;
            for (int n : counts) {
                count += n;
            }
            return count;
        }
    }

    private Learner(GgufFile file, int contextLength, Gradients gradients, long room) {
        this.gradients = gradients;
        this.room = room;
        tape = new Tape(gradients);
        try {
            network = Network.of(file, contextLength, tape);
        } catch (UnsupportedOperationException e) { // of what is computed when weights are read
            throw notBuilt(file.metadata().string("general.architecture"), e);
        }
    }

    private static ModelException notBuilt(String architecture, UnsupportedOperationException e) {
        return new ModelException(
                "training of the architecture "
                        + architecture
                        + " is not built yet: "
                        + e.getMessage(),
                e);
    }

    /** A learner in F64, which proves the other. Slow. */
    static Learner reference(GgufFile file, int contextLength) {
        return new Learner(
                file, contextLength, new Gradients64(new Float64Kernels()), Long.MAX_VALUE);
    }

    /**
     * A learner on kernels of the engine, which it closes, even if this fails.
     *
     * @param room bytes for outputs of layers that wait for the backward; the others are computed
     *     again, to the same bits
     */
    static Learner on(Kernels kernels, GgufFile file, int contextLength, long room) {
        try {
            return new Learner(file, contextLength, new Gradients32(kernels), room);
        } catch (RuntimeException | Error e) {
            kernels.close();
            throw e;
        }
    }

    Network network() {
        return network;
    }

    List<Lora> adapters() {
        return adapters;
    }

    /**
     * Adds adapters to weights of all layers.
     *
     * @param targets what stands between the layer and {@code .weight} in their names, such as
     *     {@code attn_q}; {@code all} for every matrix of a layer
     * @throws ModelException if the model has none of that name
     */
    void adapt(LoraOptions options, SplittableRandom random) {
        Map<String, Tensor> weights = network.multiplied();
        for (String target : options.targets()) {
            if (!target.equals(LoraOptions.ALL)
                    && weights.keySet().stream().noneMatch(name -> isTarget(name, target))) {
                throw new ModelException(
                        "lora target "
                                + target
                                + ": the model has no such matrix; it has "
                                + String.join(", ", targets(weights.keySet())));
            }
        }
        weights.forEach((name, weight) -> {
            if (options.targets().stream().anyMatch(target -> isTarget(name, target))) {
                int rank = options.rank();
                Lora lora =
                        new Lora(
                                name,
                                weight.columns(),
                                weight.rows(),
                                rank,
                                options.scale(),
                                random);
                if (options.dora()) {
                    lora.decompose(gradients.rowNorms(weight, lora));
                }
                adapters.add(lora);
                tape.adapt(weight, lora);
            }
        });
        gradients.refresh(adapters);
    }

    /**
     * Adds the matrices that a file has.
     *
     * @throws TuneException if it does not fit
     */
    void load(Path adapter) throws IOException {
        try (GgufFile file = GgufFile.open(adapter)) {
            double alpha = file.metadata().number("adapter.lora.alpha", 0f);
            network.multiplied()
                    .forEach((name, weight) -> {
                        TensorInfo b = file.tensor(name + ".lora_b");
                        if (b != null) {
                            int rank = Math.toIntExact(b.shape().getFirst());
                            double scale = alpha == 0 ? 1 : alpha / rank;
                            Lora lora =
                                    new Lora(
                                            name,
                                            weight.columns(),
                                            weight.rows(),
                                            rank,
                                            scale,
                                            new SplittableRandom(0));
                            if (file.tensor(name + AdapterWriter.MAGNITUDE) != null) {
                                lora.decompose(gradients.rowNorms(weight, lora));
                            }
                            adapters.add(lora);
                            tape.adapt(weight, lora);
                        }
                    });
        }
        restore(adapter);
    }

    private static boolean isTarget(String name, String target) {
        return name.startsWith("blk.")
                && (target.equals(LoraOptions.ALL) || name.endsWith("." + target + ".weight"));
    }

    private static TreeSet<String> targets(Iterable<String> names) {
        TreeSet<String> found = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith("blk.") && name.endsWith(".weight")) {
                String[] parts = name.split("\\.");
                found.add(parts[2]);
            }
        }
        return found;
    }

    /** Operations of all products so far; see {@link Tape#operations}. */
    long operations() {
        return tape.operations();
    }

    /** How many bytes outputs of layers may take which wait for the backward. */
    void keep(long bytes) {
        room = bytes;
    }

    /** Tells that the matrices of the adapters have changed. */
    void changed() {
        gradients.refresh(adapters);
        for (Lora lora : adapters) {
            Tensor weight = network.multiplied().get(lora.weight());
            if (lora.hasMagnitude() && weight != null) {
                lora.norms(gradients.rowNorms(weight, lora));
            }
        }
    }

    /**
     * Takes the matrices that a file has.
     *
     * @throws TuneException if it is no adapter of these matrices
     */
    void restore(Path adapter) throws IOException {
        try (GgufFile file = GgufFile.open(adapter)) {
            for (Lora lora : adapters) {
                read(file, lora.weight() + ".lora_a", lora.a());
                read(file, lora.weight() + ".lora_b", lora.b());
                if (lora.hasMagnitude()) {
                    read(file, lora.weight() + AdapterWriter.MAGNITUDE, lora.magnitude());
                }
            }
        }
        changed();
    }

    private static void read(GgufFile file, String name, double[] target) {
        TensorInfo tensor = file.tensor(name);
        if (tensor == null || tensor.elements() != target.length) {
            throw new TuneException(
                    "expected " + target.length + " numbers in the adapter for " + name);
        }
        float[] values = new float[target.length];
        BlockCodec.of(tensor.type()).decode(file.data(tensor), 0, values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
            target[i] = values[i];
        }
    }

    /** Begins to evaluate texts from which nothing is learnt. */
    Network.Pass begin(List<int[]> texts, List<int[]> outputs) {
        tape.begin(0, 0, 0);
        return network.begin(texts, outputs);
    }

    /** The scores of the rows that a pass gives, after which all else of it is forgotten. */
    float[][] scores(Network.Pass pass) {
        Kernels kernels = gradients.kernels();
        Tensor scores = pass.logits(pass.hidden());
        float[][] rows = new float[scores.rows()][scores.columns()];
        for (int t = 0; t < rows.length; t++) {
            kernels.download(scores, t, rows[t]);
        }
        tape.recording().clear();
        return rows;
    }

    /** The losses of texts, which are evaluated together. */
    Losses losses(List<Sample> texts) {
        return run(texts, 0, 0, 0);
    }

    /**
     * Adds the gradients for some texts, which are evaluated together, to those of the adapters.
     *
     * @param weight of each learnt token: one over all learnt tokens of the step
     * @param dropout probability of an element of an adapter's input to be dropped
     * @param seed of the dropout
     */
    Losses learn(List<Sample> texts, double weight, double dropout, long seed) {
        return run(texts, weight, dropout, seed);
    }

    private Losses run(List<Sample> texts, double weight, double dropout, long seed) {
        Recording recording = tape.recording();
        tape.begin(dropout, seed, weight == 0 ? 0 : room);
        List<int[]> inputs = texts.stream().map(Sample::inputs).toList();
        List<int[]> rows = texts.stream().map(Sample::rows).toList();
        int[] targets = targets(texts);
        double[] losses = new double[targets.length];
        try (Network.Pass pass = network.begin(inputs, rows)) {
            Tensor hidden = pass.hidden(); // [targets, embedding]
            for (int from = 0; from < targets.length; from += CHUNK) {
                int count = Math.min(CHUNK, targets.length - from);
                chunk(pass, hidden, from, count, targets, weight, losses);
            }
            if (weight != 0) {
                recording.backward();
            }
        } catch (UnsupportedOperationException e) {
            throw notBuilt(network.architecture(), e);
        } finally {
            recording.clear();
        }
        return perText(texts, losses);
    }

    /** Losses of some rows; with a weight, what they mean for the hidden state is noted. */
    private void chunk(
            Network.Pass pass,
            Tensor hidden,
            int from,
            int count,
            int[] targets,
            double weight,
            double[] losses) {
        Recording recording = tape.recording();
        int mark = recording.mark();
        int[] rows = new int[count];
        int[] mine = new int[count];
        for (int i = 0; i < count; i++) {
            rows[i] = from + i;
            mine[i] = targets[from + i];
        }
        Tensor part = tape.rows(hidden, rows);
        if (weight != 0) {
            recording.want(part);
        }
        Tensor scores = pass.logits(part); // [count, vocabulary]
        double[] sums = new double[count];
        Tensor g = gradients.crossEntropy(scores, mine, weight, sums);
        System.arraycopy(sums, 0, losses, from, count);
        if (weight != 0 && recording.follows(hidden)) {
            recording.seed(scores, g);
            recording.backwardTo(mark);
        } else {
            recording.forgetTo(mark);
        }
    }

    private static int[] targets(List<Sample> texts) {
        return texts.stream()
                .flatMapToInt(text -> {
                    int[] rows = text.rows();
                    for (int i = 0; i < rows.length; i++) {
                        rows[i] = text.tokens()[rows[i] + 1];
                    }
                    return Arrays.stream(rows);
                })
                .toArray();
    }

    private static Losses perText(List<Sample> texts, double[] losses) {
        double[] sums = new double[texts.size()];
        int[] counts = new int[texts.size()];
        int at = 0;
        for (int i = 0; i < sums.length; i++) {
            counts[i] = texts.get(i).targets();
            for (int j = 0; j < counts[i]; j++) {
                sums[i] += losses[at++];
            }
        }
        return new Losses(sums, counts);
    }

    @Override
    public void close() {
        network.close();
        tape.close();
    }
}
