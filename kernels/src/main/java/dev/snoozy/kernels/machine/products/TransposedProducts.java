package dev.snoozy.kernels.machine.products;

import dev.snoozy.kernels.Kernels;
import dev.snoozy.kernels.ThreadTeam;
import dev.snoozy.kernels.machine.memory.NativeBuffers;
import dev.snoozy.kernels.machine.memory.NativeRows;
import dev.snoozy.kernels.machine.packing.FloatFormat;
import dev.snoozy.kernels.machine.packing.FloatWeight;
import dev.snoozy.kernels.machine.packing.Format16;
import dev.snoozy.kernels.machine.rows.MachineRows;
import dev.snoozy.kernels.scalar.Weight;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Products of gradients with transposed weights. A run of the weight's rows is decoded to F32 in
 * the order in which the kernels for floats read a weight: sixteen columns of a row lie beside each
 * other in its file, as sixteen rows of the transposed weight do in packed memory, so nothing has
 * to be turned. Used by one thread at a time; closed by its owner.
 */
public final class TransposedProducts implements AutoCloseable {
    private static final int LANES = Format16.ROWS;
    private static final long VECTOR = (long) LANES * Float.BYTES;

    private final ThreadTeam team;
    private final FloatProducts products;
    private final MachineRows rows;
    private final NativeBuffers buffers;
    private final float[][] decoded;
    private @Nullable Arena arena;
    private MemorySegment scratch = MemorySegment.NULL;

    /** Products on a team; what is given stays with its owner. */
    public TransposedProducts(
            ThreadTeam team, FloatProducts products, MachineRows rows, NativeBuffers buffers) {
        this.team = team;
        this.products = products;
        this.rows = rows;
        this.buffers = buffers;
        decoded = new float[team.size()][0];
    }

    /** {@code g [tokens, out]} by {@code w [out, in]} → {@code [tokens, in]}. */
    public NativeRows multiply(NativeRows g, Weight w) {
        NativeRows sum = null;
        for (int from = 0; from < w.out(); from += Kernels.BACKWARD_RUN) {
            int count = Math.min(Kernels.BACKWARD_RUN, w.out() - from);
            NativeRows y = buffers.rows(g.rows(), w.in());
            products.multiply(columns(g, from, count), decode(w, from, count), y);
            if (sum != null) {
                NativeRows both = buffers.rows(g.rows(), w.in());
                rows.add(sum, y, both);
                y = both;
            }
            sum = y;
        }
        return sum == null ? buffers.rows(0, w.in()) : sum;
    }

    private NativeRows columns(NativeRows g, int from, int count) {
        if (count == g.columns()) {
            return g;
        }
        NativeRows part = buffers.rows(g.rows(), count);
        long bytes = (long) count * Float.BYTES;
        for (int t = 0; t < g.rows(); t++) {
            long at = g.at(t) + (long) from * Float.BYTES;
            MemorySegment.copy(g.data(), at, part.data(), part.at(t), bytes);
        }
        return part;
    }

    /** Rows {@code from ..} of a weight {@code [out, in]} as the weight {@code [in, count]}. */
    private FloatWeight decode(Weight w, int from, int count) {
        int n = w.in();
        int groups = (n + LANES - 1) / LANES;
        int padded = (count + FloatFormat.STEP - 1) / FloatFormat.STEP * FloatFormat.STEP;
        MemorySegment target = scratch((long) groups * padded * VECTOR);
        team.run(
                padded,
                (r, member) -> {
                    if (decoded[member].length != groups * LANES) {
                        decoded[member] = new float[groups * LANES]; // zeros past the last column
                    }
                    float[] row = decoded[member];
                    if (r < count) {
                        w.lookUp(from + r, row);
                    } else {
                        Arrays.fill(row, 0f);
                    }
                    for (int group = 0; group < groups; group++) {
                        long at = ((long) group * padded + r) * VECTOR;
                        MemorySegment.copy(
                                row, group * LANES, target, ValueLayout.JAVA_FLOAT, at, LANES);
                    }
                });
        return new FloatWeight.Resident(FloatFormat.F32, n, count, target);
    }

    private MemorySegment scratch(long bytes) {
        if (scratch.byteSize() < bytes) {
            close();
            arena = Arena.ofShared();
            scratch = arena.allocate(bytes, VECTOR);
        }
        return scratch;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
            arena = null;
        }
        scratch = MemorySegment.NULL;
    }
}
