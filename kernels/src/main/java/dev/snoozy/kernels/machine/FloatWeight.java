package dev.snoozy.kernels.machine;

import dev.snoozy.format.TensorType;
import dev.snoozy.kernels.ThreadTeam;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A weight {@code [out, in]} of floats in groups of sixteen rows; see {@link FloatCode}.
 *
 * @param memory all groups; rows beyond the last are zero
 */
record FloatWeight(TensorType type, int out, int in, MemorySegment memory) {
    private static final int ROWS = Format16.ROWS;

    /** Packs a weight, in parallel. */
    static FloatWeight of(
            TensorType type,
            int out,
            int in,
            MemorySegment rows,
            ThreadTeam team,
            WeightMemory where) {
        int groups = (out + ROWS - 1) / ROWS;
        FloatWeight shape = new FloatWeight(type, out, in, MemorySegment.NULL);
        MemorySegment memory = where.allocate(groups * shape.groupBytes());
        FloatWeight weight = new FloatWeight(type, out, in, memory);
        team.run(groups, (group, member) -> weight.pack(group, rows));
        return weight;
    }

    private void pack(int group, MemorySegment rows) {
        long at = group * groupBytes();
        int first = group * ROWS;
        int count = Math.min(ROWS, out - first);
        for (int r = 0; r < count; r++) {
            long from = (long) (first + r) * in;
            for (int k = 0; k < in; k++) {
                long to = (long) k * ROWS + r;
                if (type == TensorType.F32) {
                    int bits = rows.get(ValueLayout.JAVA_INT_UNALIGNED, (from + k) * 4);
                    memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + to * 4, bits);
                } else {
                    short bits = rows.get(ValueLayout.JAVA_SHORT_UNALIGNED, (from + k) * 2);
                    memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + to * 2, bits);
                }
            }
        }
    }

    /** Steps of the loop along a row. */
    int steps() {
        return (in + FloatCode.STEP - 1) / FloatCode.STEP;
    }

    /** Groups of sixteen rows, the last of which may have fewer. */
    int groups() {
        return (out + ROWS - 1) / ROWS;
    }

    /** Bytes of a group. */
    long groupBytes() {
        return (long) steps() * FloatCode.STEP * ROWS * type.bytesPerBlock();
    }

    /** Some groups one after another. */
    MemorySegment groups(int from, int count) {
        return memory.asSlice(from * groupBytes(), count * groupBytes());
    }
}
