package dev.snoozy.kernels;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.scalar.Router;
import dev.snoozy.kernels.scalar.Rows;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Other kernels, with somebody who sees the inputs of their products, or who exchanges weights
 * while a model runs. Results are those of the other kernels; but a mixture of experts is computed
 * as one product for each expert, whose inputs can be seen, so that its sums may be rounded
 * otherwise. Where nobody observes, nothing of this is in the way.
 */
public final class ObservedKernels extends ForwardingKernels {
    private final Kernels kernels;
    private final @Nullable ProductObserver observer;
    private final Map<Tensor, String> names = new IdentityHashMap<>();
    private final Map<String, Tensor> weights = new HashMap<>();

    /** What stands in for a weight at the moment. */
    private final Map<Tensor, Tensor> exchanged = new IdentityHashMap<>();

    /** The matrices {@code [experts, out, in]} of a mixture, each a weight of its own. */
    private record Mixture(TensorType type, int rows, int columns, List<Tensor> experts)
            implements Tensor {}

    /**
     * Observes kernels, which are closed with these.
     *
     * @param observer null if nobody wants to see inputs
     */
    public ObservedKernels(Kernels kernels, @Nullable ProductObserver observer) {
        super(kernels);
        this.kernels = kernels;
        this.observer = observer;
    }

    /** Says what the weights are called; products with others are not told. */
    public void name(Map<String, Tensor> named) {
        weights.putAll(named);
        named.forEach((name, weight) -> names.put(weight, name));
    }

    /**
     * Computes with other blocks in the place of a weight, until {@link #restore}. They are neither
     * copied nor packed, and must stay until then.
     *
     * @throws IllegalArgumentException if no weight has that name
     */
    public void exchange(String name, TensorType type, MemorySegment blocks) {
        Tensor weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("the model computes with no weight " + name);
        }
        long[] shape = {weight.rows(), weight.columns()};
        if (weight instanceof Mixture mixture) {
            long experts = mixture.experts().size();
            shape = new long[] {experts, weight.rows() / experts, weight.columns()};
        }
        Tensor other = weight(type, shape, blocks);
        leaveMapped(List.of(other), "it stands in for another");
        exchanged.put(weight, other);
    }

    /** Computes with the weights themselves again. */
    public void restore() {
        exchanged.clear();
    }

    /** The weight, or what stands in for it. */
    private Tensor current(Tensor weight) {
        return exchanged.getOrDefault(weight, weight);
    }

    private void observe(Tensor x, Tensor weight, int matrix) {
        String name = names.get(weight);
        if (name == null || observer == null) {
            return;
        }
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            kernels.download(x, t, row);
            observer.multiplied(name, matrix, row);
        }
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        observe(x, weight, 0);
        return kernels.linear(x, current(weight), bias);
    }

    @Override
    public Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        Tensor[] current = new Tensor[weights.length];
        for (int i = 0; i < current.length; i++) {
            observe(x, weights[i], 0);
            current[i] = current(weights[i]);
        }
        return kernels.linearAll(x, current, biases);
    }

    @Override
    public Tensor experts(
            Tensor x,
            Tensor router,
            RouterSpec spec,
            Tensor gate,
            Tensor up,
            Tensor down,
            Activation activation) {
        int[] chosen = new int[x.rows() * spec.used()];
        float[] shares = new float[chosen.length];
        Rows scores = download(router);
        for (int t = 0; t < x.rows(); t++) {
            Router.choose(scores, t, spec, chosen, shares);
        }
        // What each choice of each row gives, to be summed in the order of choice.
        float[][] parts = new float[chosen.length][];
        for (int e = 0; e < mixture(gate).experts().size(); e++) {
            List<Integer> choices = new ArrayList<>();
            for (int i = 0; i < chosen.length; i++) {
                if (chosen[i] == e) {
                    choices.add(i);
                }
            }
            if (!choices.isEmpty()) {
                int[] rows = choices.stream().mapToInt(i -> i / spec.used()).toArray();
                Tensor mine = kernels.rows(x, rows);
                Tensor gated = product(mine, gate, e);
                Tensor hidden = kernels.gated(activation, gated, product(mine, up, e));
                Rows result = download(product(hidden, down, e));
                for (int i = 0; i < rows.length; i++) {
                    int from = result.at(i);
                    parts[choices.get(i)] =
                            Arrays.copyOfRange(result.data(), from, from + result.columns());
                }
            }
        }
        return sum(parts, shares, x);
    }

    @Override
    public Tensor expertLinear(Tensor x, int[] experts, Tensor weights) {
        float[] all =
                new float[experts.length * weights.rows() / mixture(weights).experts().size()];
        int n = all.length / Math.max(1, experts.length);
        for (int e = 0; e < mixture(weights).experts().size(); e++) {
            int expert = e;
            int[] rows =
                    IntStream.range(0, experts.length).filter(r -> experts[r] == expert).toArray();
            if (rows.length > 0) {
                float[] own = downloadAll(product(kernels.rows(x, rows), weights, e));
                for (int i = 0; i < rows.length; i++) {
                    System.arraycopy(own, i * n, all, rows[i] * n, n);
                }
            }
        }
        return kernels.upload(all, experts.length, n);
    }

    private Tensor product(Tensor x, Tensor mixture, int expert) {
        observe(x, mixture, expert);
        return kernels.linear(x, mixture(current(mixture)).experts().get(expert), null);
    }

    private Tensor sum(float[][] parts, float[] shares, Tensor x) {
        int used = parts.length / Math.max(1, x.rows());
        int n = x.columns();
        float[] sums = new float[x.rows() * n];
        for (int i = 0; i < parts.length; i++) {
            for (int j = 0; j < n; j++) {
                sums[i / used * n + j] += shares[i] * parts[i][j];
            }
        }
        return kernels.upload(sums, x.rows(), n);
    }

    private Rows download(Tensor x) {
        float[] all = new float[x.rows() * x.columns()];
        float[] row = new float[x.columns()];
        for (int t = 0; t < x.rows(); t++) {
            kernels.download(x, t, row);
            System.arraycopy(row, 0, all, t * row.length, row.length);
        }
        return new Rows(all, x.rows(), x.columns());
    }

    private static Mixture mixture(Tensor weight) {
        if (weight instanceof Mixture mixture) {
            return mixture;
        }
        throw new IllegalArgumentException(
                "expected the matrices of several experts, found one of "
                        + weight.rows()
                        + " rows");
    }

    @Override
    public Tensor weight(TensorType type, long[] shape, MemorySegment blocks) {
        if (shape.length != 3) {
            return kernels.weight(type, shape, blocks);
        }
        long[] one = {shape[1], shape[2]};
        long bytes = type.bytes(Math.multiplyExact(one[0], one[1]));
        List<Tensor> experts = new ArrayList<>();
        for (long e = 0; e < shape[0]; e++) {
            experts.add(kernels.weight(type, one, blocks.asSlice(e * bytes, bytes)));
        }
        int rows = Math.toIntExact(Math.multiplyExact(shape[0], shape[1]));
        return new Mixture(type, rows, Math.toIntExact(shape[2]), List.copyOf(experts));
    }

    @Override
    public void pack(Collection<Tensor> weights, LongConsumer done) {
        kernels.pack(apart(weights), done);
    }

    @Override
    public void leaveMapped(Collection<Tensor> weights, String why) {
        kernels.leaveMapped(apart(weights), why);
    }

    @Override
    public void packApart(Collection<Tensor> weights, boolean wanted) {
        kernels.packApart(apart(weights), wanted);
    }

    /** Every matrix by itself. */
    private static List<Tensor> apart(Collection<Tensor> weights) {
        List<Tensor> all = new ArrayList<>();
        for (Tensor weight : weights) {
            if (weight instanceof Mixture mixture) {
                all.addAll(mixture.experts());
            } else {
                all.add(weight);
            }
        }
        return all;
    }

    /** Whoever observes wants to see what was asked for, and nothing else. */
    @Override
    public boolean warmUpPays() {
        return false;
    }

    @Override
    public String description() {
        return kernels.description() + ", observed";
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        return kernels.embed(current(table), ids);
    }

    @Override
    public Tensor linearBackward(Tensor g, Tensor weight) {
        return kernels.linearBackward(g, current(weight));
    }
}
