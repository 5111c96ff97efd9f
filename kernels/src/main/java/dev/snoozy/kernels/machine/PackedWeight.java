package dev.snoozy.kernels.machine;

import dev.snoozy.kernels.ThreadTeam;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A weight {@code [out, in]} in groups of sixteen rows.
 *
 * @param memory all groups; rows beyond the last are zero
 */
record PackedWeight(Format16 format, int out, int in, MemorySegment memory) {
    /**
     * Packs a weight, in parallel.
     *
     * @param blocks as they lie in the file, row after row
     * @param where the packed weight is to lie
     */
    static PackedWeight of(
            Format16 format,
            int out,
            int in,
            MemorySegment blocks,
            ThreadTeam team,
            WeightMemory where) {
        int groups = (out + Format16.ROWS - 1) / Format16.ROWS;
        MemorySegment memory = where.allocate(groups * format.groupBytes(in));
        List<UnitPacker> packers = new ArrayList<>();
        for (int member = 0; member < team.size(); member++) {
            packers.add(new UnitPacker(format));
        }
        team.run(
                groups,
                (group, member) -> packers.get(member).pack(group, out, in, blocks, memory));
        return new PackedWeight(format, out, in, memory);
    }

    /** Groups of sixteen rows, the last of which may have fewer. */
    int groups() {
        return (out + Format16.ROWS - 1) / Format16.ROWS;
    }

    /** Units along a row. */
    int units() {
        return format.units(in);
    }

    /** Units {@code from .. from + count - 1} of a group. */
    MemorySegment units(int group, int from, int count) {
        long at = group * format.groupBytes(in) + (long) from * format.unitBytes();
        return memory.asSlice(at, (long) count * format.unitBytes());
    }

    /** Some groups one after another. */
    MemorySegment groups(int from, int count) {
        return memory.asSlice(from * format.groupBytes(in), count * format.groupBytes(in));
    }
}
