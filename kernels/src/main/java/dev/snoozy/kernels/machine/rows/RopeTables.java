package dev.snoozy.kernels.machine.rows;

import dev.snoozy.kernels.Rope;
import dev.snoozy.kernels.Rope.Pairing;
import dev.snoozy.kernels.machine.memory.NativeBuffers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Cosines and sines of the present batch, as {@link RopeCode} reads them: every layer turns by the
 * same angles. Used by one thread; closed by its owner.
 */
public final class RopeTables implements AutoCloseable {
    private final NativeBuffers buffers = new NativeBuffers();
    private final Map<int[], Map<Rope, MemorySegment>> tables = new IdentityHashMap<>();

    /** The table of some positions, {@code [positions, 2, 2 * pairs]}. */
    public MemorySegment of(Rope rope, int[] positions) {
        return tables.computeIfAbsent(positions, p -> new IdentityHashMap<>())
                .computeIfAbsent(rope, r -> table(r, positions));
    }

    /** Forgets the batch. */
    public void forget() {
        tables.clear();
        buffers.recycle();
    }

    private MemorySegment table(Rope rope, int[] positions) {
        float[] frequencies = rope.frequencies();
        int pairs = frequencies.length;
        float[] row = new float[4 * pairs];
        long bytes = (long) row.length * Float.BYTES;
        MemorySegment table = buffers.lend(positions.length * bytes);
        boolean adjacent = rope.pairing() == Pairing.ADJACENT;
        for (int t = 0; t < positions.length; t++) {
            for (int i = 0; i < pairs; i++) {
                double angle = (double) positions[t] * frequencies[i];
                float cos = (float) (Math.cos(angle) * rope.magnitude());
                float sin = (float) (Math.sin(angle) * rope.magnitude());
                int first = adjacent ? 2 * i : i;
                int second = adjacent ? first + 1 : i + pairs;
                row[first] = cos;
                row[second] = cos;
                row[2 * pairs + first] = -sin;
                row[2 * pairs + second] = sin;
            }
            MemorySegment.copy(row, 0, table, ValueLayout.JAVA_FLOAT, t * bytes, row.length);
        }
        return table;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
