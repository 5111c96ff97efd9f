package dev.snoozy.kernels.machine.packing;

import java.lang.foreign.MemorySegment;

/**
 * A quantized weight {@code [out, in]} as products read it: units of groups of sixteen rows, those
 * beyond the last row zero. Immutable; any number of threads may read it, each with a scratch of
 * its own.
 */
public sealed interface PackedWeight {
    Format16 format();

    int out();

    int in();

    /** Some groups one after another, until the scratch is used again. */
    MemorySegment groups(int from, int count, PackScratch scratch);

    /** Groups of sixteen rows, the last of which may have fewer. */
    default int groups() {
        return (out() + Format16.ROWS - 1) / Format16.ROWS;
    }

    /** Units along a row. */
    default int units() {
        return format().units(in());
    }

    /**
     * A weight that was packed once.
     *
     * @param memory all groups
     */
    record Resident(Format16 format, int out, int in, MemorySegment memory)
            implements PackedWeight {
        @Override
        public MemorySegment groups(int from, int count, PackScratch scratch) {
            return memory.asSlice(from * format.groupBytes(in), count * format.groupBytes(in));
        }
    }

    /**
     * A weight that stays in the blocks of its file; what a product reads of it is packed at that
     * moment. The units are the same, and so are the results.
     *
     * @param blocks as they lie in the file, row after row
     */
    record Mapped(Format16 format, int out, int in, MemorySegment blocks) implements PackedWeight {
        @Override
        public MemorySegment groups(int from, int count, PackScratch scratch) {
            MemorySegment target = scratch.memory(count * format.groupBytes(in));
            UnitPacker packer = scratch.packer(format);
            for (int g = 0; g < count; g++) {
                long to = g * format.groupBytes(in);
                packer.pack(from + g, out, in, 0, units(), blocks, target, to);
            }
            return target;
        }
    }
}
