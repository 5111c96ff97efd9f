package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.Activation;
import dev.snoozy.kernels.RouterSpec;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.PackedWeight;
import dev.snoozy.kernels.machine.products.MachineGate;
import dev.snoozy.kernels.machine.products.MachineProducts;
import dev.snoozy.kernels.machine.products.MachineProducts.Product;
import dev.snoozy.kernels.machine.rows.MachineRows;
import dev.snoozy.kernels.scalar.Router;
import dev.snoozy.kernels.scalar.Rows;

import java.util.ArrayList;
import java.util.List;

/**
 * A mixture of experts over packed weights: the rows that chose an expert are gathered and go
 * through it together, and all experts go together through each of the three products. Each row
 * then adds up its experts in the order of choice, so that a result does not depend on the rows
 * beside it. Used by one thread at a time.
 */
final class MachineExperts {
    private final MachineProducts products;
    private final MachineRows rows;
    private final MachineGate gates;
    private final NativeBuffers buffers;

    MachineExperts(
            MachineProducts products, MachineRows rows, MachineGate gates, NativeBuffers buffers) {
        this.products = products;
        this.rows = rows;
        this.gates = gates;
        this.buffers = buffers;
    }

    /** Some rows that chose the same expert. */
    private record Group(int expert, NativeRows x, List<Integer> places) {}

    /**
     * See {@link dev.snoozy.kernels.Kernels#experts}.
     *
     * @param scores {@code [rows, experts]}, before soft-max
     * @param gate of each expert, as {@code up} and {@code down}
     */
    NativeRows apply(
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
        List<NativeRows> gated = multiply(groups, gate, up, activation);
        List<Product> last = new ArrayList<>();
        for (int i = 0; i < gated.size(); i++) {
            PackedWeight w = down.get(groups.get(i).expert());
            NativeRows hidden = gated.get(i);
            last.add(new Product(hidden, w, buffers.rows(hidden.rows(), w.out())));
        }
        products.multiply(last);
        NativeRows[] outputs = new NativeRows[chosen.length]; // one row for each choice
        for (int i = 0; i < last.size(); i++) {
            List<Integer> places = groups.get(i).places();
            for (int row = 0; row < places.size(); row++) {
                outputs[places.get(row)] = last.get(i).y().row(row);
            }
        }
        NativeRows y = buffers.rows(x.rows(), down.getFirst().out());
        y.rows(0, y.rows()).fill((byte) 0);
        for (int place = 0; place < outputs.length; place++) {
            rows.multiplyAdd(weights[place], outputs[place], y.row(place / used));
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
        for (int e = 0; e < experts; e++) {
            List<Integer> mine = places.get(e);
            if (!mine.isEmpty()) {
                NativeRows gathered = buffers.rows(mine.size(), x.columns());
                for (int row = 0; row < mine.size(); row++) {
                    gathered.rows(row, 1).copyFrom(x.rows(mine.get(row) / used, 1));
                }
                groups.add(new Group(e, gathered, mine));
            }
        }
        return groups;
    }

    /** {@code activation(gate x) * (up x)} of each group. */
    private List<NativeRows> multiply(
            List<Group> groups,
            List<PackedWeight> gate,
            List<PackedWeight> up,
            Activation activation) {
        List<Product> both = new ArrayList<>();
        for (Group group : groups) {
            for (List<PackedWeight> weights : List.of(gate, up)) {
                PackedWeight w = weights.get(group.expert());
                both.add(new Product(group.x(), w, buffers.rows(group.x().rows(), w.out())));
            }
        }
        products.multiply(both);
        List<NativeRows> gated = new ArrayList<>();
        for (int i = 0; i < both.size(); i += 2) {
            NativeRows g = both.get(i).y();
            NativeRows hidden = buffers.rows(g.rows(), g.columns());
            gates.multiply(activation, g, both.get(i + 1).y(), hidden);
            gated.add(hidden);
        }
        return gated;
    }
}
