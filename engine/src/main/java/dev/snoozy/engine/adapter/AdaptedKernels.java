package dev.snoozy.engine.adapter;

import dev.snoozy.kernels.ForwardingKernels;
import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kernels for one batch, some of whose texts have adapters: the deltas of a product are computed
 * for the rows of each set of adapters, and added after it, adapter by adapter. Rows are
 * independent of each other, so a text gets the same bits however the batch is put together.
 */
public final class AdaptedKernels extends ForwardingKernels {
    private final Kernels kernels;
    private final int all;
    private final List<Group> inAll = new ArrayList<>();
    private final List<Group> inOutputs = new ArrayList<>();

    /** The rows that have a set of adapters in common. */
    private record Group(AdapterSet set, int[] rows, boolean everything) {}

    private AdaptedKernels(Kernels kernels, AdapterSet[] sets, int[] outputs) {
        super(kernels);
        this.kernels = kernels;
        all = sets.length;
        AdapterSet[] ofOutputs = new AdapterSet[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            ofOutputs[i] = sets[outputs[i]];
        }
        group(sets, inAll);
        group(ofOutputs, inOutputs);
    }

    /**
     * Kernels for a batch.
     *
     * @param sets the adapters of each row
     * @param outputs the rows that go through the last layers, ascending
     */
    public static Kernels of(Kernels kernels, AdapterSet[] sets, int[] outputs) {
        for (AdapterSet set : sets) {
            if (!set.isEmpty()) {
                return new AdaptedKernels(kernels, sets, outputs);
            }
        }
        return kernels;
    }

    private static void group(AdapterSet[] sets, List<Group> groups) {
        Map<AdapterSet, List<Integer>> rows = new LinkedHashMap<>();
        for (int i = 0; i < sets.length; i++) {
            if (!sets[i].isEmpty()) {
                rows.computeIfAbsent(sets[i], set -> new ArrayList<>()).add(i);
            }
        }
        rows.forEach((set, list) -> {
            int[] indices = list.stream().mapToInt(Integer::intValue).toArray();
            groups.add(new Group(set, indices, indices.length == sets.length));
        });
    }

    @Override
    public Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return adapted(kernels.linear(x, weight, bias), x, weight);
    }

    @Override
    public Tensor[] linearAll(Tensor x, Tensor[] weights, @Nullable Tensor[] biases) {
        Tensor[] results = kernels.linearAll(x, weights, biases);
        for (int i = 0; i < results.length; i++) {
            results[i] = adapted(results[i], x, weights[i]);
        }
        return results;
    }

    /** Adds the deltas of a weight to its product with x. */
    private Tensor adapted(Tensor product, Tensor x, Tensor weight) {
        Tensor y = product;
        for (Group group : x.rows() == all ? inAll : inOutputs) {
            Tensor mine = x;
            for (AdapterSet.Use use : group.set().uses()) {
                AdapterWeights.Delta delta = use.weights().delta(weight);
                if (delta != null) {
                    boolean part = mine == x && !group.everything();
                    mine = part ? kernels.rows(x, group.rows()) : mine;
                    Tensor inner = kernels.linear(mine, delta.a(), null); // [rows, rank]
                    y = added(y, group, kernels.linear(inner, delta.b(), null), use.factor());
                }
            }
        }
        return y;
    }

    @Override
    public Tensor embed(Tensor table, int[] ids) {
        Tensor y = kernels.embed(table, ids);
        for (Group group : ids.length == all ? inAll : inOutputs) {
            for (AdapterSet.Use use : group.set().uses()) {
                AdapterWeights.Delta delta = use.weights().delta(table);
                if (delta != null) {
                    int[] mine = new int[group.rows().length];
                    for (int i = 0; i < mine.length; i++) {
                        mine[i] = ids[group.rows()[i]];
                    }
                    Tensor inner = kernels.embed(delta.a(), mine); // [rows, rank]
                    y = added(y, group, kernels.linear(inner, delta.b(), null), use.factor());
                }
            }
        }
        return y;
    }

    private Tensor added(Tensor y, Group group, Tensor delta, float factor) {
        Tensor scaled = kernels.scale(delta, factor);
        return group.everything()
                ? kernels.add(y, scaled)
                : kernels.addRows(y, group.rows(), scaled);
    }
}
