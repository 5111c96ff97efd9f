package dev.snoozy.kernels.machine;

import static dev.snoozy.kernels.scalar.ScalarKernels.require;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.PerformanceCliff;
import dev.snoozy.kernels.Precision;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.Tensor;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.PackedWeight;
import dev.snoozy.kernels.machine.packing.PackedWeights;
import dev.snoozy.kernels.machine.products.MachineGate;
import dev.snoozy.kernels.machine.products.MachineProducts;
import dev.snoozy.kernels.machine.products.MachineProducts.Product;
import dev.snoozy.kernels.machine.rows.MachineRows;
import dev.snoozy.kernels.scalar.Router;
import dev.snoozy.kernels.scalar.Rows;
import dev.snoozy.kernels.scalar.ScalarKernels;
import dev.snoozy.kernels.scalar.Weight;

import java.util.ArrayList;
import java.util.List;

/**
 * A mixture of experts over packed weights: the rows that chose an expert are gathered beside each
 * other and go through it together, and all experts go together through each of the three products.
 * Each row then adds up its experts in the order of choice, so that a result does not depend on the
 * rows beside it. Used by one thread at a time.
 */
final class MachineExperts {
    private final MachineProducts products;
    private final MachineRows rows;
    private final MachineGate gates;
    private final NativeBuffers buffers;
    private final PackedWeights weights;
    private final ScalarKernels plain;
    private final Precision precision;

    MachineExperts(
            MachineProducts products,
            MachineRows rows,
            MachineGate gates,
            NativeBuffers buffers,
            PackedWeights weights,
            ScalarKernels plain,
            Precision precision) {
        this.products = products;
        this.rows = rows;
        this.gates = gates;
        this.buffers = buffers;
        this.weights = weights;
        this.plain = plain;
        this.precision = precision;
    }

    /**
     * Some rows that chose the same expert.
     *
     * @param first where they stand among the rows of all groups
     */
    private record Group(int expert, int first, NativeRows x, List<Integer> places) {
        /** Its part of what there is of all groups. */
        NativeRows of(NativeRows all) {
            return all.part(first, places.size());
        }
    }

    /** See {@link dev.snoozy.kernels.Kernels#experts}. */
    NativeRows apply(
            NativeRows x,
            NativeRows router,
            RouterSpec spec,
            Weight gate,
            Weight up,
            Weight down,
            Activation activation) {
        Rows scores = HeapCopies.of(router, plain);
        if (!hasCodes(gate) || !hasCodes(up) || !hasCodes(down)) {
            Rows in = HeapCopies.of(x, plain);
            Tensor y = plain.experts(in, scores, spec, gate, up, down, activation);
            return HeapCopies.back(y, buffers);
        }
        require(x.columns() == gate.in() && x.columns() == up.in(), "experts", x, gate);
        require(up.out() == gate.out() && down.in() == gate.out(), "experts", up, down);
        boolean scored = scores.columns() == gate.experts() && scores.rows() == x.rows();
        require(scored, "experts", scores, gate);
        return apply(x, scores, spec, packed(gate), packed(up), packed(down), activation);
    }

    /** Whether products with a weight go through kernels for codes; if not, it is told. */
    private boolean hasCodes(Weight w) {
        boolean has = MachineMemory.hasCodes(precision, w.type());
        if (!has) {
            plain.cliffs().report(PerformanceCliff.SCALAR_EXPERTS, w.type().name());
        }
        return has;
    }

    /** The packed weights of all experts. */
    private List<PackedWeight> packed(Weight w) {
        return weights.experts(w).stream().map(weights::units).toList();
    }

    private NativeRows apply(
            NativeRows x,
            Rows scores,
            RouterSpec spec,
            List<PackedWeight> gate,
            List<PackedWeight> up,
            List<PackedWeight> down,
            Activation activation) {
        int used = spec.used();
        int[] chosen = new int[x.rows() * used];
        float[] weights = new float[x.rows() * used];
        for (int t = 0; t < x.rows(); t++) {
            Router.choose(scores, t, spec, chosen, weights);
        }
        List<Group> groups = gather(x, used, chosen, gate.size());
        NativeRows hidden = gated(groups, chosen.length, gate, up, activation);
        NativeRows all = multiply(groups, hidden, down);
        NativeRows[] outputs = new NativeRows[chosen.length]; // one row for each choice
        for (Group group : groups) {
            for (int row = 0; row < group.places().size(); row++) {
                outputs[group.places().get(row)] = all.row(group.first() + row);
            }
        }
        NativeRows y = buffers.rows(x.rows(), down.getFirst().out());
        y.rows(0, y.rows()).fill((byte) 0);
        for (int place = 0; place < outputs.length; place++) {
            rows.multiplyAdd(weights[place], outputs[place], y.row(place / used));
        }
        return y;
    }

    /** See {@link dev.snoozy.kernels.Kernels#expertLinear}. */
    NativeRows each(NativeRows x, int[] chosen, Weight w) {
        require(x.columns() == w.in() && x.rows() == chosen.length, "expertLinear", x, w);
        if (!hasCodes(w)) {
            Tensor y = plain.expertLinear(HeapCopies.of(x, plain), chosen, w);
            return HeapCopies.back(y, buffers);
        }
        return each(x, chosen, packed(w));
    }

    private NativeRows each(NativeRows x, int[] chosen, List<PackedWeight> weights) {
        List<Group> groups = gather(x, 1, chosen, weights.size());
        NativeRows all = buffers.rows(x.rows(), weights.getFirst().out());
        List<Product> products = new ArrayList<>();
        for (Group group : groups) {
            products.add(new Product(group.x(), weights.get(group.expert()), group.of(all)));
        }
        this.products.multiply(products);
        NativeRows y = buffers.rows(x.rows(), all.columns());
        for (Group group : groups) {
            for (int row = 0; row < group.places().size(); row++) {
                y.rows(group.places().get(row), 1).copyFrom(all.rows(group.first() + row, 1));
            }
        }
        return y;
    }

    private List<Group> gather(NativeRows x, int used, int[] chosen, int experts) {
        List<List<Integer>> places = new ArrayList<>();
        for (int e = 0; e < experts; e++) {
            places.add(new ArrayList<>());
        }
        for (int place = 0; place < chosen.length; place++) {
            places.get(chosen[place]).add(place);
        }
        List<Group> groups = new ArrayList<>();
        NativeRows all = buffers.rows(chosen.length, x.columns());
        int first = 0;
        for (int e = 0; e < experts; e++) {
            List<Integer> mine = places.get(e);
            if (!mine.isEmpty()) {
                NativeRows gathered = all.part(first, mine.size());
                for (int row = 0; row < mine.size(); row++) {
                    gathered.rows(row, 1).copyFrom(x.rows(mine.get(row) / used, 1));
                }
                groups.add(new Group(e, first, gathered, mine));
                first += mine.size();
            }
        }
        return groups;
    }

    /** {@code activation(gate x) * (up x)} of all groups. */
    private NativeRows gated(
            List<Group> groups,
            int rows,
            List<PackedWeight> gate,
            List<PackedWeight> up,
            Activation activation) {
        int columns = gate.getFirst().out();
        NativeRows left = buffers.rows(rows, columns);
        NativeRows right = buffers.rows(rows, columns);
        List<Product> both = new ArrayList<>();
        for (Group group : groups) {
            both.add(new Product(group.x(), gate.get(group.expert()), group.of(left)));
            both.add(new Product(group.x(), up.get(group.expert()), group.of(right)));
        }
        products.multiply(both);
        NativeRows hidden = buffers.rows(rows, columns);
        gates.multiply(activation, left, right, hidden);
        return hidden;
    }

    /** Each group with the weight of its expert. */
    private NativeRows multiply(List<Group> groups, NativeRows x, List<PackedWeight> weights) {
        NativeRows y = buffers.rows(x.rows(), weights.getFirst().out());
        List<Product> each = new ArrayList<>();
        for (Group group : groups) {
            each.add(new Product(group.of(x), weights.get(group.expert()), group.of(y)));
        }
        products.multiply(each);
        return y;
    }
}
