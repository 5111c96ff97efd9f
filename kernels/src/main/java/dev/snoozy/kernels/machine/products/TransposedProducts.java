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

    /** Rows of the weight that are decoded at a time: a part of {@link Kernels#BACKWARD_RUN}. */
    private static final int DECODED = 512;

    /** Rows that a member decodes at once, so that what it writes is no crumbs. */
    private static final int ROWS = FloatFormat.STEP;

    private final ThreadTeam team;
    private final FloatProducts products;
    private final MachineRows rows;
    private final NativeBuffers buffers;
    private final Member[] members;
    private @Nullable Arena arena;
    private MemorySegment scratch = MemorySegment.NULL;

    /** Products on a team; what is given stays with its owner. */
    public TransposedProducts(
            ThreadTeam team, FloatProducts products, MachineRows rows, NativeBuffers buffers) {
        this.team = team;
        this.products = products;
        this.rows = rows;
        this.buffers = buffers;
        members = new Member[team.size()];
        Arrays.setAll(members, i -> new Member());
    }

    /** What a member of the team works with. */
    private static final class Member {
        private float[] row = {};
        private float[] panel = {}; // [groups, ROWS, LANES]
    }

    /** {@code g [tokens, out]} by {@code w [out, in]} → {@code [tokens, in]}. */
    public NativeRows multiply(NativeRows g, Weight w) {
        NativeRows sum = null;
        for (int from = 0; from < w.out(); from += Kernels.BACKWARD_RUN) {
            NativeRows y = run(g, w, from, Math.min(w.out(), from + Kernels.BACKWARD_RUN));
            if (sum != null) {
                NativeRows both = buffers.rows(g.rows(), w.in());
                rows.add(sum, y, both);
                y = both;
            }
            sum = y;
        }
        return sum == null ? buffers.rows(0, w.in()) : sum;
    }

    /** The sum over some rows of the weight. */
    private NativeRows run(NativeRows g, Weight w, int first, int end) {
        NativeRows y = buffers.rows(g.rows(), w.in());
        for (int from = first; from < end; from += DECODED) {
            int count = Math.min(DECODED, end - from);
            NativeRows part = columns(g, from, count);
            FloatWeight decoded = decode(w, from, count);
            if (from == first) {
                products.multiply(part, decoded, y);
            } else {
                products.goOn(part, decoded, y);
            }
        }
        return y;
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
                padded / ROWS,
                (item, member) -> {
                    Member m = members[member];
                    if (m.row.length != groups * LANES) {
                        m.row = new float[groups * LANES]; // zeros past the last column
                        m.panel = new float[groups * LANES * ROWS];
                    }
                    for (int r = 0; r < ROWS; r++) {
                        if (item * ROWS + r < count) {
                            w.lookUp(from + item * ROWS + r, m.row);
                        } else {
                            Arrays.fill(m.row, 0f);
                        }
                        for (int group = 0; group < groups; group++) {
                            int at = (group * ROWS + r) * LANES;
                            System.arraycopy(m.row, group * LANES, m.panel, at, LANES);
                        }
                    }
                    int floats = ROWS * LANES;
                    for (int group = 0; group < groups; group++) {
                        long at = ((long) group * padded + (long) item * ROWS) * VECTOR;
                        MemorySegment.copy(
                                m.panel,
                                group * floats,
                                target,
                                ValueLayout.JAVA_FLOAT,
                                at,
                                floats);
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
